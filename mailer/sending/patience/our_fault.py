"""Refusals (5yz) that say more of us than of whom they refuse: they strike nobody off, and hold the line."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.bulk import among
from course.models import Delivery, Enrolment
from course.times import RealTime
from mailer.providers.answer import Answer
from mailer.sending.patience.alike import IN_A_ROW, in_other_words, open_row, rows
from mailer.sending.patience.hold import hold_unasked, is_on

LOOK_AT = 100
"""So many of the newest refusals tell enough."""

Answered = Sequence[tuple[str, Answer]]
"""Delivery ids, each with what its attempt was answered."""


class Spared(NamedTuple):
    """The deliveries whose refusal is held against nobody, and the words that hold the line, if there are any."""

    deliveries: frozenset[str] = frozenset()
    told: str = ""


def spared(session: Session, answered: Answered) -> Spared:
    """What is refused during a hold, or a row of alike words that would strike off one learner after the other.

    Who stood in such a row before, when others have been taken since, is told the truth.
    """
    if not any(answer.permanent or answer.lasting for _, answer in answered):
        return Spared()
    if is_on(session):
        return Spared(frozenset(one for one, answer in answered if answer.permanent or answer.lasting))
    if sum(answer.permanent for _, answer in answered) < IN_A_ROW:
        return Spared()
    known = _told_before(session, [delivery for delivery, answer in answered if answer.permanent])
    new = [None if known.get(one) == in_other_words(a.why) else _for_good(a) for one, a in answered]
    row = [answered[at] for at in sorted(rows(new))]
    return Spared(frozenset(one for one, _ in row), row[-1][1].why) if row else Spared()


def cannot_be_judged_yet(answers: Sequence[Answer]) -> int:
    """How many of the last answers may be the beginning of such a row."""
    return open_row([_for_good(answer) for answer in answers])


def hold_if_refused_in_a_row(session: Session, answered: Answered, real: RealTime) -> None:
    """Hold the line for a lasting no that several learners have met in the same words since a mail was last taken.
    To be called once the answers are written."""
    met = [answer.why for _, answer in answered if answer.lasting]
    if met and not is_on(session) and _many_met(session, met[-1]):
        hold_for(session, met[-1], real)


def hold_for(session: Session, told: str, real: RealTime) -> None:
    """Hold the line for words that everybody meets."""
    why = f"One mail after the other is refused in the same words, and a few are tried again by themselves: {told}"
    hold_unasked(session, why, real, passing=True)


def _for_good(answer: Answer) -> str | None:
    return answer.why if answer.permanent else None


def _told_before(session: Session, deliveries: Sequence[str]) -> dict[str, str]:
    """What each was refused with before, if mails have been taken since."""
    last = _last_taken(session)
    if last is None:
        return {}
    rows = session.execute(
        select(Delivery.id, Delivery.why).where(among(session, Delivery.id, deliveries), Delivery.retry_at <= last)
    )
    return {delivery: in_other_words(why) for delivery, why in rows}


def _last_taken(session: Session) -> datetime | None:
    """When a mail was last taken, in real time."""
    return session.scalar(select(func.max(Delivery.answered_at)).where(Delivery.answered_at.is_not(None)))


def _many_met(session: Session, told: str) -> bool:
    newest = (
        select(Delivery.why, Enrolment.learner_id)
        .join(Enrolment, Enrolment.id == Delivery.enrolment_id)
        .where(Delivery.state == "queued", Delivery.refused_since.is_not(None))
        .order_by(Delivery.refused_since.desc())
        .limit(LOOK_AT)
    )
    if (last := _last_taken(session)) is not None:
        newest = newest.where(Delivery.refused_since > last)
    words = in_other_words(told)
    return len({who for why, who in session.execute(newest) if in_other_words(why) == words}) >= IN_A_ROW
