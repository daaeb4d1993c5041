"""Who asks, by what the proxies in front of us say: `X-Forwarded-For`, or `Forwarded` (RFC 7239). Pure."""

import re
from collections.abc import Collection, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from course.addresses.networks import Network

Address = IPv4Address | IPv6Address

# A port, or a made-up name in its place (RFC 7239, section 6).
PORT = r"(?::(?:[0-9]{1,5}|_[A-Za-z0-9._-]+))?"
NODE = re.compile(
    rf"\[([0-9A-Fa-f:.]+)(?:%[^\]]*)?\]{PORT}"  # IPv6 in brackets
    rf"|([0-9.]+){PORT}"  # IPv4
    r"|([0-9A-Fa-f:.]+)(?:%.*)?"  # IPv6 alone: its last group cannot be told from a port
)


def hops(x_forwarded_for: str | None, forwarded: str | None) -> tuple[str, ...]:
    """What each proxy wrote of the one before it, from the farthest to the nearest; empty if there was no proxy.

    Where both headers came, only the first counts: proxies that write it let the other pass as the client sent it.
    Several lines of one header are one, joined by commas (RFC 9110, section 5.3).
    """
    if x_forwarded_for is not None:
        listed = [node.strip() for node in x_forwarded_for.split(",")]
    elif forwarded is not None:
        # A comma between quotes parts too: what a client left open may not swallow what a proxy adds behind it.
        listed = [_for(element) for element in forwarded.split(",") if element.strip()]
    else:
        return ()
    return tuple(filter(None, listed)) or ("",)


def _for(element: str) -> str:
    """The parameter `for` of one element of `Forwarded`; `unknown` (RFC 7239, section 6.2) if it has none."""
    pairs = (pair.partition("=") for pair in element.split(";"))
    return next((value.strip() for name, _, value in pairs if name.strip().lower() == "for"), "") or "unknown"


def who_asks(peer: str, said: Sequence[str], trusted: Collection[Network]) -> Address | None:
    """Return the first address, from our side, that is no trusted proxy; None if it cannot be read.

    `peer` is who is connected to us, `said` are the `hops`. Whom we do not trust may say what they like.
    """
    # Who is connected over a socket file has no address, and is on this machine.
    found = read_address(peer or "127.0.0.1")
    for node in reversed(said):
        if found is None or not is_within(found, trusted):
            break
        found = read_address(node)
    return found


def is_unnamed_proxy(peer: str, said: Sequence[str], trusted: Collection[Network]) -> bool:
    """Whether the one connected to us seems to be a proxy near by that nobody named: its clients count as one."""
    found = read_address(peer)
    return bool(said) and found is not None and found.is_private and not is_within(found, trusted)


def is_within(address: Address, networks: Collection[Network]) -> bool:
    return any(address in network for network in networks)


def read_address(node: str) -> Address | None:
    """The address of a node, with or without port, brackets and quotes; None for `unknown` and made-up names."""
    match = NODE.fullmatch(node.strip(' \t"'))
    try:
        found = ip_address(match[match.lastindex or 0]) if match else None
    except ValueError:
        return None
    # As a socket for both families tells an address of IPv4.
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def network_of(address: Address) -> str:
    """Whom we count together: an address of IPv4; of IPv6 the first half, as one household has all the rest."""
    return str(IPv6Address(int(address) >> 64 << 64)) if address.version == 6 else str(address)
