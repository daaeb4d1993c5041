"""An author who edits, and learners under way, in plain values: the real decisions beside a plain memory.

Every lesson has a number that never changes: by it the memory tells lessons apart, whatever they are called.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from course.content.course import Lesson
from course.content.lesson_identity import Names, renames
from course.enrolment.many.edition_move import move
from course.schedule.forecast import look, look_ahead, undisturbed
from course.schedule.progress import Facts, Pace, Posted, Send
from course.schedule.rhythm import Rhythm, local_date

BEGAN = datetime(2026, 3, 23, 5, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Drafted:
    number: int
    slug: str
    was: tuple[str, ...] = ()


@dataclass
class Enrolled:
    """`sent` remembers the number of each lesson, and when it went out."""

    facts: Facts
    edition: int
    due_at: datetime | None
    sent: list[tuple[int, datetime]] = field(default_factory=list)


class PlainEditing:
    """What is in service, kept as the tables keep it: by slugs."""

    def __init__(self) -> None:
        self.now = BEGAN
        self.draft = [Drafted(number, f"n{number}") for number in range(3)]
        self.gone: list[Drafted] = []
        self.numbers = 3
        self.documents: dict[str, int] = {}
        self.former: dict[str, str] = {}
        self.editions: list[tuple[str, ...]] = []
        self.newest = 0
        self.versions: list[tuple[dict[int, str], int]] = []
        self.learners: list[Enrolled] = []
        self.refused = 0
        self.publish()

    def fresh(self) -> int:
        self.numbers += 1
        return self.numbers - 1

    def publish(self) -> None:
        lessons = [Lesson(d.slug, d.slug, d.slug, "", (), (), 0, d.was) for d in self.draft]
        names = Names(frozenset(self.documents), self.former)
        renamed, problems = renames(lessons, {d.slug: f"{d.slug}.md" for d in self.draft}, names)
        if problems or not lessons:
            self.refused += 1
            return
        for new, old in renamed.items():
            self._rename(old, new)
        for drafted in self.draft:
            self.documents.setdefault(drafted.slug, drafted.number)
            assert self.documents[drafted.slug] == drafted.number, "a lesson is the one its author means"
        self.newest = self._edition(tuple(d.slug for d in self.draft))
        self._remember()

    def roll_back(self, version: int) -> None:
        slugs, edition = self.versions[version % len(self.versions)]
        today = {number: slug for slug, number in self.documents.items()}
        for number, slug in slugs.items():
            if today[number] != slug:
                self._rename(today[number], slug)
        self.newest = edition
        self._remember()

    def _remember(self) -> None:
        in_service = self.editions[self.newest]
        self.versions.append(({self.documents[slug]: slug for slug in in_service}, self.newest))

    def _edition(self, lessons: tuple[str, ...]) -> int:
        if lessons not in self.editions:
            self.editions.append(lessons)
        return self.editions.index(lessons)

    def _rename(self, old: str, new: str) -> None:
        """As `course.renaming` does with rows."""
        self.documents[new] = self.documents.pop(old)
        self.former.pop(new, None)
        self.former = {slug: new if now == old else now for slug, now in self.former.items()} | {old: new}
        self.editions = [tuple(new if s == old else s for s in edition) for edition in self.editions]
        for learner in self.learners:
            facts = learner.facts
            learner.facts = facts._replace(
                lessons=self.editions[learner.edition],
                posted={new if slug == old else slug: posted for slug, posted in facts.posted.items()},
                completed=frozenset(new if slug == old else slug for slug in facts.completed),
            )

    def enrol(self, zone: str, hour: int, pace: Pace) -> None:
        rhythm = Rhythm(zone, hour, spread=17 * len(self.learners))
        facts = Facts(self.editions[self.newest], {}, frozenset(), rhythm, "active", self.now, pace=pace)
        self.learners.append(Enrolled(facts, self.newest, self.now))

    def move(self) -> None:
        for learner in self.learners:
            found = move(learner.facts.lessons, learner.facts.posted, self.editions[self.newest])
            if found is None or learner.edition == self.newest:
                continue
            learner.edition = self._edition(found.lessons)
            self._act(learner, lessons=found.lessons)

    def complete(self, learner: Enrolled) -> None:
        facts = learner.facts
        self._act(
            learner,
            completed=frozenset(facts.posted),
            completed_at=(facts.completed_at or self.now) if facts.newest in facts.completed else self.now,
        )

    def pause(self, learner: Enrolled, days: int) -> None:
        self._act(learner, resumes_on=local_date(self.now, learner.facts.rhythm.zone) + timedelta(days=days))

    def _act(self, learner: Enrolled, **changes: Any) -> None:
        next_at = look_ahead(learner.facts, self.now).next_at
        learner.facts = undisturbed(learner.facts._replace(**changes), self.now, next_at)
        learner.due_at = look_ahead(learner.facts, self.now).again_at

    def forward(self, hours: int) -> None:
        """Every planning step at its moment."""
        until = self.now + timedelta(hours=hours)
        while coming := [due for x in self.learners if (due := x.due_at) is not None and due <= until]:
            self.now = max(self.now, min(coming))
            self.plan()
        self.now = until

    def plan(self) -> int:
        """One step; how many lessons went out."""
        return sum(self._look(x) for x in self.learners if x.due_at is not None and x.due_at <= self.now)

    def _look(self, learner: Enrolled) -> bool:
        found = look(learner.facts, self.now)
        learner.due_at = found.again_at
        if not isinstance(found.mail, Send):
            return False
        posted = Posted(local_date(self.now, learner.facts.rhythm.zone), self.now)
        learner.facts = learner.facts._replace(posted={**learner.facts.posted, found.mail.lesson: posted})
        learner.sent.append((self.documents[found.mail.lesson], self.now))
        return True

    def lessons_of(self, learner: Enrolled) -> tuple[int, ...]:
        """The numbers of the lessons that are the learner's."""
        return tuple(self.documents[slug] for slug in self.editions[learner.edition])
