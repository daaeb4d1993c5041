"""Many learners at once in a course that is in service, with all that they did: written straight into the tables.

Who they are and what they do follows from a seed. Some stop at each lesson, most of them at `HARD`.
"""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from course.content.course import Lesson
from course.learning.watched_slices import SLICE_SECONDS
from course.models import Base, Completion, Delivery, Enrolment, Event, Feedback, Learner, Tick, Visit, Watch
from course.publishing.editions import Published

ZONES = ("Europe/Berlin", "Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Sydney")
HARD = 2
"""The place of the lesson at which most stop, from 0."""

SAID = ("The second film was what I needed.", "A little long for one evening.", "I did it at once. It worked!")


TABLES = (Learner, Enrolment, Delivery, Visit, Completion, Tick, Watch, Feedback, Event)
"""In an order that keeps foreign keys."""

AT_ONCE = 5_000


def add_crowd(session: Session, published: Published, people: int, now: datetime, seed: int = 1) -> None:
    """Writes so many learners, who began within the last 120 days before `now`."""
    crowd = _Crowd(published, now, Random(seed))
    for number in range(1, people + 1):
        crowd.add_learner(number)
        if number % AT_ONCE == 0:
            crowd.write(session)
    crowd.write(session)


class _Crowd:
    def __init__(self, published: Published, now: datetime, random: Random) -> None:
        self._published, self._now, self._random = published, now, random
        self._rows: dict[type[Base], list[dict[str, Any]]] = {table: [] for table in TABLES}

    def write(self, session: Session) -> None:
        for table, rows in self._rows.items():
            if rows:
                session.execute(insert(table), rows)
                rows.clear()

    def _add(self, table: type[Base], **values: Any) -> None:
        self._rows[table].append(values)

    def add_learner(self, number: int) -> None:
        random, lessons = self._random, self._published.course.lessons
        began = moment = self._now - timedelta(days=random.random() ** 1.5 * 120)
        through = 0
        for day, lesson in enumerate(lessons):
            moment += timedelta(hours=random.choice((0.2, 1, 2, 26, 50)) if day else 0.1)
            due = began + timedelta(days=day)
            if max(moment, due) > self._now:
                break
            self._add_mail(number, lesson.slug, f"{number:024x}{day:08x}", due)
            if random.random() < 0.08:
                break
            done = random.random() > (0.3 if day == HARD else 0.06)
            self._add_visit(number, lesson, max(moment, due), done=done)
            if not done:
                break
            through += 1
        finished = max(moment, began) if through == len(lessons) else None
        self._add(
            Learner, id=number, email=f"learner{number}@example.org", name=f"Learner {number}", created_at=began
        )
        self._add(
            Enrolment,
            id=number, learner_id=number, course_id=self._published.id, edition_id=self._published.edition_id,
            round=1, generation=0, state="finished" if finished else "active", zone=random.choice(ZONES), hour=8,
            weekdays="0123456", pace="daily", tracking=True, created_at=began, confirmed_at=began,
            finished_at=finished, counted=True,
        )  # fmt: skip

    def _add_mail(self, number: int, lesson: str, delivery: str, due: datetime) -> None:
        fate = "bounced" if self._random.random() < 0.01 else "delivered"
        self._add(
            Delivery,
            id=delivery, enrolment_id=number, occasion=f"lesson:{lesson}", kind="lesson", slug=lesson,
            course_id=self._published.id, edition_id=self._published.edition_id, batch="0" * 32, reason="",
            state="accepted", due_at=due, local_on=due.date(), retry_at=due, refusals=0, refused_days=0,
            returns=0, rounds=0, duplicates=0, accepted_at=due, answered_at=due, fate=fate, why="",
        )  # fmt: skip
        for kind in ("opened", "clicked"):
            if verdict := self._random.choice(("human", "machine", "unclear", "")):
                self._add(
                    Event, key=f"{delivery}{kind}", delivery_id=delivery, kind=kind, at=due, received_at=due,
                    verdict=verdict, rule="", link="", raw={},
                )  # fmt: skip

    def _add_visit(self, number: int, lesson: Lesson, at: datetime, *, done: bool) -> None:
        random, where = self._random, {"enrolment_id": number, "lesson": lesson.slug}
        self._add(Visit, **where, visited_at=at)
        for recording in lesson.recordings[:1]:
            slices = max(1, recording.seconds // SLICE_SECONDS)
            end = max(1, int(slices * min(1.0, random.random() * 1.8)))
            stopped, seen = end * SLICE_SECONDS, f"{(1 << end) - 1:x}"
            self._add(Watch, **where, video=recording.source, stopped_at_seconds=stopped, seen=seen, watched_at=at)
        if not done:
            return
        self._add(Completion, **where, completed_at=at)
        for place, item in enumerate(lesson.items):
            if random.random() > 0.15 * place:
                self._add(Tick, **where, item=item.key, ticked_at=at)
        if random.random() < 0.2:
            words = random.choice(SAID) if random.random() < 0.3 else ""
            self._add(Feedback, **where, score=random.choice((1, 2, 2, 3, 3, 3, 3)), words=words, given_at=at)
