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
from course.times import CourseTime, RealTime, Times


@dataclass(frozen=True, slots=True)
class ServiceMail:
    """A mail that is due at once, since somebody did something. `slug` is a lesson's that is mailed again.

    `email` is where it goes if not to the learner's own address; `asked_by` whose asking it answers.
    """

    kind: MailKind
    slug: str = ""
    email: str | None = None
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a mail among others. It goes at once, or once `leaves_at` (real time) has come; `first`: before
    other mails that somebody waits for."""

    leaves_at: RealTime | None = None
    first: bool = False


AT_ONCE = Place()


def add(session: Session, enrolment: Enrolment, mail: ServiceMail, times: Times, place: Place = AT_ONCE) -> None:
    """Posts a mail that is due at once, or as its place says.

    Its occasion counts upwards (`confirm:1`, `confirm:2`, `again:<slug>:1`): asking twice is two occasions.
    """
    earlier = session.scalar(
        select(func.count()).where(
            Delivery.enrolment_id == enrolment.id, Delivery.kind == mail.kind, Delivery.slug == mail.slug
        )
    )
    occasion = ":".join(filter(None, (mail.kind, mail.slug, str((earlier or 0) + 1))))
    queued = _queued(session, enrolment, occasion, mail.slug, times, place)
    session.add(Delivery(**queued, email=mail.email, asked_by=mail.asked_by or None))
    session.flush()


def hasten(session: Session, enrolment: Enrolment, kind: MailKind, times: Times, place: Place) -> bool:
    """Has a mail that waits for its moment go at once, if this place is such; whether there is one that waits."""
    waiting = session.scalar(
        select(Delivery)
        .where(
            Delivery.enrolment_id == enrolment.id,
            Delivery.kind == kind,
            Delivery.state == "queued",
            Delivery.refusals == 0,
            Delivery.retry_at > times.real,
        )
        .limit(1)
        .with_for_update()
    )
    if waiting is None:
        return False
    if place.leaves_at is None:
        says = (enrolment.edition_id, kind, "", enrolment.tracking)
        waiting.batch = batch_for(session, says, awaited=True, first=place.first)
        waiting.due_at, waiting.retry_at = times.now, times.real
        session.flush()
    return True


def planned(session: Session, enrolment: Enrolment | Subject, mail: Send | Nudge, times: Times) -> dict[str, Any]:
    """The columns of a lesson, or of the one nudge after it; posted already, and to be inserted by the caller."""
    kind, slug = ("lesson", mail.lesson) if isinstance(mail, Send) else ("nudge", "")
    values = _queued(session, enrolment, f"{kind}:{mail.lesson}", slug, times)
    return values | {"due_at": mail.at, "reason": mail.why}


def _queued(  # noqa: PLR0913 - a row has many columns
    session: Session,
    enrolment: Enrolment | Subject,
    occasion: str,
    slug: str,
    times: Times,
    place: Place = AT_ONCE,
) -> dict[str, Any]:
    """The columns of a new delivery, which waits to be sent. Mails that say the same go in one batch, but for one
    that leaves later: nobody is to hurry it, the planning step finds it in time."""
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
        "batch": new_id()
        if place.leaves_at
        else batch_for(session, says, awaited=kind in AWAITED_MAILS, first=place.first),
        "reason": "",
        "state": "queued",
        "due_at": times.now + ((place.leaves_at or times.real) - times.real),
        "local_on": local_date(times.now, enrolment.zone),
        "retry_at": place.leaves_at or times.real,
        "refusals": 0,
        "returns": 0,
        "rounds": 0,
        "duplicates": 0,
        "why": "",
    }


def sent_since(
    session: Session, enrolment: Enrolment, kind: MailKind, since: CourseTime, asked_by: str = ""
) -> tuple[int, datetime | None]:
    """How many mails of this kind answered this asker since that moment, and when the newest became due."""
    count, newest = session.execute(
        select(func.count(), func.max(Delivery.due_at)).where(
            Delivery.enrolment_id == enrolment.id,
            Delivery.kind == kind,
            Delivery.due_at > since,
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
