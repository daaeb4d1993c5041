"""A lesson mailed once more: the learner asks for it on its page, or an operator after it failed. Nothing here
commits."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.enrolment.enrolments import Participant, replan
from course.enrolment.leaving import take_up_stopped
from course.errors import Invalid, Refused
from course.language.words import Phrase
from course.models import Delivery, Enrolment, Suppression
from course.schedule import deliveries
from course.schedule.deliveries import ServiceMail
from course.schedule.facts import facts_of
from course.schedule.progress import UNDER_WAY
from course.schedule.rhythm import A_DAY
from course.times import RealTime, Times

MOST_A_DAY = 3
SAME_WISH = timedelta(minutes=5)
"""Asking for the same lesson again within this real time is the same wish: a second press, tab, or way back."""


def mail_again(session: Session, who: Participant, slug: str, times: Times) -> bool:
    """Posts the lesson; False while one is on its way or has just gone out.

    Raises Invalid, with the reason, where no mail may or would go. `who` is locked.
    """
    enrolment, learner = who.enrolment, who.learner
    if enrolment.state == "left":
        raise _refused(
            Phrase("You have left this course, so it sends you no mail. The lesson stays here to read.")
        )
    if session.get(Suppression, learner.email) is not None:
        raise _refused(
            Phrase(
                "Mail to %(email)s came back or was marked as unwanted, so none is sent there."
                " The lesson stays here to read.",
                {"email": learner.email},
            )
        )
    if _under_way(session, enrolment, slug, times.real):
        return False
    asked = session.scalar(
        select(func.count()).where(
            Delivery.enrolment_id == enrolment.id, Delivery.kind == "again", Delivery.due_at > times.now - A_DAY
        )
    )
    if (asked or 0) >= MOST_A_DAY:
        raise _refused(
            Phrase(
                "%(most)s lessons were mailed to you again within a day."
                " Please look in the junk folder, or ask again tomorrow.",
                {"most": MOST_A_DAY},
            )
        )
    stood_still = is_undelivered(session, who, slug)
    deliveries.add(session, enrolment, ServiceMail("again", slug=slug), times)
    if stood_still:
        replan(session, who, times.now)
    return True


def is_undelivered(session: Session, who: Participant, slug: str) -> bool:
    """Whether this lesson's mail failed, and the learner has not had it otherwise."""
    posted = facts_of(session, who.published, who.enrolment).posted.get(slug)
    return posted is not None and posted.failed and posted.came_at is None


def send_again(session: Session, who: Participant, slug: str, times: Times) -> None:
    """Queues a lesson whose mail failed, under the same ids: an operator's deed. Twice is once.

    Raises Refused where no mail may go. `who` is locked.
    """
    enrolment, learner = who.enrolment, who.learner
    if enrolment.state not in (*UNDER_WAY, "finished"):
        raise Refused(Phrase("This learner is not in the course now, so no lesson goes out to them."))
    if session.get(Suppression, learner.email) is not None:
        raise Refused(
            Phrase(
                "Mail to %(email)s came back or was marked as unwanted, so none is sent there. The learner can"
                " give another address on their page, or confirm this one anew.",
                {"email": learner.email},
            )
        )
    take_up_stopped(session, enrolment, times, slug)
    if enrolment.state in UNDER_WAY:
        replan(session, who, times.now)


def _under_way(session: Session, enrolment: Enrolment, slug: str, real: RealTime) -> bool:
    waits = Delivery.state.in_(("queued", "sending"))
    went = func.coalesce(Delivery.answered_at, Delivery.retry_at) > real - SAME_WISH
    same = (Delivery.enrolment_id == enrolment.id, Delivery.kind == "again", Delivery.slug == slug, waits | went)
    return session.scalar(select(Delivery.id).where(*same).limit(1)) is not None


def _refused(why: Phrase) -> Invalid:
    return Invalid({"mail": why})
