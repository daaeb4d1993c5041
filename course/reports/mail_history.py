"""The mails of a learner in one course, past and planned, with the reason for each."""

from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.content.mails import MAILS, MailKind, mail_kind
from course.language.words import Words
from course.models import Delivery, Enrolment
from course.publishing.editions import Published
from course.schedule.facts import facts_of
from course.schedule.forecast import forecast
from course.schedule.progress import Because, Nudge
from course.schedule.reasons import STILL_OPEN, because, waiting_for
from course.schedule.rhythm import Rhythm
from course.times import CourseTime


@dataclass(frozen=True, slots=True)
class Mail:
    """`lesson` is empty for mails of other kinds. `state` is the delivery's own word, or `planned`; `trouble` is
    what the provider or we had against it."""

    at: datetime
    kind: MailKind
    lesson: str
    state: str
    why: str
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """`then` says what comes after the planned mails, or what is waited for."""

    mails: tuple[Mail, ...]
    then: str


def story_of(session: Session, published: Published, enrolment: Enrolment, now: CourseTime, words: Words) -> Story:
    facts = facts_of(session, published, enrolment)
    coming = forecast(facts, now)
    # What is due at the same moment: the welcome before the first lesson.
    order = (Delivery.due_at, Delivery.kind == "lesson", Delivery.occasion)
    # One that was postponed is among those that are planned.
    theirs = Delivery.enrolment_id == enrolment.id, Delivery.state != "postponed"
    rows = session.scalars(select(Delivery).where(*theirs).order_by(*order))
    planned = [
        Mail(send.at, "lesson", send.lesson, "planned", because(send.why, facts.rhythm, words))
        for send in coming.sends
    ]
    if isinstance(coming.then, Nudge):
        planned.append(Mail(coming.then.at, "nudge", "", "planned", words.of(STILL_OPEN)))
    past = [_past(row, facts.rhythm, words) for row in rows]
    return Story((*past, *planned), waiting_for(coming.then, facts, words))


def _past(row: Delivery, rhythm: Rhythm, words: Words) -> Mail:
    kind = mail_kind(row.kind)
    why = next((because(why, rhythm, words) for why in get_args(Because) if why == row.reason), "")
    return Mail(
        at=row.accepted_at or row.due_at,
        kind=kind,
        lesson=row.slug if kind == "lesson" else "",
        state=row.fate or row.state,
        why=why or words.of(MAILS[kind].occasion),
        trouble=row.why,
    )
