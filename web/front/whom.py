"""Whom requests and connections are counted for. Pure."""

from collections.abc import Collection

from course.addresses.networks import Network
from web.site.proxies import hops, is_within, network_of, read_address, who_asks

HERE = ""
"""This machine itself, with no proxy that speaks for somebody else: nobody counts it."""
UNKNOWN = "unknown"


def stranger(peer: str, trusted: Collection[Network]) -> str:
    """The network of who is connected to us; `HERE` for a proxy of ours, which has many clients, and for us."""
    address = read_address(peer) if peer else None
    return HERE if address is None or is_within(address, trusted) else network_of(address)


def client(peer: str, x_forwarded_for: str | None, forwarded: str | None, trusted: Collection[Network]) -> str:
    """The network that asks, by what trusted proxies say; `HERE` if it is this machine."""
    said = hops(x_forwarded_for, forwarded)
    address = who_asks(peer, said, trusted)
    if address is None:
        return UNKNOWN
    return HERE if address.is_loopback and not said else network_of(address)
