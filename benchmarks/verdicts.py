"""How often the verdicts on opens, clicks and visits are right, at made-up sessions; and what one costs."""

import time

from benchmarks.bench import Bench
from benchmarks.rows import Result, Sample, limited, repeated
from course.evidence.judging import judge
from tests.support.evidence.matrix import Judged, judged, share, table
from tests.support.evidence.sessions import Part, sessions

CAUGHT_PERCENT = 97
ACCUSED_PERCENT = 1
MICROSECONDS = 500
PARTS: tuple[Part, ...] = ("tuning", "held_out")


def run(bench: Bench) -> list[Result]:
    rows: list[Result] = []
    for part in PARTS:
        found = judged(sessions(part))
        bench.console.print(f"{part}, {len(sessions(part))} sessions", *table(found), sep="\n", markup=False)
        rows.extend(_shares(part, found))
    rows.append(limited("a verdict, with all that its session tells", "us", _cost(bench), "at most", MICROSECONDS))
    return rows


def _shares(part: Part, found: list[Judged]) -> list[Result]:
    caught = share(found, "clicked", "machines", "machine")
    accused = share(found, "clicked", "people", "machine")
    unclear = share(found, "clicked", "people", "unclear")
    note = f"{part}: {unclear:.0f}% of people's clicks are unclear: nothing they did later proves them"
    return [
        limited(f"machines' clicks caught ({part})", "%", Sample((caught,)), "at least", CAUGHT_PERCENT, [note]),
        limited(
            f"people's clicks called a machine's ({part})", "%", Sample((accused,)), "at most", ACCUSED_PERCENT
        ),
    ]


def _cost(bench: Bench) -> Sample:
    found = sessions("tuning")
    hits = sum(len(session.hits) for session in found)

    def once() -> float:
        began = time.perf_counter()
        for session in found:
            judge(session.hits, session.deeds)
        return (time.perf_counter() - began) * 1e6 / hits

    return repeated(bench.rounds, once)
