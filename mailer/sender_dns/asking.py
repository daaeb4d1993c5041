"""DNS, asked: many questions at once, and no longer than one wants to wait."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import TypeVar

from dns.exception import DNSException
from dns.name import from_text
from dns.rdatatype import MX, TXT
from dns.resolver import NXDOMAIN, NoAnswer, Resolver, get_default_resolver
from dns.resolver import Answer as Found

from mailer.sender_dns.records import Answer, Question, Records

T = TypeVar("T")
EACH_SECONDS = 5.0
ALL_SECONDS = 20.0
MOST_ROUNDS = 14
"""Each goes one name deeper, and a record may lead through ten others."""

AT_ONCE = 12


def look_up(judge: Callable[[Records], T], resolver: Resolver | None = None, patience: float = ALL_SECONDS) -> T:
    """What the judge says once all it wants to know is known, or time is up. `patience` in seconds."""
    known: dict[Question, Answer] = {}
    ends_at = monotonic() + patience
    for _ in range(MOST_ROUNDS):
        records = Records(known)
        said = judge(records)
        if not records.lacking:
            return said
        left = ends_at - monotonic()
        known |= ask(sorted(records.lacking), resolver, min(left, EACH_SECONDS))
    return judge(Records(known))


def ask(questions: Iterable[Question], resolver: Resolver | None, seconds: float) -> dict[Question, Answer]:
    """An answer to each, silent where nobody answers in time."""
    questions = list(questions)
    try:
        asked = resolver or get_default_resolver()
    except DNSException:
        return dict.fromkeys(questions, Answer(silent=True))
    if seconds <= 0:
        return dict.fromkeys(questions, Answer(silent=True))
    with ThreadPoolExecutor(AT_ONCE, "dns") as threads:
        return dict(zip(questions, threads.map(lambda one: _ask(one, asked, seconds), questions), strict=True))


def _ask(question: Question, resolver: Resolver, seconds: float) -> Answer:
    try:
        found = resolver.resolve(from_text(question.name), question.kind, lifetime=seconds)
    except (NXDOMAIN, NoAnswer):
        return Answer()
    # ValueError: a name that cannot be, such as one with an empty label.
    except (DNSException, OSError, ValueError) as problem:
        return Answer(silent=not isinstance(problem, ValueError))
    return Answer(tuple(_values(found)), alias=found.canonical_name.to_text(omit_final_dot=True).lower())


def _values(found: Found) -> Iterable[str]:
    for record in found:
        if found.rdtype == TXT:
            yield b"".join(record.strings).decode("utf-8", "replace")
        elif found.rdtype == MX:
            yield f"{record.preference} {record.exchange.to_text(omit_final_dot=True)}"
        else:
            yield record.to_text()
