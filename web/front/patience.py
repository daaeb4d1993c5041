"""How long the front waits, for how much, and for how many at once. Seconds, and bytes. Pure."""

HEAD = 10.0
"""From the first byte of a request to the end of its headers."""

IDLE, IDLE_PROXY = 20.0, 150.0
"""Without a byte, between two requests or before the first: browsers connect before they know what to ask. A proxy
keeps its connections to us for longer (Caddy: two minutes), and would lose a request on one that we close just
then."""

READER = 60.0
"""Until a reader takes some more of an answer. Browsers stop reading a film that is paused, and ask for the rest
of it by Range when it goes on."""

BODY_GRACE, BODY_RATE = 10.0, 2048
"""A body may take as long, and a second more for each so many bytes that have come."""

LINGER = 2.0
"""What a refused client still says is thrown away for as long, so that it reads our answer (RFC 9112, 9.6)."""

MOST_HEAD = 64 * 1024
"""Of a request's line and headers, or of what else is no body. Other servers take 8 to 64 KiB."""

MOST_CONNECTIONS = 4000
MOST_CONNECTIONS_OF_ONE = 200
"""Of one network that no trusted proxy stands before: an office with many browsers has some dozens."""

MOST_REQUESTS_OF_ONE = 200
"""Being read, worked on or answered at once. Behind a proxy a browser may ask for a hundred pictures at once."""

MOST_BODIES_OF_ONE = 30
MOST_BODY_BYTES = 2 * 1024**3
"""Of all bodies that are held at once, nearly all of it on disk."""

MOST_WAITING = 1000
"""Whole requests that wait for a thread; with more than that, none would be answered in time."""


def body_deadline(received: int) -> float:
    """Seconds after the headers by which the next bytes of a body must come, when so many have."""
    return BODY_GRACE + received / BODY_RATE
