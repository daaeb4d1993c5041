"""Names for a browser and an address that hold for a day and lead back to nobody. Pure.

As https://github.com/plausible/analytics/pull/224 does it: a hash with a salt. Draw the salt at random (32 bytes),
keep it apart from what is hashed, and forget it after a day; then nobody can find out whose a name was, not even
by trying all addresses.
"""

from hashlib import blake2b
from ipaddress import IPv6Address, ip_address

HOUSEHOLD_BITS = 64
"""Of an IPv6 address: the rest of it changes by the hour, on purpose (RFC 8981)."""

LENGTH = 8


def source_of(salt: bytes, address: str) -> str:
    """16 hex digits for where a request came from; nothing if that is no address. IPv6 counts by its household."""
    where = _household(address)
    return _hashed(salt, "source", where) if where else ""


def session_of(salt: bytes, recipient: str, agent: str, address: str) -> str:
    """16 hex digits for one browser of one recipient; nothing without an address. Bound to the recipient, so that
    many people behind one address, with the same browser, do not stand for each other."""
    where = _household(address)
    return _hashed(salt, "session", recipient, agent, where) if where else ""


def _household(address: str) -> str:
    try:
        known = ip_address(address.strip())
    except ValueError:
        return ""
    if isinstance(known, IPv6Address):
        mapped = known.ipv4_mapped
        return str(mapped) if mapped else f"{int(known) >> (128 - HOUSEHOLD_BITS):x}/{HOUSEHOLD_BITS}"
    return str(known)


def _hashed(salt: bytes, *parts: str) -> str:
    whole = "\0".join(f"{len(part)}:{part}" for part in parts)
    return blake2b(whole.encode(), digest_size=LENGTH, key=salt).hexdigest()
