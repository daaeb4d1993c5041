"""The lessons that went out to learners, and whether they had those otherwise whose mail failed."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.bulk import among
from course.models import Completion, Delivery, Visit
from course.schedule.progress import Posted

NEVER_CAME = ("failed", "cancelled")
"""The states of a mail that was given up, or stopped because nobody may be mailed there."""

Lesson = tuple[int, str]
"""An enrolment's id, and a lesson's slug."""

Lessons = defaultdict[int, dict[str, Posted]]
Nudged = defaultdict[int, set[str]]


def mails_so_far(session: Session, ids: Sequence[int]) -> tuple[Lessons, Nudged]:
    """By enrolment id, the lessons that went out, in order, and those after which a nudge did."""
    posted, nudged = Lessons(dict), Nudged(set)
    failed: set[Lesson] = set()
    again: dict[Lesson, Posted] = {}
    rows = session.execute(
        select(
            Delivery.enrolment_id,
            Delivery.occasion,
            Delivery.kind,
            Delivery.slug,
            Delivery.local_on,
            Delivery.accepted_at,
            Delivery.state,
        )
        .where(
            among(session, Delivery.enrolment_id, ids),
            Delivery.kind.in_(("lesson", "nudge", "again")),
            Delivery.state != "postponed",
        )
        .order_by(Delivery.due_at)
    )
    for enrolment_id, occasion, kind, slug, local_on, accepted_at, state in rows:
        if kind == "nudge":
            nudged[enrolment_id].add(occasion.removeprefix("nudge:"))
            continue
        mail = Posted(local_on, accepted_at, failed=state in NEVER_CAME)
        if kind == "again":
            _keep_better(again, (enrolment_id, slug), mail)
            continue
        posted[enrolment_id][slug] = mail
        if mail.failed:
            failed.add((enrolment_id, slug))
    if failed:
        _mailed_again(posted, failed & again.keys(), again)
        _read_on_its_page(session, posted, failed)
    return posted, nudged


def _keep_better(again: dict[Lesson, Posted], lesson: Lesson, mail: Posted) -> None:
    """Of several that were asked for, one that arrived; else the newest."""
    if lesson not in again or again[lesson].accepted_at is None:
        again[lesson] = mail


def _mailed_again(posted: Lessons, lessons: Collection[Lesson], again: dict[Lesson, Posted]) -> None:
    """The mail that was asked for stands for the lesson's own."""
    for enrolment_id, slug in lessons:
        copy, own = again[enrolment_id, slug], posted[enrolment_id][slug]
        posted[enrolment_id][slug] = replace(own, failed=copy.failed, had_at=copy.accepted_at)


def _read_on_its_page(session: Session, posted: Lessons, failed: Collection[Lesson]) -> None:
    """Since when: by opening or by completing it."""
    ids = sorted({enrolment_id for enrolment_id, _ in failed})
    for table, at in ((Visit, Visit.visited_at), (Completion, Completion.completed_at)):
        rows = session.execute(
            select(table.enrolment_id, table.lesson, at).where(among(session, table.enrolment_id, ids))
        )
        for enrolment_id, slug, moment in rows:
            if (enrolment_id, slug) in failed:
                own = posted[enrolment_id][slug]
                posted[enrolment_id][slug] = replace(own, had_at=min(own.had_at or moment, moment))
