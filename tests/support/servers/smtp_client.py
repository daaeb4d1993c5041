"""Our own end of an SMTP connection, as tests open it."""

import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from socket import AF_INET

from mailer.providers.smtp.address import SmtpServer, parse_smtp
from mailer.providers.smtp.channel import Endpoint
from mailer.providers.smtp.connection import Patience
from mailer.providers.smtp.provider import Smtp
from tests.support.servers.ports import free_port
from tests.support.waiting import slowness


def soon() -> Patience:
    """For servers that fall silent: not long, and yet enough for all they do answer."""
    short = 0.5 * slowness()
    return Patience(connect=2 * slowness(), reply=short, data=short, block=short, final=short)


@contextmanager
def opened(url: str, context: ssl.SSLContext | None = None, patience: Patience | None = None) -> Iterator[Smtp]:
    smtp = Smtp(parse_smtp(url), context, patience)
    yield smtp
    smtp.close()


@contextmanager
def found_at(
    places: Sequence[Endpoint], patience: Patience, connections: int = 1, user: str = ""
) -> Iterator[Smtp]:
    """A mail server whose name has these addresses, in this order. The user's password is a guess."""
    server = SmtpServer("mail.example.org", 25, "none", connections, user, "guess")
    smtp = Smtp(server, None, patience, lambda _: list(places))
    yield smtp
    smtp.close()


def nobody(host: str = "127.0.0.1") -> Endpoint:
    """An address of this machine where nobody listens."""
    return AF_INET, (host, free_port())


@contextmanager
def mute() -> Iterator[Endpoint]:
    """An address that lets everybody connect, and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield AF_INET, listener.getsockname()
