"""SPF (RFC 7208): who may send in a domain's name, and whether anybody can make out what its record says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailer.sender_dns.records import Records
from mailer.sender_dns.spf_terms import RECORD, Term
from mailer.sender_dns.spf_walk import Walk, text_of


@dataclass(frozen=True, slots=True)
class SpfRecord:
    """A domain's record, and that of all it includes, as far as they can be told. `allows_some`: whether anybody
    may send; `open_by`: the term by which everybody may; `doubts`: what is odd, and what to do."""

    text: str
    terms: Sequence[Term]
    look_ups: int
    allows_some: bool
    open_by: str
    doubts: Sequence[tuple[str, str]]

    @property
    def ending(self) -> Term | None:
        """What it says of everybody else."""
        return next((term for term in self.terms if term.name == "all"), None)

    @property
    def redirect(self) -> Term | None:
        return next((term for term in self.terms if term.name == "redirect="), None)


def record_of(domain: str, records: Records) -> SpfRecord | None:
    """None where there is none. Raises SpfError where it is of no use, and Silent."""
    text = text_of(domain, records)
    if text is None:
        return None
    walk = Walk(records)
    terms = walk.visit(domain, text)
    return SpfRecord(text, terms, walk.look_ups, walk.allows_some, walk.open_by, list(dict.fromkeys(walk.doubts)))


def near_misses(domain: str, records: Records) -> Iterator[str]:
    """Texts that were meant as an SPF record, and are none."""
    for text in records.values(domain, "TXT"):
        if "spf1" in text.lower().replace(" ", "")[:12] and not RECORD.match(text):
            yield text
