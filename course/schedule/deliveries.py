"""New deliveries: one row for each occasion, whatever happens twice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from course.bulk import among
from course.content.mails import MailKind
from course.ids import new_id
from course.models import Delivery, Enrolment
from course.schedule.facts import Subject
from course.schedule.progress import Nudge, Send
from course.schedule.rhythm import local_date


def add(
    session: Session,
    enrolment: Enrolment,
    kind: MailKind,
    now: datetime,
    real: datetime,
    *,
    slug: str = "",
    email: str | None = None,
) -> str:
    """A mail that is due at once; returns its batch, to be hurried along after the commit.

    Its occasion counts upwards (`confirm:1`, `confirm:2`, `again:<slug>:1`): asking twice is two occasions.
    `email` is where it goes if not to the learner's own address.
    """
    earlier = session.scalar(
        select(func.count()).where(
            Delivery.enrolment_id == enrolment.id, Delivery.kind == kind, Delivery.slug == slug
        )
    )
    occasion = ":".join(filter(None, (kind, slug, str((earlier or 0) + 1))))
    values = queued(enrolment, occasion, new_id(), now, now, real)
    session.add(Delivery(**values | {"slug": slug, "email": email}))
    session.flush()
    return str(values["batch"])


def unite(session: Session, batches: Sequence[str]) -> list[str]:
    """Batches of mails that say the same become one, and so one job; none stays none."""
    if len(batches) > 1:
        moved = update(Delivery).where(among(session, Delivery.batch, batches[1:])).values(batch=batches[0])
        session.execute(moved.execution_options(synchronize_session=False))
    return list(batches[:1])


def planned(
    enrolment: Enrolment | Subject, mail: Send | Nudge, batch: str, now: datetime, real: datetime
) -> dict[str, Any]:
    """The columns of a lesson, or of the one nudge after it."""
    kind, slug = ("lesson", mail.lesson) if isinstance(mail, Send) else ("nudge", "")
    values = queued(enrolment, f"{kind}:{mail.lesson}", batch, mail.at, now, real)
    return values | {"slug": slug, "reason": mail.why}


def queued(
    enrolment: Enrolment | Subject, occasion: str, batch: str, due_at: datetime, now: datetime, real: datetime
) -> dict[str, Any]:
    """The columns of a new delivery, which waits to be sent."""
    return {
        "id": new_id(),
        "enrolment_id": enrolment.id,
        "occasion": occasion,
        "kind": occasion.partition(":")[0],
        "slug": "",
        "course_id": enrolment.course_id,
        "edition_id": enrolment.edition_id,
        "batch": batch,
        "reason": "",
        "state": "queued",
        "due_at": due_at,
        "local_on": local_date(now, enrolment.zone),
        "retry_at": real,
        "refusals": 0,
        "rounds": 0,
        "duplicates": 0,
        "why": "",
    }


def sent_so_far(session: Session, enrolment: Enrolment, kind: MailKind) -> tuple[int, datetime | None]:
    """How many mails of this kind there were, and when the newest became due."""
    count, newest = session.execute(
        select(func.count(), func.max(Delivery.due_at)).where(
            Delivery.enrolment_id == enrolment.id, Delivery.kind == kind
        )
    ).one()
    return count, newest
