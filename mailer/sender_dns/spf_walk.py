"""An SPF record with all that it includes, walked through (RFC 7208, 4 and 5)."""

from collections.abc import Sequence

from mailer.sender_dns.records import Records
from mailer.sender_dns.spf_terms import MECHANISMS, RECORD, SpfError, Term, read_terms

MOST_LOOK_UPS = 10
MOST_VOID = 2
MOST_NAMES = 10
"""RFC 7208, 4.6.4."""

MODIFIERS = ("redirect=", "exp=", "ra=", "rp=", "rr=")
"""The last three are of RFC 6652."""

WIDE = {4: 8, 6: 16}
"""A network that is wider than this is no mail server's."""


def text_of(domain: str, records: Records) -> str | None:
    """A domain's record; None where there is none. Raises SpfError where there are several, and Silent."""
    found = [text for text in records.values(domain, "TXT") if RECORD.match(text)]
    if len(found) > 1:
        raise SpfError(f"is one of {len(found)}, so none counts", "Put what they allow into one record.")
    return found[0] if found else None


class Walk:
    """Through a record and all it includes, as a mail server would that no term fits."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self.look_ups = self._void = 0
        self.open_by, self.allows_some = "", False
        self.doubts: list[tuple[str, str]] = []

    def visit(self, domain: str, text: str, *, counts: bool = True) -> Sequence[Term]:
        """`counts`: whether who passes here passes as a whole."""
        if not text.isascii():
            raise SpfError("holds signs that no such record may hold", "Write it anew, with plain signs.")
        terms = read_terms(text)
        ended, has_end = False, any(term.name == "all" for term in terms)
        for term in terms:
            if ended and not term.name.endswith("="):
                self.doubts.append((f"`{term.text}` comes after `all` and is never read", "Put it before `all`."))
                continue
            if term.name == "redirect=" and has_end:
                self.doubts.append((f"`{term.text}` is never read, since there is `all`", "Keep one of the two."))
                continue
            # A modifier has no sign of its own: who passes there, passes here.
            passes = counts and term.qualifier in ("+", "")
            self._look_at(term, domain, passes)
            ended = ended or term.name == "all"
        return terms

    def _look_at(self, term: Term, domain: str, passes: bool) -> None:
        if term.asks:
            self.look_ups += 1
            if self.look_ups > MOST_LOOK_UPS:
                raise SpfError(
                    f"asks for more than {MOST_LOOK_UPS} look-ups with all it includes, so it counts as broken",
                    f"Take out what no longer sends, such as `{term.text}`, or name networks by `ip4:` instead.",
                    in_all=True,
                )
        # What an include allows is seen there.
        is_seen_there = term.name in ("include", "redirect=") and not term.has_macro
        self.allows_some |= passes and not is_seen_there and (term.name in MECHANISMS or term.has_macro)
        if passes and _is_wide(term):
            self.open_by = self.open_by or term.text
        if term.name in ("include", "redirect=") and not term.has_macro:
            self._enter(term, passes)
        elif term.name in ("a", "mx") and not term.has_macro:
            self._hosts(term, term.domain or domain)
        elif term.name.endswith("=") and term.name not in MODIFIERS:
            todo = "Correct it, or take it out."
            self.doubts.append((f"`{term.text}` is no term that anybody knows, and is passed over", todo))
        elif term.name == "ptr":
            todo = "Name the servers by `a:`, `mx` or `ip4:` instead."
            self.doubts.append((f"`{term.text}` is slow, and many do not look at it any more", todo))

    def _enter(self, term: Term, counts: bool) -> None:
        answer = self._records.answer(term.domain, "TXT")
        if answer is None:
            return
        try:
            text = text_of(term.domain, self._records)
            if text is not None:
                self.visit(term.domain, text, counts=counts)
        except SpfError as problem:
            if problem.in_all:
                raise
            raise SpfError(f"has `{term.text}`, whose own record {problem}", f"There: {problem.todo}") from problem
        if text is None:
            raise SpfError(
                f"has `{term.text}`, and {term.domain} has no SPF record, so all of it counts as broken",
                f"Correct the name, or take `{term.text}` out.",
            )

    def _hosts(self, term: Term, domain: str) -> None:
        if term.name == "a":
            names: Sequence[str] = [domain]
        else:
            servers = self._records.answer(domain, "MX")
            if servers is None:
                return
            names = [server.partition(" ")[2] for server in servers.values]
            if len(names) > MOST_NAMES:
                raise SpfError(
                    f"has `{term.text}`, which stands for {len(names)} servers", "Name networks instead."
                )
        before = len(self._records.lacking)
        addresses = self._records.addresses(names)
        if not addresses and len(self._records.lacking) == before:
            self._is_void(term)

    def _is_void(self, term: Term) -> None:
        self._void += 1
        if self._void > MOST_VOID:
            raise SpfError(
                f"leads to nothing more than {MOST_VOID} times, at last by `{term.text}`, so it counts as broken",
                f"Take out what no longer exists, such as `{term.text}`.",
                in_all=True,
            )
        todo = f"Correct it, or take it out: after {MOST_VOID} such terms all of the record counts as broken."
        self.doubts.append((f"`{term.text}` leads to no server", todo))


def _is_wide(term: Term) -> bool:
    if term.name == "all":
        return True
    if term.network is not None:
        return term.network.prefixlen < WIDE[term.network.version]
    return term.name in ("a", "mx") and (term.prefixes[0] < WIDE[4] or term.prefixes[1] < WIDE[6])
