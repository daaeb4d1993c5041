"""Register, confirm, and be enrolled by an operator. Nothing here commits: the caller does.

Functions that post a mail return its batch, to be hurried along once the commit is done.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.bulk import insert_into
from course.enrolment import way_back_in
from course.enrolment.enrolments import find_enrolment, newest_round, replan
from course.enrolment.leaving import come_back, go_on
from course.enrolment.registration import Registration
from course.errors import Invalid
from course.models import Enrolment, Learner, Suppression
from course.publishing.editions import Published
from course.schedule import deliveries


def register(
    session: Session, published: Published, form: Registration, now: datetime, real: datetime
) -> list[str]:
    """Takes a registration; what happens next comes by mail, so that the page tells strangers nothing.

    A new or pending address gets a confirmation, one that is already in the course its link.
    """
    enrolment, learner = _enrolment(session, published, form, now)
    return way_back_in.write_again(session, enrolment, learner, now, real)


def admit(
    session: Session,
    published: Published,
    form: Registration,
    now: datetime,
    real: datetime,
    *,
    agreed_at: datetime | None = None,
) -> list[str]:
    """Enrols somebody for whose consent an operator vouches: it starts at once, with the welcome mail.

    Raises Invalid for who has left, or may not be mailed: no operator can take that back for them.
    """
    enrolment, learner = _enrolment(session, published, form, now)
    why_not = barred(form.email, enrolment.state, session.get(Suppression, learner.email) is not None)
    if why_not is not None:
        raise Invalid({"email": why_not})
    return confirm(session, enrolment.id, published, now, real, agreed_at=agreed_at)


def barred(email: str, state: str | None, suppressed: bool) -> str | None:
    """Why nobody but they themselves can have this address in the course."""
    if state == "left":
        return f"{email} has left this course. Only they can take it up again, on its page or when asked by mail."
    if suppressed:
        return f"Mail to {email} bounced or was complained about; none is sent any more."
    return None


def confirm(
    session: Session,
    enrolment_id: int,
    published: Published,
    now: datetime,
    real: datetime,
    *,
    agreed_at: datetime | None = None,
) -> list[str]:
    """The deed of the confirmation page: begins the course, or takes up what had stopped. Twice is once.

    `agreed_at` is when they agreed, if not just now.
    """
    enrolment, learner = find_enrolment(session, enrolment_id, lock=True)
    _lift_suppression(session, learner, now, real)
    if enrolment.confirmed_at is not None:
        come_back(session, enrolment, published, now, real)
        return []
    enrolment.state = "active"
    enrolment.confirmed_at = agreed_at or now
    enrolment.left_at = None
    enrolment.edition_id = published.edition_id
    replan(session, enrolment, published, now)
    return [deliveries.add(session, enrolment, "welcome", now, real)]


def _enrolment(
    session: Session, published: Published, form: Registration, now: datetime
) -> tuple[Enrolment, Learner]:
    """What a form is about, begun if need be; its words count until the address is confirmed."""
    learner = _learner(session, form, now)
    if not _has_confirmed(session, learner):
        learner.name = form.name or learner.name
    enrolment = newest_round(session, learner.id, published.id)
    if enrolment is None:
        enrolment = _begin(session, published, learner, form, now)
    elif enrolment.confirmed_at is None:
        enrolment.zone, enrolment.hour, enrolment.tracking = form.zone, form.hour, form.tracking
    return enrolment, learner


def _learner(session: Session, form: Registration, now: datetime) -> Learner:
    """The learner with this address, new or known; safe against two registrations at once."""
    fresh = insert_into(session, Learner).values(email=form.email, name=form.name, created_at=now)
    session.execute(fresh.on_conflict_do_nothing())
    # The row lock makes a second registration of the same address wait for the first.
    return session.scalars(select(Learner).where(Learner.email == form.email).with_for_update()).one()


def _has_confirmed(session: Session, learner: Learner) -> bool:
    """From then on only the learner may change the name: the form takes words from anybody."""
    confirmed = select(Enrolment.id).where(Enrolment.learner_id == learner.id, Enrolment.confirmed_at.is_not(None))
    return session.scalar(confirmed.limit(1)) is not None


def _begin(
    session: Session, published: Published, learner: Learner, form: Registration, now: datetime
) -> Enrolment:
    enrolment = Enrolment(
        learner_id=learner.id,
        course_id=published.id,
        edition_id=published.edition_id,
        state="pending",
        zone=form.zone,
        hour=form.hour,
        weekdays="".join(str(day) for day in sorted(published.course.weekdays)),
        max_open=published.course.max_open,
        tracking=form.tracking,
        counted=form.counted,
        created_at=now,
    )
    session.add(enrolment)
    session.flush()
    return enrolment


def _lift_suppression(session: Session, learner: Learner, now: datetime, real: datetime) -> None:
    """Who confirms has just read our mail: what the suppression stopped goes on, in each of their courses."""
    suppressed = session.get(Suppression, learner.email)
    if suppressed is None:
        return
    session.delete(suppressed)
    go_on(session, learner, now, real)
