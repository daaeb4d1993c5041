"""New deliveries: one row for each occasion, whatever happens twice.

Each is posted in the transaction it is made in, so that it is hurried along after the commit.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.content.mails import AWAITED_MAILS, MailKind
from course.db import batch_for
from course.ids import new_id
from course.models import Delivery, Enrolment
from course.schedule.facts import Subject
from course.schedule.progress import Nudge, Send
from course.schedule.rhythm import local_date
from course.times import Times


@dataclass(frozen=True, slots=True)
class ServiceMail:
    """A mail that is due at once, since somebody did something. `slug` is a lesson's that is mailed again.

    `email` is where it goes if not to the learner's own address; `asked_by` whose asking it answers.
    """

    kind: MailKind
    slug: str = ""
    email: str | None = None
    asked_by: str = ""


def add(session: Session, enrolment: Enrolment, mail: ServiceMail, times: Times) -> None:
    """Posts a mail that is due at once.

    Its occasion counts upwards (`confirm:1`, `confirm:2`, `again:<slug>:1`): asking twice is two occasions.
    """
    earlier = session.scalar(
        select(func.count()).where(
            Delivery.enrolment_id == enrolment.id, Delivery.kind == mail.kind, Delivery.slug == mail.slug
        )
    )
    occasion = ":".join(filter(None, (mail.kind, mail.slug, str((earlier or 0) + 1))))
    columns = _queued(session, enrolment, occasion, mail.slug, times)
    session.add(Delivery(**columns, email=mail.email, asked_by=mail.asked_by or None))
    session.flush()


def planned(session: Session, enrolment: Enrolment | Subject, mail: Send | Nudge, times: Times) -> dict[str, Any]:
    """The columns of a lesson, or of the one nudge after it; posted already, and to be inserted by the caller."""
    kind, slug = ("lesson", mail.lesson) if isinstance(mail, Send) else ("nudge", "")
    values = _queued(session, enrolment, f"{kind}:{mail.lesson}", slug, times)
    return values | {"due_at": mail.at, "reason": mail.why}


def _queued(
    session: Session, enrolment: Enrolment | Subject, occasion: str, slug: str, times: Times
) -> dict[str, Any]:
    """The columns of a new delivery, which waits to be sent. Mails that say the same go in one batch."""
    kind = occasion.partition(":")[0]
    says = (enrolment.edition_id, kind, slug, enrolment.tracking)
    return {
        "id": new_id(),
        "enrolment_id": enrolment.id,
        "occasion": occasion,
        "kind": kind,
        "slug": slug,
        "course_id": enrolment.course_id,
        "edition_id": enrolment.edition_id,
        "batch": batch_for(session, says, awaited=kind in AWAITED_MAILS),
        "reason": "",
        "state": "queued",
        "due_at": times.now,
        "local_on": local_date(times.now, enrolment.zone),
        "retry_at": times.real,
        "refusals": 0,
        "returns": 0,
        "rounds": 0,
        "duplicates": 0,
        "why": "",
    }


def sent_so_far(
    session: Session, enrolment: Enrolment, kind: MailKind, asked_by: str = ""
) -> tuple[int, datetime | None]:
    """How many mails of this kind answered this asker, and when the newest became due."""
    count, newest = session.execute(
        select(func.count(), func.max(Delivery.due_at)).where(
            Delivery.enrolment_id == enrolment.id,
            Delivery.kind == kind,
            func.coalesce(Delivery.asked_by, "") == asked_by,
        )
    ).one()
    return count, newest


def askers_since(session: Session, enrolment: Enrolment, kind: MailKind, since: datetime) -> list[str]:
    """Whose asking each mail of this kind answered that became due since then."""
    asked = session.scalars(
        select(Delivery.asked_by).where(
            Delivery.enrolment_id == enrolment.id, Delivery.kind == kind, Delivery.due_at > since
        )
    )
    return [asker or "" for asker in asked]
