"""Whether an SPF record allows an address (RFC 7208, 4 and 5). Only for records that are right as such."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from mailer.sender_dns.records import Records
from mailer.sender_dns.spf_terms import RECORD, Term, read_terms

DEPTH = 10
LOCAL = [ip_network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")]


def allows(domain: str, address: str, records: Records, depth: int = 0) -> bool | None:
    """Whether a mail server at the address may send in the domain's name; None where that depends on the mail.
    Raises Silent."""
    text = next((text for text in records.values(domain, "TXT") if RECORD.match(text)), "")
    if not text or depth > DEPTH:
        return False
    terms = read_terms(text)
    ours = ip_address(address)
    for term in terms:
        fits = _fits(term, domain, ours, records, depth)
        if fits is None:
            return None
        if fits:
            return term.qualifier == "+"
    redirect = next((term for term in terms if term.name == "redirect="), None)
    if redirect is None:
        return False
    return None if redirect.has_macro else allows(redirect.domain, address, records, depth + 1)


def _fits(term: Term, domain: str, ours: IPv4Address | IPv6Address, records: Records, depth: int) -> bool | None:
    match term.name:
        case "all":
            return True
        case "ip4" | "ip6":
            return term.network is not None and ours in term.network
        case "include" | "a" | "mx" if not term.has_macro:
            if term.name == "include":
                return allows(term.domain, str(ours), records, depth + 1)
            name = term.domain or domain
            names = [name] if term.name == "a" else _servers(name, records)
            return any(_near(one, ours, term) for one in records.addresses(names))
        case "include" | "a" | "mx" | "ptr" | "exists":
            return None
        case _:
            return False


def _servers(name: str, records: Records) -> list[str]:
    return [server.partition(" ")[2] for server in records.values(name, "MX")]


def _near(one: str, ours: IPv4Address | IPv6Address, term: Term) -> bool:
    theirs = ip_address(one)
    length = term.prefixes[0] if theirs.version == 4 else term.prefixes[1]
    return theirs.version == ours.version and ours in ip_network(f"{theirs}/{length}", strict=False)


def public(addresses: Iterable[str]) -> list[str]:
    """Those by which a server can be seen from elsewhere."""
    return [address for address in addresses if not _is_local(address)]


def is_address(host: str) -> bool:
    """Whether a host is written as an address."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_local(address: str) -> bool:
    one = ip_address(address)
    return one.is_loopback or one.is_link_local or any(one in network for network in LOCAL)
