"""Names of hosts as DNS and mail carry them. Pure."""

import re
from ipaddress import IPv6Address

import idna

# With underscores, which some networks of containers have in their names.
LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
HOST = re.compile(rf"{LABEL}(?:\.{LABEL})*\.?")
LONGEST = 253


def ascii_host(host: str) -> str:
    """The name in small ASCII letters, with A-labels (RFC 5890) for other scripts; addresses as they are, those of
    IPv6 without brackets. Raises ValueError for what can be no host."""
    if ":" in host:
        return str(IPv6Address(host))
    name = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode()
    if len(name) > LONGEST or not HOST.fullmatch(name):
        raise ValueError(f"`{host}` is no name of a host")
    return name
