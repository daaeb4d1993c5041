"""Published networks by name, as `networks.txt` has them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

ROLES = ("gateway", "mailbox")


@dataclass(frozen=True, slots=True)
class Published:
    """A block of addresses; `name` is its owner's role and name, such as `gateway/barracuda`."""

    name: str
    block: IPv4Network | IPv6Network


def read_networks(text: str) -> tuple[Published, ...]:
    """A line each: role, name and block; `#` begins a remark. Raises ValueError that names the line."""
    return tuple(
        _read(number, line)
        for number, whole in enumerate(text.splitlines(), 1)
        if (line := whole.partition("#")[0].strip())
    )


def network_of(address: str, published: Iterable[Published]) -> str:
    """The name of the network that an address is from, or nothing."""
    try:
        wanted = ip_address(address.strip())
    except ValueError:
        return ""
    wanted = getattr(wanted, "ipv4_mapped", None) or wanted
    return next((row.name for row in published if wanted in row.block), "")


def _read(number: int, line: str) -> Published:
    try:
        role, name, block = line.split()
        if role not in ROLES:
            raise ValueError(role)
        return Published(f"{role}/{name}", ip_network(block))
    except ValueError:
        wanted = f"a role ({' or '.join(ROLES)}), a name and a block, such as `gateway barracuda 209.222.80.0/21`"
        raise ValueError(f"Line {number} of the networks must be {wanted}, not `{line}`.") from None
