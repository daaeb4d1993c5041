"""Asks the web pages that a course links to. Never a private address: not by name, and not by a redirect."""

import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from socket import SOCK_STREAM, create_connection, getaddrinfo
from urllib.parse import SplitResult, urljoin, urlsplit

from course.content.problems import Problem
from course.language.words import Phrase
from course.lint.draft import Draft

SECONDS = 10.0
MOST_REDIRECTS = 5
AT_ONCE = 8
REDIRECTS = {301, 302, 303, 307, 308}
# Some servers know no HEAD, and some refuse whoever does not look like a browser: that is no broken link.
NOT_BY_HEAD = {403, 404, 405, 501}
ENDING_IN_IPV4 = (IPv6Network("::/96"), IPv6Network("64:ff9b::/96"))
LOCAL_GATEWAYS = IPv6Network("64:ff9b:1::/48")
ALIVE = {401, 403, 405, 429, 999}

MayAsk = Callable[[str], bool]
"""Whether a numeric address may be connected to."""


class Private(Exception):
    """The address leads into a private network."""


class Unreachable(Exception):
    """A page that could not be asked; the message is for the author."""


def is_public(number: str) -> bool:
    address = ip_address(number.partition("%")[0])
    if address in LOCAL_GATEWAYS:
        return False
    return all(one.is_global and not one.is_multicast for one in (address, *_within(address)))


def _within(address: IPv4Address | IPv6Address) -> Iterator[IPv4Address]:
    """The IPv4 address that a gateway would lead this one to."""
    if isinstance(address, IPv6Address):
        if address.sixtofour:
            yield address.sixtofour
        if any(address in network for network in ENDING_IN_IPV4):
            yield IPv4Address(int(address) & 0xFFFF_FFFF)


def web_links(draft: Draft) -> dict[str, list[tuple[str, int]]]:
    """Every http(s) address, with the places that link to it."""
    found: dict[str, list[tuple[str, int]]] = {}
    for page in draft.pages.values():
        for number, address in page.addresses:
            if address.lower().startswith(("http:", "https:")):
                found.setdefault(address, []).append((page.path, number))
    return found


def ask_all(draft: Draft, may_ask: MayAsk = is_public) -> Iterator[tuple[Problem, ...]]:
    """The findings of each address, as the answers come."""
    links = web_links(draft)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        troubles = pool.map(lambda address: _trouble(address, may_ask), links)
        for places, trouble in zip(links.values(), troubles, strict=True):
            yield tuple(Problem(path, line, *trouble) for path, line in places) if trouble else ()


def _trouble(address: str, may_ask: MayAsk) -> tuple[str, Phrase] | None:
    try:
        status = _status(address, may_ask)
    except Private as problem:
        return "DL502", Phrase(
            "`%(address)s` leads to %(place)s, where no reader can follow.",
            {"address": address, "place": str(problem)},
        )
    except (Unreachable, OSError, HTTPException, ValueError) as problem:
        return "DL501", Phrase(
            "`%(address)s` does not answer (%(reason)s); look at it yourself.",
            {"address": address, "reason": str(problem) or type(problem).__name__},
        )
    if status < 400 or status in ALIVE:
        return None
    return "DL501", Phrase(
        "`%(address)s` answers %(status)s; look at it yourself.", {"address": address, "status": status}
    )


def _status(address: str, may_ask: MayAsk) -> int:
    for _ in range(MOST_REDIRECTS):
        status, elsewhere = _ask("HEAD", address, may_ask)
        if status in NOT_BY_HEAD:
            status, elsewhere = _ask("GET", address, may_ask)
        if status not in REDIRECTS or not elsewhere:
            return status
        address = urljoin(address, elsewhere)
    raise Unreachable("it leads on and on")


def _ask(method: str, address: str, may_ask: MayAsk) -> tuple[int, str]:
    """The answer's status, and where it leads."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Unreachable(f"it leads to {address[:60]}")
    connection = _connection(parts, parts.hostname, may_ask)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        # The user agent says who asks; a browser's would be a lie.
        connection.request(method, target, headers={"User-Agent": "dayletter-lint", "Accept": "*/*"})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location", "")
    finally:
        connection.close()


def _connection(parts: SplitResult, host: str, may_ask: MayAsk) -> HTTPConnection:
    """To the very address that was looked up and judged: a name could mean another one a moment later."""
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    number = str(getaddrinfo(host, port, type=SOCK_STREAM)[0][4][0])
    if not may_ask(number):
        raise Private(f"{host} ({number})" if host != number else number)
    connection = (HTTPSConnection if secure else HTTPConnection)(host, port, timeout=SECONDS)
    connection.sock = create_connection((number, port), SECONDS)
    if secure:
        try:
            connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=host)
        except OSError:
            connection.close()
            raise
    return connection
