"""Learners under way are moved to the newest edition, if the author wants it: shown first, then done."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.bulk import update_many
from course.enrolment.many.edition_move import EditionMove, move
from course.models import CourseRow, Enrolment
from course.publishing.editions import Published, Shelf
from course.publishing.revisions import edition_with
from course.publishing.versions import again, in_force, one_at_a_time, put_in_force
from course.schedule.facts import gather
from course.schedule.forecast import look_ahead, undisturbed
from course.schedule.progress import UNDER_WAY, Facts
from course.staff.audit_log import Doer, log_deed
from course.times import CourseTime

PORTION = 1000


@dataclass(frozen=True, slots=True)
class Group:
    """Learners who have the same `lessons` and have had the same of them: the same happens to each."""

    lessons: tuple[str, ...]
    move: EditionMove
    learners: int


def ahead_of_move(session: Session, published: Published) -> tuple[Group, ...]:
    """Return what moving all learners would do, grouped by edition and progress; those with nothing to gain are
    left out."""
    return _groups(published, _moves(session, published, lock=False))


def move_learners(session: Session, shelf: Shelf, slug: str, now: CourseTime, doer: Doer) -> tuple[Group, ...]:
    """Moves everybody who has something to gain, each by their own progress. Nothing is sent at once for it."""
    one_at_a_time(session)
    published = shelf.by_slug(session, slug)
    found = list(_moves(session, published, lock=True))
    editions = _editions(session, published, {move.lessons for _, _, move in found}, now, doer)
    update_many(
        session,
        Enrolment,
        [
            {"id": enrolment.id, "edition_id": editions[move.lessons]}
            | _moments(enrolment, facts, move.lessons, now)
            for enrolment, facts, move in found
        ],
    )
    groups = _groups(published, found)
    if groups:
        log_deed(session, doer, "moved learners", published.id, learners=len(found))
    return groups


def _moves(
    session: Session, published: Published, *, lock: bool
) -> Iterator[tuple[Enrolment, Facts, EditionMove]]:
    newest = published.editions[published.edition_id]
    for enrolments in _under_way(session, published, lock=lock):
        facts = gather(session, published, enrolments)
        for enrolment in enrolments:
            own = facts[enrolment.id]
            found = move(own.lessons, own.posted, newest)
            if found is not None:
                yield enrolment, own, found


def _under_way(session: Session, published: Published, *, lock: bool) -> Iterator[Sequence[Enrolment]]:
    """In portions, and locked where we write: nobody's progress changes between the decision and the deed."""
    last = 0
    while True:
        wanted = (
            select(Enrolment)
            .where(
                Enrolment.id > last,
                Enrolment.course_id == published.id,
                Enrolment.edition_id != published.edition_id,
                Enrolment.state.in_(UNDER_WAY),
                Enrolment.finished_at.is_(None),
            )
            .order_by(Enrolment.id)
            .limit(PORTION)
        )
        portion = session.scalars(wanted.with_for_update() if lock else wanted).all()
        if not portion:
            return
        yield portion
        last = portion[-1].id


def _groups(published: Published, found: Iterable[tuple[Enrolment, Facts, EditionMove]]) -> tuple[Group, ...]:
    counted = Counter((enrolment.edition_id, move) for enrolment, _, move in found)
    return tuple(
        Group(published.editions[edition_id], move, learners)
        for (edition_id, move), learners in sorted(
            counted.items(), key=lambda item: (item[0][0], len(item[0][1].had))
        )
    )


def _editions(
    session: Session, published: Published, wanted: set[tuple[str, ...]], now: CourseTime, doer: Doer
) -> dict[tuple[str, ...], int]:
    """An edition for each order of lessons. New ones make a version of their own: every process hears of that."""
    editions = {lessons: edition_with(session, published.id, lessons, now) for lessons in sorted(wanted)}
    if not set(editions.values()) <= published.editions.keys():
        row = session.get_one(CourseRow, published.id)
        current = in_force(session, row)
        session.add(current)
        put_in_force(session, row, again(current, now, doer, "learners under way were moved"))
    return editions


def _moments(enrolment: Enrolment, facts: Facts, lessons: tuple[str, ...], now: CourseTime) -> dict[str, Any]:
    facts = undisturbed(facts._replace(lessons=lessons), now, enrolment.next_at)
    return {"not_before": facts.not_before, **look_ahead(facts, now).moments}
