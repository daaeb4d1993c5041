"""What was, against what the rules say: counts per kind, and shares."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from course.evidence.hits import Act, Judgement
from course.evidence.judging import judge
from tests.support.evidence.sessions import Session

Maker = Literal["people", "machines"]
JUDGEMENTS: tuple[Judgement, ...] = ("human", "machine", "unclear")


@dataclass(frozen=True, slots=True)
class Judged:
    """A hit of a session: by whom it was made, and what was said of it."""

    kind: str
    key: str
    act: Act
    by: Maker
    said: Judgement
    rule: str


def judged(sessions: Iterable[Session]) -> list[Judged]:
    """Each session judged alone, as one mail's hits are."""
    found = []
    for session in sessions:
        verdicts = judge(session.hits, session.deeds)
        for hit in session.hits:
            by: Maker = "people" if hit.key in session.people else "machines"
            said = verdicts[hit.key]
            found.append(Judged(session.kind, hit.key, hit.act, by, said.judgement, said.rule))
    return found


def counts(found: Iterable[Judged], act: Act, by: Maker) -> Mapping[Judgement, int]:
    return Counter(one.said for one in found if (one.act, one.by) == (act, by))


def share(found: Iterable[Judged], act: Act, by: Maker, said: Judgement) -> float:
    """In percent; of those that there are."""
    counted = counts(found, act, by)
    return 100 * counted.get(said, 0) / (sum(counted.values()) or 1)


def table(found: list[Judged]) -> list[str]:
    """Rows of Markdown: a kind, who, what, and how many are called human, machine and unclear."""
    rows = ["| kind | by | act | human | machine | unclear |", "|---|---|---|---:|---:|---:|"]
    whole = Counter((one.kind, one.by, one.act, one.said) for one in found)
    every = Counter(("**all**", one.by, one.act, one.said) for one in found)
    for counted in (whole, every):
        for kind, by, act in dict.fromkeys(key[:3] for key in counted):
            cells = (str(counted[kind, by, act, said]) for said in JUDGEMENTS)
            rows.append(f"| {kind} | {by} | {act} | {' | '.join(cells)} |")
    return rows
