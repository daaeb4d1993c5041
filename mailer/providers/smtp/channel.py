"""A socket that never blocks, with TLS where it is wanted."""

import contextlib
import errno
import os
import socket
import ssl
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any

CHUNK = 65_536
FAREWELL_SECONDS = 0.5
BEGUN = {0, errno.EINPROGRESS, errno.EWOULDBLOCK}
NOT_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)

# As getaddrinfo gives them: the family, and the address in the form that the family's sockets take.
Endpoint = tuple[socket.AddressFamily, Any]


class Lost(Exception):
    """The connection is of no use any more. `account` as in Answer; `told`: by the server, in so many words;
    `place`: which of its addresses it was, where there are several."""

    def __init__(self, why: str, account: bool = False, told: bool = False) -> None:
        super().__init__(why)
        self.account, self.told, self.place = account, told, ""


class Channel:
    """Begins to connect. `events` says what to select for. Whatever fails raises Lost."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.events = EVENT_WRITE
        self._unsent = b""
        self._tls: ssl.SSLSocket | None = None
        try:
            self._socket = socket.socket(endpoint[0], socket.SOCK_STREAM)
        except OSError as error:
            # A machine without IPv6, or out of files.
            raise Lost(f"cannot connect: {error.strerror or error}") from error
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        problem = self._socket.connect_ex(endpoint[1])
        if problem not in BEGUN:
            self._socket.close()
            raise Lost(f"cannot connect: {os.strerror(problem)}")

    @property
    def number(self) -> int:
        """The file descriptor: TLS puts the socket into another object, and keeps this."""
        return self._socket.fileno()

    @property
    def drained(self) -> bool:
        """Whether the kernel has all that was said."""
        return not self._unsent

    @property
    def never_left(self) -> int:
        """How many of the last bytes said have certainly not been sent."""
        # TLS may have sent a part of what it was offered, and does not say which.
        return 0 if self._tls else len(self._unsent)

    def connected(self) -> None:
        """Once writable: whether there is a connection."""
        if problem := self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise Lost(f"cannot connect: {os.strerror(problem)}")
        self.events = EVENT_READ

    def our_address(self) -> str:
        """This end, as an address literal (RFC 5321, 4.1.3)."""
        address = self._socket.getsockname()[0].partition("%")[0]
        return f"[IPv6:{address}]" if ":" in address else f"[{address}]"

    def begin_tls(self, context: ssl.SSLContext, host: str) -> None:
        try:
            self._tls = context.wrap_socket(self._socket, server_hostname=host, do_handshake_on_connect=False)
        except (OSError, ValueError) as error:
            raise Lost(f"TLS: {error}") from error
        self._socket = self._tls

    def shake_hands(self) -> bool:
        """Whether TLS stands."""
        try:
            if self._tls:
                self._tls.do_handshake()
        except ssl.SSLWantReadError:
            self.events = EVENT_READ
        except ssl.SSLWantWriteError:
            self.events = EVENT_WRITE
        except OSError as error:
            raise Lost(_told(error)) from error
        else:
            self.events = EVENT_READ
            return True
        return False

    def read(self) -> bytes:
        """Return the bytes that have come; empty if none have."""
        try:
            data = self._socket.recv(CHUNK)
        except NOT_YET:
            return b""
        except OSError as error:
            raise Lost(_told(error)) from error
        # Only TLS may hold more than select can see.
        while self._tls:
            try:
                more = self._tls.recv(CHUNK)
            except OSError:
                break
            if not more:
                break
            data += more
        if not data:
            raise Lost("the server closed the connection")
        return data

    def write(self, data: bytes) -> None:
        """Writes it, and what was left of earlier, as far as the socket takes it."""
        self._unsent = self._unsent + data if self._unsent else data
        if self._unsent:
            with contextlib.suppress(*NOT_YET):
                self._unsent = self._unsent[self._send() :]
        self.events = EVENT_READ | EVENT_WRITE if self._unsent else EVENT_READ

    def silent(self) -> bool:
        """Whether the other end is there and has nothing to say: a server says why before it closes."""
        try:
            self._socket.recv(1)
        except NOT_YET:
            return True
        except OSError:
            return False
        return False

    def close(self) -> None:
        self._socket.close()

    def say_farewell(self, words: bytes) -> None:
        """Waits a moment for the answer, as is polite, then closes."""
        with contextlib.suppress(OSError):
            self._socket.settimeout(FAREWELL_SECONDS)
            self._socket.sendall(words)
            self._socket.recv(CHUNK)
        self._socket.close()

    def _send(self) -> int:
        try:
            return self._socket.send(self._unsent)
        except NOT_YET:
            raise
        except OSError as error:
            raise Lost(_told(error)) from error


def _told(error: OSError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"TLS: the server's certificate is not trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS: {error.reason or error}"
    return f"connection lost: {error.strerror or error}"
