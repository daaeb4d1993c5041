"""Servers that say what no server should, line by line as a test wrote it."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.servers.smtp_client import opened, soon
from tests.support.world.letters import letter, letters
from tests.support.world.sendings import count, outcomes

pytestmark = pytest.mark.server


@contextmanager
def scripted(*steps: tuple[bytes, bytes]) -> Iterator[int]:
    """A server that waits for the end of what it expects, then says its line; at the end it closes."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                with listener.accept()[0] as connection:
                    converse(connection)

    def converse(connection: socket.socket) -> None:
        heard = b""
        for expected, said in steps:
            while expected not in heard:
                more = connection.recv(65536)
                if not more:
                    return
                heard += more
            heard = heard.partition(expected)[2] if expected else heard
            connection.sendall(said)

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


TAKES_ONE = (
    (b"", b"220 hi\r\n"),
    (b"EHLO", b"250-hi\r\n250 PIPELINING\r\n"),
    (b"DATA", b"250 a\r\n250 b\r\n354 c\r\n"),
)


@pytest.mark.parametrize("last", [b"250 taken\r\n", b"250 taken\r\n421 that was all\r\n"])
def test_a_server_that_closes_after_each_letter_gets_them_all(last: bytes) -> None:
    server = scripted(*TAKES_ONE, (b"\r\n.\r\n", last))
    with server as port, opened(f"smtp://127.0.0.1:{port}?connections=2") as smtp:
        assert count(outcomes(smtp, letters(5))) == {"accepted": 5}
        assert count(outcomes(smtp, letters(5))) == {"accepted": 5}


def test_words_slipped_in_before_tls_are_not_heard() -> None:
    steps = (
        (b"", b"220 hi\r\n"),
        (b"EHLO", b"250-hi\r\n250 STARTTLS\r\n"),
        (b"STARTTLS", b"220 go\r\n250 hello\r\n"),
    )
    with scripted(*steps) as port, opened(f"smtp://127.0.0.1:{port}?tls=starttls", patience=soon()) as smtp:
        (answer,) = outcomes(smtp, [letter(1)])
    assert (answer.outcome, answer.why) == ("refused", "the server said more than it was asked before TLS began")


@pytest.mark.parametrize("words", [b"hello\r\n", b"25\r\n", b"250x\r\n", b"\xff\r\n", b"x" * 200_000])
def test_a_server_that_does_not_speak_smtp_gets_nothing(words: bytes) -> None:
    with scripted((b"", words)) as port, opened(f"smtp://127.0.0.1:{port}", patience=soon()) as smtp:
        assert count(outcomes(smtp, [letter(1)])) == {"refused": 1}


def test_nonsense_after_the_final_dot_leaves_the_letter_unknown() -> None:
    with (
        scripted(*TAKES_ONE, (b"\r\n.\r\n", b"what?\r\n")) as port,
        opened(f"smtp://127.0.0.1:{port}", patience=soon()) as smtp,
    ):
        (answer,) = outcomes(smtp, [letter(1)])
    assert answer.outcome == "unknown"
