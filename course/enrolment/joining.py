"""Register, confirm, and be enrolled by an operator. Nothing here commits: the caller does.

Functions that may post a mail return whether they did.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.addresses.spellings import counted_as, mailbox_of
from course.bulk import insert_into
from course.consent.acts import Shown
from course.consent.left_alone import left_alone, welcome
from course.consent.record import Said, has_given, record
from course.enrolment import way_back_in
from course.enrolment.allowance import mailboxes
from course.enrolment.closed_addresses import open_again
from course.enrolment.enrolments import Participant, find_enrolment, newest_round, replan
from course.enrolment.leaving import come_back
from course.enrolment.registration import Registration
from course.errors import Invalid
from course.locks import lock_learners
from course.models import Enrolment, Learner, Suppression
from course.publishing.editions import Published
from course.schedule import deliveries
from course.schedule.deliveries import ServiceMail
from course.times import CourseTime, Times

BY_CONFIRMING = Shown("confirmation")
LEFT_ALONE_BECAUSE = {
    "left": "they had unsubscribed",
    "complained": "they had marked a mail as unwanted",
    "erased": "they had asked for it",
}


def register(
    session: Session,
    published: Published,
    form: Registration,
    times: Times,
    request: way_back_in.Request = way_back_in.UNASKED,
) -> bool:
    """Takes a registration; what happens next comes by mail, so that the page tells strangers nothing.

    A new or pending address gets a confirmation, one that is already in the course its link: in the place that
    the sign-up was given, or not at all if its mailbox has had its share of such mails. From anybody but those who
    filled the form themselves it raises Invalid for who is to be left alone.
    """
    shown = request.shown
    if shown is None:
        _refuse_left_alone(session, form.email)
    enrolment, learner = _enrolment(session, published, form, times.now)
    if shown is not None:
        _record_form(session, Participant(enrolment, learner, published), form, shown, times.now)
    return way_back_in.write_again(session, enrolment, learner, times, request)


def admit(
    session: Session,
    published: Published,
    form: Registration,
    times: Times,
    *,
    agreed_at: datetime | None = None,
) -> bool:
    """Enrols somebody for whose consent an operator vouches: it starts at once, with the welcome mail.

    Raises Invalid for who has left, or may not be mailed: no operator can take that back for them.
    """
    enrolment, learner = _enrolment(session, published, form, times.now)
    why_not = barred(form.email, enrolment.state, session.get(Suppression, learner.email) is not None)
    if why_not is not None:
        raise Invalid({"email": why_not})
    _refuse_left_alone(session, form.email)
    shown = Shown("operator" if agreed_at is None else "import")
    return confirm(session, Participant(enrolment, learner, published), times, agreed_at=agreed_at, shown=shown)


def barred(email: str, state: str | None, suppressed: bool) -> str | None:
    """Why nobody but they themselves can have this address in the course."""
    if state == "left":
        return f"{email} has left this course. Only they can take it up again, on its page or when asked by mail."
    if suppressed:
        return f"Mail to {email} bounced or was complained about; none is sent any more."
    return None


def _refuse_left_alone(session: Session, email: str) -> None:
    wish = wish_of(email, left_alone(session, [email]).get(email))
    if wish is not None:
        raise Invalid({"email": wish})


def wish_of(email: str, reason: str | None) -> str | None:
    """Why an address that was erased is not brought back by others; `reason` is None for one that never was."""
    if reason is None:
        return None
    return (
        f"All that was held on {email} was erased, with the wish for no mail ({LEFT_ALONE_BECAUSE[reason]})."
        " Only they can join again, on the course's page."
    )


def confirm(
    session: Session,
    who: Participant,
    times: Times,
    *,
    agreed_at: datetime | None = None,
    shown: Shown = BY_CONFIRMING,
) -> bool:
    """The deed of the confirmation page: begins the course, or takes up what had stopped. Twice is once.

    `agreed_at` is when they agreed, if not just now; `shown` how.
    """
    who = Participant(*find_enrolment(session, who.enrolment.id, lock=True), who.published)
    enrolment = who.enrolment
    # Who confirms has just read our mail.
    open_again(session, who.learner.email, times)
    welcome(session, who.learner.email)
    if enrolment.confirmed_at is not None:
        come_back(session, who, times, shown)
        return False
    language = who.published.course.language
    record(session, enrolment, Said("mails", "given", shown, language, agreed_at or times.now))
    enrolment.state = "active"
    enrolment.confirmed_at = agreed_at or times.now
    enrolment.left_at = None
    enrolment.edition_id = who.published.edition_id
    replan(session, who, times.now)
    deliveries.add(session, enrolment, ServiceMail("welcome"), times)
    return True


def _record_form(session: Session, who: Participant, form: Registration, shown: Shown, now: CourseTime) -> None:
    """What the form says; it counts once the address is confirmed, and not of who has confirmed before: of them it
    is looked at all the same, as a stranger is not to learn from a faster answer who is known."""
    enrolment, language = who.enrolment, who.published.course.language
    counts = enrolment.confirmed_at is None
    record(session, enrolment, Said("mails", "given", shown, language, now), counts=counts)
    if "tracking" in shown.words and form.tracking:
        record(session, enrolment, Said("tracking", "given", shown, language, now), counts=counts)
    elif has_given(session, enrolment.id, "tracking") and not form.tracking:
        record(session, enrolment, Said("tracking", "withdrawn", shown, language, now), counts=counts)


def _enrolment(
    session: Session, published: Published, form: Registration, now: CourseTime
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
    elif enrolment.state == "left":
        # Nothing is sent to who has left; that their opens are counted needs a word of theirs.
        enrolment.zone, enrolment.hour = form.zone, form.hour
    return enrolment, learner


def _learner(session: Session, form: Registration, now: CourseTime) -> Learner:
    """The learner with this address, new or known, locked: a second registration waits for the first.

    Who is known by another spelling of the same mailbox is the same learner. They keep the address they confirmed;
    until then it is as it was typed last.
    """
    mailboxes.one_at_a_time(session, [counted_as(form.email)])
    mailbox = mailbox_of(form.email)
    same_box = session.execute(select(Learner.id, Learner.email).where(Learner.mailbox == mailbox)).all()
    if same_box and form.email not in {email for _, email in same_box}:
        known = lock_learners(session, [min(key for key, _ in same_box)])
        if known:
            return _spelt_anew(session, known[0], form)
    fresh = insert_into(session, Learner).values(email=form.email, name=form.name, created_at=now)
    # Who is known is written as they are. That locks them before anybody can erase them.
    same = fresh.on_conflict_do_update(index_elements=["email"], set_={"created_at": Learner.created_at})
    [learner] = lock_learners(session, [session.scalars(same.returning(Learner.id)).one()])
    return learner


def _spelt_anew(session: Session, learner: Learner, form: Registration) -> Learner:
    if not _has_confirmed(session, learner) and session.get(Suppression, learner.email) is None:
        learner.email = form.email
        session.flush()
    return learner


def _has_confirmed(session: Session, learner: Learner) -> bool:
    """Tell whether the learner has confirmed: then only they may change the name, since the form takes words from
    anybody."""
    confirmed = select(Enrolment.id).where(Enrolment.learner_id == learner.id, Enrolment.confirmed_at.is_not(None))
    return session.scalar(confirmed.limit(1)) is not None


def _begin(
    session: Session, published: Published, learner: Learner, form: Registration, now: CourseTime
) -> Enrolment:
    enrolment = Enrolment(
        learner_id=learner.id,
        course_id=published.id,
        edition_id=published.edition_id,
        state="pending",
        zone=form.zone,
        hour=form.hour,
        weekdays="".join(str(day) for day in sorted(published.course.weekdays)),
        pace=published.course.pace,
        max_open=published.course.max_open,
        tracking=form.tracking,
        counted=form.counted,
        created_at=now,
    )
    session.add(enrolment)
    session.flush()
    return enrolment
