"""Clients that are slow, greedy or rude: each of their waits ends, and everybody else is answered meanwhile."""

import os
import select
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.front.echo import FILM
from tests.support.front.talk import ANOTHER, ask, connected, get, hear, is_closed, request_of
from tests.support.servers.guarded import GuardedProcess
from tests.support.servers.ports import answers_at, free_port
from tests.support.waiting import PATIENCE
from web.front.refusals import SENTENCES

pytestmark = pytest.mark.server

FORM = ("Content-Type: application/x-www-form-urlencoded", "Content-Length: 50000")
FOR_SOMEBODY = "X-Forwarded-For: 203.0.113.7"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Of the front before an application that echoes; its waits are two seconds long, and its bounds low."""
    port, log = free_port(), tmp_path_factory.mktemp("front") / "log"
    process = GuardedProcess([sys.executable, "-m", "tests.support.front.echo", str(port)], log, stop_with="TERM")
    try:
        process.wait_until(lambda: answers_at(port))
        yield port
    finally:
        process.stop()


def drip(connection: socket.socket) -> None:
    """One byte after the other, until the server has had enough."""
    connection.settimeout(0.1)
    try:
        while True:
            connection.sendall(b"a")
            try:
                if connection.recv(1, socket.MSG_PEEK) is not None:
                    break
            except TimeoutError:
                continue
    except ConnectionError:
        pass
    connection.settimeout(None)


def test_a_body_that_drips_is_refused_in_words(port: int) -> None:
    with connected(port) as connection:
        connection.sendall(request_of("POST", "/form", *FORM))
        drip(connection)
        told = hear(connection)
    assert (told.status, told.body.decode().strip()) == (408, SENTENCES[408])
    assert told.header("content-security-policy")
    assert told.header("connection") == "close"


def test_chunks_without_end_are_refused(port: int) -> None:
    with connected(port) as connection:
        connection.sendall(request_of("POST", "/form", "Transfer-Encoding: chunked"))
        connection.sendall(b"1\r\na\r\n")
        told = hear(connection)
    assert told.status == 408


@pytest.mark.parametrize(
    "begun", [b"GET /", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "], ids=["a letter", "a header"]
)
def test_headers_that_drip_are_refused(port: int, begun: bytes) -> None:
    with connected(port) as connection:
        connection.sendall(begun)
        drip(connection)
        assert hear(connection).status == 408


def test_headers_that_drip_after_a_first_request_are_refused_too(port: int) -> None:
    with connected(port) as connection:
        connection.sendall(request_of("GET", "/none"))
        assert hear(connection).status == 204
        connection.sendall(b"GET /")
        drip(connection)
        assert hear(connection).status == 408


@pytest.mark.parametrize("before", [b"", request_of("GET", "/none")], ids=["at once", "after a request"])
def test_a_stranger_who_says_nothing_is_sent_away(port: int, before: bytes) -> None:
    with connected(port, ANOTHER) as connection:
        connection.sendall(before)
        assert is_closed(connection)


def test_a_proxy_may_keep_its_connection(port: int) -> None:
    with connected(port) as connection, connected(port, ANOTHER) as stranger:
        assert is_closed(stranger)
        connection.sendall(request_of("GET", "/none"))
        assert hear(connection).status == 204


def test_a_reader_who_does_not_read_is_sent_away(port: int) -> None:
    with ExitStack() as stack:
        readers = [stack.enter_context(connected(port)) for _ in range(12)]
        for reader in readers:
            reader.sendall(request_of("GET", "/film"))
        assert get(port, "/").status == 200, "they hold no thread"
        assert all(map(is_cut_off, readers))


def is_cut_off(connection: socket.socket) -> bool:
    """Whether the server has given it up, with all that was not read; waits for it."""
    look = select.poll()
    look.register(connection, 0)
    return bool(look.poll(int(PATIENCE * 1000)))


def test_a_reader_who_reads_steadily_gets_it_all_however_long_it_takes(port: int) -> None:
    """Several times as long as a reader may stand still."""
    with connected(port) as connection, connection.makefile("rb") as file:
        connection.sendall(request_of("GET", "/film"))
        while file.readline().strip():
            pass
        share = len(FILM) // 20
        for at in range(0, len(FILM), share):
            time.sleep(0.3)
            assert file.read(share) == FILM[at : at + share]


def test_what_is_too_long_is_refused_before_it_is_read(port: int) -> None:
    told = ask(port, request_of("POST", "/form", "Content-Length: 999999999999", "Expect: 100-continue"))
    assert told.status == 413
    with connected(port) as connection:
        connection.sendall(request_of("POST", "/none", "Content-Length: 500000", body=b"x" * 100_000))
        told = hear(connection)
        assert (told.status, told.header("connection")) == (204, "close")


def test_who_is_refused_in_the_midst_of_talking_reads_why(port: int) -> None:
    for _ in range(10):
        told = ask(port, b"GET / HTTP/1.1\r\nX-Long: " + b"x" * 3_000_000)
        assert (told.status, told.body.decode().strip()) == (431, SENTENCES[431])


@pytest.mark.parametrize("headers", [("X-Long: " + "x" * 70_000,), ("X: y",) * 20_000], ids=["one", "many"])
def test_headers_without_end_are_refused(port: int, headers: tuple[str, ...]) -> None:
    request = request_of("GET", "/", *headers)
    with connected(port) as connection:
        connection.sendall(request)
        assert hear(connection).status in (400, 431)
    with connected(port) as connection:
        connection.sendall(request.removesuffix(b"\r\n"))
        assert hear(connection).status in (400, 431)


def test_one_client_may_open_so_many_connections(port: int) -> None:
    with ExitStack() as stack:
        mine = [stack.enter_context(connected(port, ANOTHER)) for _ in range(8)]
        with connected(port, ANOTHER) as one_too_many:
            told = hear(one_too_many)
        assert (told.status, told.header("retry-after")) == (429, "5")
        assert get(port, "/none").status == 204
        mine[0].sendall(request_of("GET", "/none"))
        assert hear(mine[0]).status == 204


def test_one_client_behind_a_proxy_may_send_so_many_slow_bodies(port: int) -> None:
    with ExitStack() as stack:
        for _ in range(5):
            slow = stack.enter_context(connected(port))
            slow.sendall(request_of("POST", "/form", *FORM, FOR_SOMEBODY))
        answers = [ask(port, request_of("POST", "/form", *FORM, FOR_SOMEBODY)).status for _ in range(3)]
        assert answers == [429] * 3
        other = request_of("POST", "/form", "X-Forwarded-For: 203.0.113.8", "Content-Length: 1", body=b"a")
        assert ask(port, other).status == 200


def test_when_all_places_are_taken_the_longest_wait_makes_room(port: int) -> None:
    with ExitStack() as stack:
        waiting = [stack.enter_context(connected(port)) for _ in range(80)]
        assert get(port, "/none").status == 204
        assert is_closed(waiting[0])


def test_a_client_that_goes_away_takes_nothing_with_it(port: int) -> None:
    for _ in range(30):
        with connected(port) as connection:
            connection.sendall(request_of("GET", "/film"))
            connection.recv(10)
        with connected(port) as connection:
            connection.sendall(request_of("POST", "/form", *FORM, FOR_SOMEBODY))
    assert ask(port, request_of("POST", "/f", "Content-Length: 1", FOR_SOMEBODY, body=b"a")).status == 200


def test_a_film_may_only_come_from_who_may_bring_one(port: int) -> None:
    film = b"x" * (5 * 1024 * 1024)
    headers = (f"Content-Length: {len(film)}",)
    told = ask(port, request_of("POST", "/studio/x", *headers, "X-Member: 1", body=film))
    assert len(told.body) > len(film)
    with connected(port) as connection:
        connection.sendall(request_of("POST", "/studio/x", *headers, body=film[:1000]))
        assert hear(connection).status == 413


def test_the_last_requests_are_answered_before_the_end(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "tests.support.front.echo", str(port)]
    process = GuardedProcess(command, tmp_path / "log", stop_with="TERM")
    try:
        process.wait_until(lambda: answers_at(port))
        with connected(port) as connection, connected(port) as idle:
            connection.sendall(request_of("POST", "/form", "Content-Length: 2", body=b"a"))
            os.kill(process.pid, signal.SIGTERM)
            assert is_closed(idle)
            connection.sendall(b"b")
            assert hear(connection).status == 200
    finally:
        process.stop()


def test_who_has_not_said_all_when_a_process_ends_is_told_so(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "tests.support.front.echo", str(port), "patient"]
    process = GuardedProcess(command, tmp_path / "log", stop_with="TERM")
    try:
        process.wait_until(lambda: answers_at(port))
        with connected(port) as connection:
            connection.sendall(request_of("POST", "/form", "Content-Length: 2", body=b"a"))
            os.kill(process.pid, signal.SIGTERM)
            assert hear(connection).status == 503
    finally:
        process.stop()
