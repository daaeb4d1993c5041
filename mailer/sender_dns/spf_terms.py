"""An SPF record as its terms (RFC 7208, 4.6.1 and 12)."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network

RECORD = re.compile(r"v=spf1(?: |$)", re.IGNORECASE)
MECHANISMS = ("all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists")
DIRECTIVE = re.compile(r"([+?~-]?)([A-Za-z][A-Za-z0-9._-]*)(?:([:/])(.*))?")
MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9._-]*)=(.*)")
MACRO = r"%(?:\{[slodiphcrtv][0-9]*r?[.+,/_=-]*\}|%|_|-)"
MACRO_STRING = re.compile(rf"(?:{MACRO}|[!-$&-~])*", re.IGNORECASE)
DOMAIN_END = re.compile(
    r"(?:%\{[^}]*\}|\.[A-Za-z0-9-]*[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]|\.[A-Za-z])\.?", re.IGNORECASE
)
PREFIXES = re.compile(r"(?:/([0-9]{1,3}))?(?://([0-9]{1,3}))?")
SLIPS = {"ip": "ip4", "ipv4": "ip4", "ipv6": "ip6", "host": "a"}


class SpfError(Exception):
    """The record is of no use to anybody (`permerror`). `todo` says what to write instead. `in_all`: it is about
    the record with all that it includes, and not about the one where it was seen."""

    def __init__(self, said: str, todo: str, in_all: bool = False) -> None:
        super().__init__(said)
        self.todo, self.in_all = todo, in_all


@dataclass(frozen=True, slots=True)
class Term:
    """`name` is a mechanism's, or a modifier's with its `=`. `domain` is empty where none is written; `network` is
    that of `ip4` and `ip6`; `prefixes` are those of `a` and `mx`, for IPv4 and IPv6."""

    text: str
    qualifier: str
    name: str
    domain: str = ""
    network: IPv4Network | IPv6Network | None = None
    prefixes: tuple[int, int] = (32, 128)

    @property
    def asks(self) -> bool:
        """Whether it counts among the ten look-ups that a record may cost (RFC 7208, 4.6.4)."""
        return self.name in ("include", "a", "mx", "ptr", "exists", "redirect=")

    @property
    def has_macro(self) -> bool:
        return "%" in self.domain


def read_terms(record: str) -> list[Term]:
    """The terms after `v=spf1`. Raises SpfError."""
    terms = [_term(text) for text in record[len("v=spf1") :].split(" ") if text]
    for name in ("redirect=", "exp="):
        if sum(term.name == name for term in terms) > 1:
            raise SpfError(f"has `{name}` twice", "Keep one of them.")
    return terms


def _term(text: str) -> Term:
    if found := MODIFIER.fullmatch(text):
        name = f"{found[1].lower()}="
        if name.removesuffix("=") in MECHANISMS:
            raise SpfError(f"has `{text}`, which is no term", f"Write `{name[:-1]}:{found[2]}`.")
        return Term(text, "", name, _domain(text, found[2]) if name in ("redirect=", "exp=") else "")
    found = DIRECTIVE.fullmatch(text)
    if found is None:
        raise SpfError(f"has `{text}`, which is no term", _instead(text))
    qualifier, name, sign, rest = found[1] or "+", found[2].lower(), found[3] or "", found[4] or ""
    if name not in MECHANISMS:
        raise SpfError(f"has `{text}`, and no mechanism is called `{found[2]}`", _instead(text, name))
    value = f"{sign}{rest}"
    match name:
        case "all":
            if value:
                raise SpfError(f"has `{text}`, and nothing may follow `all`", "Write `~all`.")
            return Term(text, qualifier, name)
        case "ip4" | "ip6":
            return Term(text, qualifier, name, network=_network(text, name, rest if sign == ":" else ""))
        case "include" | "exists":
            return Term(text, qualifier, name, _domain(text, rest if sign == ":" else ""))
        case _:
            return _of_hosts(text, qualifier, name, value)


def _of_hosts(text: str, qualifier: str, name: str, value: str) -> Term:
    domain, slash, prefixes = value.partition("/")
    # The slash may be a delimiter within a macro.
    if "{" in domain and "}" not in domain.rpartition("{")[2]:
        domain, slash, prefixes = value, "", ""
    found = PREFIXES.fullmatch(f"{slash}{prefixes}")
    v4, v6 = (int(found[1] or 32), int(found[2] or 128)) if found else (99, 999)
    if v4 > 32 or v6 > 128 or (name == "ptr" and slash):
        raise SpfError(f"has `{text}`, whose length of a network is not right", f"Write `{name}` without it.")
    return Term(text, qualifier, name, _domain(text, domain[1:]) if domain else "", prefixes=(v4, v6))


def _network(text: str, name: str, value: str) -> IPv4Network | IPv6Network:
    example = "ip4:192.0.2.0/24" if name == "ip4" else "ip6:2001:db8::/32"
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        raise SpfError(f"has `{text}`, which holds no network", f"Write it as in `{example}`.") from None
    if network.version != int(name[2]):
        other = "ip6" if name == "ip4" else "ip4"
        raise SpfError(f"has `{text}`, which is of the other kind", f"Write `{other}:{value}`.")
    return network


def _domain(text: str, domain: str) -> str:
    if MACRO_STRING.fullmatch(domain) and any(DOMAIN_END.fullmatch(domain, at) for at in _ends(domain)):
        return domain
    raise SpfError(
        f"has `{text}`, which names no domain", "Name one, as in `include:_spf.example.org`, or take it out."
    )


def _ends(domain: str) -> list[int]:
    return [at for at, sign in enumerate(domain) if sign in ".%"]


def _instead(text: str, name: str = "") -> str:
    meant = SLIPS.get(name) or next(iter(get_close_matches(name, MECHANISMS, 1)), "")
    if meant:
        return f"Write `{meant}{text[text.lower().find(name) + len(name) :]}`."
    return "Take it out: terms are separated by one blank each, and by nothing else."
