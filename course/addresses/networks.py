"""Networks as operators write them: `10.0.0.0/8, 2001:db8::1`, and words for those that many mean. Pure."""

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network

Network = IPv4Network | IPv6Network

LOOPBACK_NETWORKS = ("127.0.0.0/8", "::1/128")
WORDS = {
    "loopback": LOOPBACK_NETWORKS,
    # RFC 1918, 6598 and 4193.
    "private": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"),
    "none": (),
}


def parse_networks(text: str) -> tuple[Network, ...]:
    """Networks and single addresses, parted by commas; each word of `WORDS` stands for several.

    Raises ValueError with a sentence that says what to write instead.
    """
    entries = filter(None, (entry.strip() for entry in text.split(",")))
    return tuple(network for entry in entries for network in _read(entry))


def _read(entry: str) -> Iterator[Network]:
    for written in WORDS.get(entry.lower(), (entry,)):
        try:
            network = ip_network(written, strict=False)
        except ValueError:
            words = ", ".join(f"`{word}`" for word in WORDS)
            raise ValueError(f"`{entry}` must be a network such as `10.0.0.0/8`, or {words}.") from None
        if not network.prefixlen:
            raise ValueError(f"`{entry}` is everybody: anyone could pass for anyone. Name the proxies' networks.")
        yield network
