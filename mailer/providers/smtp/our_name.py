"""By which name we greet a server (RFC 5321, 4.1.1.1). No I/O."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address

MOST_CHARACTERS = 255
LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# The last label is no number: four of them are an address without its brackets.
DOMAIN = re.compile(rf"(?:{LABEL}\.)*(?![0-9]+$){LABEL}")


def is_legal_name(name: str) -> bool:
    """Whether it is a domain, or an address literal such as `[192.0.2.1]` (RFC 5321, 4.1.2 and 4.1.3)."""
    if name.startswith("[") and name.endswith("]"):
        return _is_address(name[1:-1])
    return len(name) <= MOST_CHARACTERS and DOMAIN.fullmatch(name) is not None


def our_names(chosen: str, host: str, literal: str) -> tuple[str, ...]:
    """The names to try, in order: the one that was chosen, else the host's if it is a full one and legal, which
    those of containers often are not; at last the literal of our address, which every server has to take."""
    full = host if "." in host and is_legal_name(host) else literal
    first = chosen or full
    return (first,) if first == literal else (first, literal)


def _is_address(text: str) -> bool:
    try:
        if text[:5].upper() == "IPV6:":
            IPv6Address(text[5:])
        else:
            IPv4Address(text)
    except AddressValueError:
        return False
    return "%" not in text
