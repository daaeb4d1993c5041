"""`smtp://USER:PASSWORD@HOST:PORT?tls=none|starttls|tls&connections=N`, taken apart."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, cast
from urllib.parse import parse_qsl, unquote

from course.addresses.hosts import ascii_host
from course.addresses.server import parse_server
from course.variables import LOOPBACK

Tls = Literal["none", "starttls", "tls"]

EXAMPLE = "smtp://USER:PASSWORD@HOST:587?tls=starttls"
# Relay, submission (RFC 6409) and submissions (RFC 8314).
PORTS: dict[Tls, int] = {"none": 25, "starttls": 587, "tls": 465}
CONNECTIONS = 4
MOST_CONNECTIONS = 100


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed over. Without a user there is no AUTH; `ehlo_name` is the name by which we greet, empty
    where that is found out."""

    host: str
    port: int
    tls: Tls
    connections: int = CONNECTIONS
    user: str = ""
    password: str = field(default="", repr=False)
    ehlo_name: str = ""


def parse_smtp(url: str) -> SmtpServer:
    """Where no `tls` is given: STARTTLS, but none to loopback, and TLS from the start on port 465. Raises
    ValueError, with all that is wrong and what to write instead, a sentence each."""
    parts = parse_server(url, EXAMPLE)
    if parts.scheme != "smtp" or not parts.hostname:
        raise ValueError(f"write `{EXAMPLE}`.")
    if parts.path not in ("", "/"):
        raise ValueError(f"only options may follow the host and its port: write `{EXAMPLE}`.")
    host = ascii_host(parts.hostname)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    tls = _tls(options.get("tls"), host, parts.port)
    if problems := list(_problems(options, tls, host, bool(parts.username))):
        raise ValueError(" ".join(problems))
    return SmtpServer(
        host=host,
        port=parts.port or PORTS[tls],
        tls=tls,
        connections=int(options.get("connections", CONNECTIONS)),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _tls(given: str | None, host: str, port: int | None) -> Tls:
    """What is given, be it one of them or not; what is usual at this host and port if nothing is."""
    if given is not None:
        return cast(Tls, given)
    if port == PORTS["tls"]:
        return "tls"
    return "none" if host in LOOPBACK else "starttls"


def _problems(options: Mapping[str, str], tls: Tls, host: str, with_user: bool) -> Iterator[str]:
    for unknown in sorted(options.keys() - {"tls", "connections"}):
        yield f"`{unknown}` is not known; there are `tls` and `connections`."
    if tls not in PORTS:
        yield f"`tls` is `none`, `starttls` or `tls`, not `{tls}`."
    connections = options.get("connections", str(CONNECTIONS))
    if not re.fullmatch("[0-9]{1,3}", connections) or not 1 <= int(connections) <= MOST_CONNECTIONS:
        yield f"`connections` is a number from 1 to {MOST_CONNECTIONS}, not `{connections}`."
    if with_user and tls == "none" and host not in LOOPBACK:
        yield "a password never travels without TLS: write `tls=starttls` or `tls=tls`."
