"""What a rehearsal has shown: when lessons come, on which days none does, and which clock changes were met."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from course.language.words import ENGLISH


@dataclass(frozen=True, slots=True)
class Summary:
    """`hours` counts lessons by the local hour at which they came; `skipped` the days without one, by weekday."""

    learners: int
    mails: int
    earliest: datetime | None
    latest: datetime | None
    hours: dict[int, int]
    skipped: dict[str, int]
    clock_changes: dict[str, int]

    def lines(self) -> list[str]:
        """Return the summary as lines for people."""
        if self.earliest is None or self.latest is None:
            return ["No lesson was sent."]
        hours = ", ".join(f"{hour}:00 ({count})" for hour, count in self.hours.items())
        skipped = ", ".join(f"{day} ({count})" for day, count in self.skipped.items())
        changes = ", ".join(f"{change} ({count})" for change, count in self.clock_changes.items())
        return [
            f"{self.mails:,} mails to {self.learners:,} learner{'s' if self.learners > 1 else ''}",
            f"first lesson at {self.earliest:%Y-%m-%d %H:%M} ({self.earliest.tzinfo}),"
            f" last at {self.latest:%Y-%m-%d %H:%M} ({self.latest.tzinfo})",
            f"local hours of the lessons: {hours}",
            f"weekdays skipped: {skipped or 'none'}",
            f"clock changes met: {changes or 'none'}",
        ]


def summarize(mails: int, learners: Iterable[Sequence[datetime]]) -> Summary:
    """Sum up a rehearsal from each learner's local sending moments, in order."""
    hours: Counter[int] = Counter()
    skipped: Counter[str] = Counter()
    changes: Counter[str] = Counter()
    every: list[datetime] = []
    count = 0
    for moments in learners:
        count += 1
        every += [min(moments), max(moments)] if moments else []
        hours.update(moment.hour for moment in moments)
        for one, other in pairwise(moments):
            skipped.update(ENGLISH.weekdays[day.weekday()] for day in _between(one.date(), other.date()))
            if one.utcoffset() != other.utcoffset():
                changes[f"{ENGLISH.day(other.date())} {other.year}"] += 1
    return Summary(
        learners=count,
        mails=mails,
        earliest=min(every, default=None),
        latest=max(every, default=None),
        hours=dict(sorted(hours.items())),
        skipped={day: skipped[day] for day in ENGLISH.weekdays if day in skipped},
        clock_changes=dict(changes.most_common()),
    )


def _between(one: date, other: date) -> Iterable[date]:
    return (one + timedelta(days=days) for days in range(1, (other - one).days))
