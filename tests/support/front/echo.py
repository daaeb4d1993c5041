"""A WSGI application that says what it was asked, for servers to be compared by; and our front before it.

`python -m tests.support.front.echo PORT` serves it, in a hurry: every wait of the front is short. With
`patient` behind it, they are as they come.
"""

import json
import sys
from collections.abc import Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.exceptions import RequestEntityTooLarge

from course.addresses.networks import parse_networks
from web.front import patience
from web.front.room import Room
from web.front.serving import serve
from web.front.site import Site

TOLD = ("REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE", "REMOTE_ADDR", "SERVER_PORT")
HOW_IT_CAME = {"HTTP_TRANSFER_ENCODING"}
FILM = bytes(range(256)) * 4096 * 40


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes] | list[bytes]:
    """By its path: all that came as JSON, an empty answer, pieces without a length, a film, an error."""
    path = environ["PATH_INFO"]
    if path == "/none":
        start_response("204 No Content", [("X-Two", "a"), ("X-Two", "b")])
        return []
    if path == "/pieces":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return (str(number).encode() * 9 for number in range(9))
    if path == "/film":
        start_response("200 OK", [("Content-Type", "video/mp4"), ("Content-Length", str(len(FILM)))])
        return (FILM[at : at + 8192] for at in range(0, len(FILM), 8192))
    if path == "/late":
        return _late(start_response)
    if path == "/error":
        raise ValueError(path)
    try:
        body = environ["wsgi.input"].read()
    except RequestEntityTooLarge:
        start_response("413 Content Too Large", [("Content-Length", "0")])
        return []
    told = {name: environ.get(name, "") for name in TOLD}
    # How a body came is not told: ours is whole, and has a length.
    told |= {
        name: value for name, value in environ.items() if name.startswith("HTTP_") and name not in HOW_IT_CAME
    }
    content = json.dumps({**told, "body": body.decode("latin-1")}, sort_keys=True).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [content]


def _late(start_response: StartResponse) -> Iterator[bytes]:
    """Starts its answer only when it is asked for it."""
    start_response("418 I'm a Teapot", [("Content-Type", "text/plain")])
    yield b"short and stout"


def create_site() -> Site:
    patience.HEAD = patience.BODY_GRACE = patience.READER = patience.IDLE = 2.0
    patience.LINGER = 0.5
    patience.MOST_CONNECTIONS_OF_ONE, patience.MOST_REQUESTS_OF_ONE, patience.MOST_BODIES_OF_ONE = 8, 20, 5
    trusted = parse_networks("127.0.0.1")
    return Site(app, Room(trusted, most=60), lambda environ: "HTTP_X_MEMBER" in environ)


def create_patient_site() -> Site:
    return Site(app, Room(()), lambda environ: False)


if __name__ == "__main__":
    made = "create_patient_site" if "patient" in sys.argv else "create_site"
    serve(f"tests.support.front.echo:{made}", "127.0.0.1", int(sys.argv[1]), 1)
