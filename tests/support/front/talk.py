"""Requests as bytes on a socket, and answers taken apart as far as a test looks at them."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from tests.support.waiting import PATIENCE

ANOTHER = "127.0.0.9"
"""Another address of this machine, which no test trusts."""


@dataclass(frozen=True, slots=True)
class Told:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        return ", ".join(value for key, value in self.headers if key == name)


@contextmanager
def connected(port: int, comes_from: str = "127.0.0.1") -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), PATIENCE, source_address=(comes_from, 0)) as connection:
        yield connection


def ask(port: int, request: bytes, comes_from: str = "127.0.0.1") -> Told:
    """What is answered to these bytes."""
    with connected(port, comes_from) as connection:
        connection.sendall(request)
        return hear(connection, is_head=request.startswith(b"HEAD"))


def get(port: int, path: str, *headers: str) -> Told:
    return ask(port, request_of("GET", path, *headers))


def request_of(method: str, path: str, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: course.example.org", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def hear(connection: socket.socket, *, is_head: bool = False) -> Told:
    """The one answer that comes. Raises ConnectionError if the server closes without a word."""
    with connection.makefile("rb") as file:
        return hear_next(file, is_head=is_head)


def hear_next(file: BinaryIO, *, is_head: bool = False) -> Told:
    """The next answer on a connection's file."""
    line = file.readline()
    while line.startswith(b"HTTP/1.1 100"):
        file.readline()
        line = file.readline()
    if not line:
        raise ConnectionError("closed without a word")
    pairs: list[tuple[str, str]] = []
    while (header := file.readline().strip()) != b"":
        name, _, value = header.decode("latin-1").partition(":")
        pairs.append((name.lower(), value.strip()))
    told = dict(pairs)
    status = int(line.split()[1])
    body = b""
    if not is_head and status not in (204, 304):
        if told.get("transfer-encoding") == "chunked":
            while size := int(file.readline(), 16):
                body += file.read(size)
                file.readline()
            file.readline()
        else:
            body = file.read(int(told["content-length"])) if "content-length" in told else file.read()
    return Told(status, tuple(sorted(pairs)), body)


def is_closed(connection: socket.socket) -> bool:
    """Whether nothing comes any more; waits for it."""
    try:
        while connection.recv(65536):
            pass
    except ConnectionError:
        pass
    return True
