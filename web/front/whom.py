"""Whom requests and connections are counted for. Pure."""

from collections.abc import Collection, Iterable

from course.addresses.networks import Network
from web.site.proxies import hops, is_within, network_of, read_address, who_asks

HERE = ""
"""This machine itself, with no proxy that speaks for somebody else: nobody counts it."""
UNKNOWN = "unknown"


def stranger(peer: str, trusted: Collection[Network]) -> str:
    """The network of who is connected to us; `HERE` for a proxy of ours, which has many clients, and for us."""
    address = read_address(peer) if peer else None
    return HERE if address is None or is_within(address, trusted) else network_of(address)


def client(peer: str, headers: Iterable[tuple[bytes, bytes]], trusted: Collection[Network]) -> str:
    """The network that asks, by what trusted proxies say; `HERE` if it is this machine."""
    told: dict[bytes, list[str]] = {b"x-forwarded-for": [], b"forwarded": []}
    for name, value in headers:
        if name in told:
            told[name].append(value.decode("latin-1"))
    said = hops(*(",".join(lines) if lines else None for lines in told.values()))
    address = who_asks(peer, said, trusted)
    if address is None:
        return UNKNOWN
    return HERE if address.is_loopback and not said else network_of(address)
