"""`smtp://USER:PASSWORD@HOST:PORT?tls=none|starttls|tls&connections=N`, taken apart."""

from dataclasses import dataclass, field
from typing import Literal, cast, get_args
from urllib.parse import parse_qsl, unquote, urlsplit

from course.settings import LOOPBACK

Tls = Literal["none", "starttls", "tls"]

# Relay, submission (RFC 6409) and submissions (RFC 8314).
PORTS: dict[Tls, int] = {"none": 25, "starttls": 587, "tls": 465}
CONNECTIONS = 4
MOST_CONNECTIONS = 100


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed over. Without a user there is no AUTH."""

    host: str
    port: int
    tls: Tls
    connections: int = CONNECTIONS
    user: str = ""
    password: str = field(default="", repr=False)


def parse_smtp(url: str) -> SmtpServer:
    """Raises ValueError, with what to write instead. Without `tls`: STARTTLS, but none to loopback, and TLS from
    the start on port 465."""
    parts = urlsplit(url)
    if parts.scheme != "smtp" or not parts.hostname:
        raise ValueError("write `smtp://USER:PASSWORD@HOST:587?tls=starttls`.")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := options.keys() - {"tls", "connections"}:
        raise ValueError(f"`{min(unknown)}` is not known; there are `tls` and `connections`.")
    tls = _tls(options.get("tls"), parts.hostname, parts.port)
    address = SmtpServer(
        host=parts.hostname,
        port=parts.port or PORTS[tls],
        tls=tls,
        connections=_connections(options.get("connections", str(CONNECTIONS))),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
    if address.user and tls == "none" and address.host not in LOOPBACK:
        raise ValueError("a password never travels without TLS: write `tls=starttls` or `tls=tls`.")
    return address


def _tls(given: str | None, host: str, port: int | None) -> Tls:
    if given is None:
        if port == PORTS["tls"]:
            return "tls"
        return "none" if host in LOOPBACK else "starttls"
    if given not in get_args(Tls):
        raise ValueError(f"`tls` is `none`, `starttls` or `tls`, not `{given}`.")
    return cast(Tls, given)


def _connections(given: str) -> int:
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= MOST_CONNECTIONS:
        raise ValueError(f"`connections` is a number from 1 to {MOST_CONNECTIONS}, not `{given}`.")
    return int(given)
