"""The clock, asked of others: of time servers (RFC 5905), or else of the site's own answers."""

import socket
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from struct import unpack

from course.checkup import Finding
from mailer.checkup.judges.clocks import of_clock
from mailer.checkup.looking import could_not_be_asked
from mailer.checkup.site import SiteAway, date_of

SERVERS = (("pool.ntp.org", 123), ("time.cloudflare.com", 123))
SECONDS = 3.0
QUESTION = b"\x23" + bytes(47)
"""A client's, of version 4."""

EPOCH = datetime(1900, 1, 1, tzinfo=UTC)
WRAP = timedelta(seconds=2**32)
WHOLE_SECONDS = 1.5
"""How exact a Date header is, with the way it takes."""

Now = Callable[[], datetime]


def of_time(base_url: str, now: Now, servers: Sequence[tuple[str, int]] = SERVERS) -> Finding:
    """By the first time server that answers; by the site where none does."""
    for host, port in servers:
        try:
            ahead, within = ahead_of(host, port, now)
        except (OSError, ValueError, UnicodeError):
            continue
        return of_clock(ahead, host, within)
    try:
        date = date_of(base_url)
    except SiteAway:
        date = None
    if date is None:
        todo = "See that the system's clock service runs (`timedatectl`); time servers answer on UDP port 123."
        return could_not_be_asked("clock", "no time server answers, nor the site", todo)
    return of_clock((now() - date).total_seconds(), f"{base_url} (no time server answers)", WHOLE_SECONDS)


def ahead_of(host: str, port: int, now: Now) -> tuple[float, float]:
    """By how many seconds our clock is ahead of the server's, and how exact that is. Raises OSError, and
    ValueError for an answer that tells no time."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as talk:
        talk.settimeout(SECONDS)
        talk.connect((host, port))
        asked_at = now()
        talk.send(QUESTION)
        answer = talk.recv(512)
        heard_at = now()
    return _ahead(answer, asked_at, heard_at)


def _ahead(answer: bytes, asked_at: datetime, heard_at: datetime) -> tuple[float, float]:
    if len(answer) < 48 or answer[0] & 7 != 4 or not 0 < answer[1] < 16 or answer[0] >> 6 == 3:
        raise ValueError("no answer of a server that knows the time")
    seconds, fraction = unpack("!II", answer[40:48])
    # From 2036 on the seconds begin anew.
    theirs = EPOCH + timedelta(seconds=seconds + fraction / 2**32) + (WRAP if seconds < 2**31 else timedelta())
    way = heard_at - asked_at
    return (asked_at + way / 2 - theirs).total_seconds(), way.total_seconds() / 2
