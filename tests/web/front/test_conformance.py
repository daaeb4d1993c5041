"""The same requests through granian's WSGI and through our front: applications and clients see the same."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.front.talk import Told, ask, connected, hear_next, request_of
from tests.support.servers.guarded import GuardedProcess
from tests.support.servers.ports import answers_at, free_port
from web.front.refusals import Refused

pytestmark = pytest.mark.server
OURS = {"date", "server", "connection"}
"""Headers in which servers may differ."""

FORM = "Content-Type: application/x-www-form-urlencoded"
CHUNKED = "Transfer-Encoding: chunked"

REQUESTS = {
    "plain": request_of("GET", "/"),
    "query": request_of("GET", "/a/b?c=d&e=%20f+g&h=%C3%BC"),
    "empty query": request_of("GET", "/a?"),
    "percent-encoded path": request_of("GET", "/%C3%BCber%20uns/%2Fslash"),
    "path that is no UTF-8": request_of("GET", "/%ff%fe"),
    "NUL in the path": request_of("GET", "/a%00b"),
    "two slashes": request_of("GET", "//evil.example/x"),
    "dots": request_of("GET", "/a/../b/./c"),
    "absolute form": request_of("GET", "http://course.example.org/abs?x=1"),
    "HEAD": request_of("HEAD", "/head"),
    "OPTIONS": request_of("OPTIONS", "/options"),
    "DELETE": request_of("DELETE", "/x"),
    "form": request_of("POST", "/form", FORM, "Content-Length: 9", body=b"name=Ada%"),
    "empty form": request_of("POST", "/form", FORM, "Content-Length: 0"),
    "no body at all": request_of("POST", "/form", FORM),
    "chunked": request_of("POST", "/form", CHUNKED, body=b"3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"),
    "empty chunked": request_of("POST", "/form", CHUNKED, body=b"0\r\n\r\n"),
    "large": request_of("POST", "/form", "Content-Length: 200000", body=b"x" * 200_000),
    "body with GET": request_of("GET", "/get", "Content-Length: 3", body=b"abc"),
    "100-continue": request_of("POST", "/form", "Expect: 100-continue", "Content-Length: 3", body=b"abc"),
    "compressed": request_of("POST", "/x", "Content-Encoding: gzip", "Content-Length: 3", body=b"\x1f\x8b\0"),
    "headers twice": request_of("GET", "/", "X-Forwarded-For: 1.2.3.4", "X-Forwarded-For: 5.6.7.8"),
    "spaces around a value": request_of("GET", "/", "X-Spaced:   a b  "),
    "empty header": request_of("GET", "/", "X-Empty:"),
    "other hosts": request_of("GET", "/", "X-Forwarded-Host: evil.example", "Forwarded: host=evil.example"),
    "range": request_of("GET", "/", "Range: bytes=1-2", "If-None-Match: \"a\", W/\"b\""),
    "another language": request_of("GET", "/", "Upgrade: websocket", "Connection: Upgrade"),
    "no content": request_of("GET", "/none"),
    "pieces": request_of("GET", "/pieces"),
    "film": request_of("GET", "/film"),
    "film's head": request_of("HEAD", "/film"),
}  # fmt: skip

NONSENSE = {
    "no request": b"\x16\x03\x01\x02\x00 hello\r\n\r\n",
    "two lengths": request_of("POST", "/", "Content-Length: 3", "Content-Length: 4", body=b"abcd"),
    "no number": request_of("POST", "/", "Content-Length: three", body=b"abc"),
    "less than nothing": request_of("POST", "/", "Content-Length: -3", body=b"abc"),
    "length and chunks": request_of("POST", "/", "Content-Length: 3", CHUNKED, body=b"0\r\n\r\n"),
    "blank in a name": request_of("GET", "/", "X Y: z"),
    "folded": request_of("GET", "/", "X-Y: z\r\n  folded"),
    "blank before the colon": request_of("GET", "/", "Transfer-Encoding : chunked"),
    "another coding": request_of("POST", "/", "Transfer-Encoding: gzip", body=b"abc"),
    "chunked, and then not": request_of("POST", "/", "Transfer-Encoding: chunked, gzip", body=b"0\r\n\r\n"),
    "line feed in a value": b"GET / HTTP/1.1\r\nHost: a\r\nX-Y: a\rX-Forwarded-For: b\r\n\r\n",
    "broken chunk": request_of("POST", "/", CHUNKED, body=b"zz\r\nabc\r\n"),
}


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int]]:
    """Where granian and where our front listens, the same application behind both."""
    folder, theirs, ours = tmp_path_factory.mktemp("servers"), free_port(), free_port()
    granian = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--port", str(theirs)]
    commands = (
        ([*granian, "--log-level", "error", "tests.support.front.echo:app"], theirs),
        ([sys.executable, "-m", "tests.support.front.echo", str(ours)], ours),
    )
    processes: list[GuardedProcess] = []
    try:
        for command, port in commands:
            processes.append(GuardedProcess(command, folder / f"{port}.log", stop_with="TERM"))
            processes[-1].wait_until(lambda port=port: answers_at(port))  # type: ignore[misc]
        yield theirs, ours
    finally:
        for process in processes:
            process.stop()


def seen(told: Told, port: int) -> tuple[int, list[tuple[str, str]], bytes]:
    headers = [(name, value) for name, value in told.headers if name not in OURS]
    return told.status, headers, told.body.replace(str(port).encode(), b"PORT")


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_a_request_is_seen_and_answered_alike(ports: tuple[int, int], request_: bytes) -> None:
    theirs, ours = (seen(ask(port, request_), port) for port in ports)
    assert ours == theirs


@pytest.mark.parametrize("request_", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_refused_in_words(ports: tuple[int, int], request_: bytes) -> None:
    told = ask(ports[1], request_)
    assert (told.status, told.header("connection")) == (400, "close")
    assert told.header("x-content-type-options") == "nosniff"


def test_several_requests_on_one_connection_are_answered_in_their_order(ports: tuple[int, int]) -> None:
    with connected(ports[1]) as connection, connection.makefile("rb") as file:
        connection.sendall(b"".join(request_of("GET", path) for path in ("/none", "/pieces", "/late")))
        assert [hear_next(file).status for _ in range(3)] == [204, 200, 418]


def told_of(port: int, *headers: str) -> dict[str, str]:
    told: dict[str, str] = json.loads(ask(port, request_of("GET", "/", *headers)).body)
    return told


def test_cookies_on_several_lines_are_one(ports: tuple[int, int]) -> None:
    assert told_of(ports[1], "Cookie: a=1", "Cookie: b=2")["HTTP_COOKIE"] == "a=1; b=2"


def test_letters_of_the_western_alphabet_reach_the_application(ports: tuple[int, int]) -> None:
    """One byte a character, as PEP 3333 asks; granian drops the whole header."""
    assert told_of(ports[1], "X-Name: Zoë")["HTTP_X_NAME"] == "Zoë"


@pytest.mark.parametrize(
    "name", ["X_Forwarded_For", "X-Forwarded_For", "x_forwarded-for", "Content_Length", "Co_okie"]
)
def test_nobody_passes_for_a_proxy_by_underscores(ports: tuple[int, int], name: str) -> None:
    told = told_of(ports[1], f"{name}: 7")
    assert {key for key, value in told.items() if value == "7"} == set()


def test_what_follows_a_chunked_body_is_no_header(ports: tuple[int, int]) -> None:
    """A proxy does not look at trailers."""
    body = b"1\r\na\r\n0\r\nX-Forwarded-For: 203.0.113.9\r\nCookie: a=1\r\n\r\n"
    told = json.loads(ask(ports[1], request_of("POST", "/", CHUNKED, body=body)).body)
    assert told["body"] == "a"
    assert {"HTTP_X_FORWARDED_FOR", "HTTP_COOKIE"} & told.keys() == set()


def test_an_application_may_start_its_answer_late(ports: tuple[int, int]) -> None:
    assert ask(ports[1], request_of("GET", "/late")).status == 418


def test_an_error_of_the_application_is_told_in_words(ports: tuple[int, int]) -> None:
    told = ask(ports[1], request_of("GET", "/error"))
    assert (told.status, told.body) == (500, Refused(500).body)


def test_a_client_of_http_1_0_gets_pieces_as_one(ports: tuple[int, int]) -> None:
    told = ask(ports[1], b"GET /pieces HTTP/1.0\r\n\r\n")
    assert (told.header("transfer-encoding"), told.header("content-length")) == ("", "81")
