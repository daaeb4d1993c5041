"""How much of each film is watched, from its first seconds to its last."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.content.course import Course, Recording
from course.learning.watched_slices import SLICE_SECONDS
from course.models import Enrolment, Watch
from course.reports.figures.choice import Choice

MOST_WATCHERS = 2_000
"""Of a course, the newest: what they do says what others would."""
PARTS = 40


@dataclass(frozen=True, slots=True)
class Film:
    """`parts` are shares of its length in turn: how many of the `watchers` saw each, from 0 to 1."""

    lesson: str
    recording: Recording
    watchers: int
    parts: tuple[float, ...]

    @property
    def quarters(self) -> tuple[float, ...]:
        """The mean share of each quarter of the film; a film of fewer parts has fewer."""
        count = len(self.parts)
        bounds = [number * count // 4 for number in range(5)]
        return tuple(sum(self.parts[start:end]) / (end - start) for start, end in pairwise(bounds) if end > start)


def films(session: Session, choice: Choice, course: Course) -> tuple[Film, ...]:
    """The films and recordings of the course's lessons that anybody has begun, in their order."""
    seen: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    rows = session.execute(
        choice.of(
            select(Watch.lesson, Watch.video, Watch.seen).join(Enrolment, Enrolment.id == Watch.enrolment_id)
        )
        .order_by(Watch.watched_at.desc())
        .limit(MOST_WATCHERS)
    )
    for lesson, video, digits in rows:
        seen[lesson, video].append(int(digits, 16))
    return tuple(
        Film(lesson.slug, recording, len(watched), parts_of(watched, recording.seconds))
        for lesson in course.lessons
        for recording in lesson.recordings
        if (watched := seen.get((lesson.slug, recording.source)))
    )


def parts_of(seen: Iterable[int], seconds: int) -> tuple[float, ...]:
    """Which share of the watchers saw each part of a film; a short one has as many parts as slices."""
    watched = tuple(seen)
    slices = max(1, -(-seconds // SLICE_SECONDS))
    parts = min(PARTS, slices)
    bounds = [number * slices // parts for number in range(parts + 1)]
    return tuple(
        sum(_within(one, start, end) for one in watched) / (len(watched) * (end - start))
        for start, end in pairwise(bounds)
    )


def _within(seen: int, start: int, end: int) -> int:
    """How many slices from `start` up to before `end` were seen."""
    return (seen >> start & (1 << end - start) - 1).bit_count()
