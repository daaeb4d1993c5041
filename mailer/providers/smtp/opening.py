"""The talk before the first letter: greeting, EHLO, STARTTLS, AUTH. No I/O."""

from base64 import b64encode
from collections.abc import Callable, Generator

from mailer.providers.smtp.address import SmtpServer
from mailer.providers.smtp.reply import Reply

# Stands for the moment at which both sides change to TLS; every other command is bytes to be written.
START_TLS = b"(tls begins)"
NO_EHLO = frozenset({500, 501, 502, 504})

Offers = dict[str, str]
Opening = Generator[bytes, Reply, Offers]


class Unwilling(Exception):
    """The server does not let us hand over mail. `account`: it refuses us, and trying again will not help."""

    def __init__(self, why: str, account: bool = False) -> None:
        super().__init__(why)
        self.account = account


def opening(address: SmtpServer, our_name: Callable[[], str]) -> Opening:
    """Yields what to write, b"" where there is only a reply to wait for, or START_TLS; is sent each reply; returns
    the server's extensions. Raises Unwilling, and never goes on without the TLS that was asked for."""
    _good("greeting", (yield b""))
    offers = yield from _hello(our_name())
    if address.tls == "starttls":
        if "STARTTLS" not in offers:
            raise Unwilling("the server does not offer STARTTLS")
        _good("STARTTLS", (yield b"STARTTLS\r\n"))
        yield START_TLS
        # What was said in the clear does not count (RFC 3207, 4.2).
        offers = yield from _hello(our_name())
    if address.user:
        yield from _authenticate(address, offers.get("AUTH", "").upper().split())
    return offers


def _hello(our_name: str) -> Opening:
    reply = yield f"EHLO {our_name}\r\n".encode()
    if reply.code in NO_EHLO:
        _good("HELO", (yield f"HELO {our_name}\r\n".encode()))
        return {}
    _good("EHLO", reply)
    offers = (line.replace("AUTH=", "AUTH ", 1).partition(" ") for line in reply.lines[1:])
    return {name.upper(): rest for name, _, rest in offers}


def _authenticate(address: SmtpServer, mechanisms: list[str]) -> Generator[bytes, Reply, None]:
    if "PLAIN" in mechanisms:
        reply = yield b"AUTH PLAIN " + _base64(f"\0{address.user}\0{address.password}")
    elif "LOGIN" in mechanisms:
        reply = yield b"AUTH LOGIN\r\n"
        for secret in (address.user, address.password):
            if reply.code == 334:
                reply = yield _base64(secret)
    else:
        raise Unwilling("the server offers neither AUTH PLAIN nor AUTH LOGIN", account=True)
    if not reply.good:
        # 4xx is a server that cannot tell at the moment (RFC 4954, 6: 454).
        raise Unwilling(f"AUTH: {reply}", account=reply.code >= 500)


def _base64(text: str) -> bytes:
    return b64encode(text.encode()) + b"\r\n"


def _good(asked: str, reply: Reply) -> None:
    if not reply.good:
        raise Unwilling(f"{asked}: {reply}")
