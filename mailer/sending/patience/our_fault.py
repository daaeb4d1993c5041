"""Refusals (5yz) that say more of us than of whom they refuse: they strike nobody off, and hold the line."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from course.bulk import among
from course.models import Attempt, Delivery, Enrolment
from course.times import RealTime
from mailer.providers.answer import Answer
from mailer.providers.limits import names_our_limit
from mailer.sending.patience.alike import IN_A_ROW, in_other_words, open_row, rows
from mailer.sending.patience.hold import hold_unasked, is_on

LOOK_AT = 100
"""So many of the newest refusals tell enough."""

Answered = Sequence[tuple[str, Answer]]
"""Delivery ids, each with what its attempt was answered."""


class Judged(NamedTuple):
    """Of some answers: `news` are the words of each that may be about us, None for the others; `spared` are the
    deliveries whose refusal is held against nobody; `row` are the words of a row, if there is one."""

    news: Sequence[str | None]
    spared: frozenset[str] = frozenset()
    row: str = ""


def judged(session: Session, answered: Answered) -> Judged:
    """What is refused during a hold, or in a row of alike words, is held against nobody."""
    refused = [one for one, answer in answered if answer.outcome == "refused"]
    if not refused:
        return Judged([None] * len(answered))
    if is_on(session):
        return Judged([None] * len(answered), frozenset(refused))
    news = _news(session, answered)
    places = sorted(rows(news))
    row = news[places[-1]] if places else None
    return Judged(news, frozenset(answered[at][0] for at in places), row or "")


def cannot_be_judged_yet(answers: Sequence[Answer]) -> int:
    """How many of the last answers may be the beginning of a row."""
    return open_row([_for_good(answer) for answer in answers])


def hold_if_about_us(session: Session, now: Judged, real: RealTime) -> None:
    """Hold the line for a row, and for words that several learners have met since a mail was last taken. To be
    called once the answers are written."""
    met = [words for words in now.news if words is not None]
    if now.row or (met and _many_met(session, met[-1])):
        hold_for(session, now.row or met[-1], real)


def hold_for(session: Session, told: str, real: RealTime) -> None:
    """Hold the line for words that everybody meets."""
    why = f"One mail after the other is refused in the same words, and a few are tried again by themselves: {told}"
    hold_unasked(session, why, real, passing=True)


def _for_good(answer: Answer) -> str | None:
    return answer.why if answer.permanent or answer.lasting else None


def _news(session: Session, answered: Answered) -> list[str | None]:
    """The words of each refusal. Who was told the same before, when others have been taken since, is told it for
    their own sake; but a limit of ours is met again and again."""
    told = [(delivery, _for_good(answer)) for delivery, answer in answered]
    doubted = [delivery for delivery, words in told if words is not None and not names_our_limit(words)]
    known = _told_before(session, doubted) if doubted else set()
    return [
        None if words is None or (delivery, in_other_words(words)) in known else words for delivery, words in told
    ]


def _told_before(session: Session, deliveries: Sequence[str]) -> set[tuple[str, str]]:
    """Each with what any mail to its learner was refused with before, if mails have been taken since."""
    last = _last_taken(session)
    if last is None:
        return set()
    now, before, of_now, of_before = aliased(Delivery), aliased(Delivery), aliased(Enrolment), aliased(Enrolment)
    found = session.execute(
        select(now.id, Attempt.why)
        .join(of_now, of_now.id == now.enrolment_id)
        .join(of_before, of_before.learner_id == of_now.learner_id)
        .join(before, before.enrolment_id == of_before.id)
        .join(Attempt, Attempt.delivery_id == before.id)
        .where(among(session, now.id, deliveries), Attempt.answer == "refused", Attempt.answered_at <= last)
    )
    return {(delivery, in_other_words(why)) for delivery, why in found}


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
