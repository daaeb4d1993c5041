"""All sending on hold, and how it goes on: by a person, or by itself once a few mails went through.

A hold for a quota, for a rate, or for a refusal that everybody meets ends by a trial: after a while a few mails
go. If one is taken, sending goes on; if none is, they wait as if nothing had been, and the next trial is later.
All other holds wait for a person.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from course.bulk import insert_many
from course.models import Delivery, Hold
from course.times import RealTime
from mailer.sending.patience.backoff import wait_before_trial

log = logging.getLogger(__name__)

AT_MOST = 5
"""Mails of a trial: one alone may be refused for its own sake."""


def hold_sending(session: Session, why: str, real: RealTime, again_at: datetime | None = None) -> str:
    """Stops all sending until somebody releases it, or until a trial from `again_at` on (real time) goes well.

    The reason that counts: an earlier hold keeps its own, but for one that would have ended by itself and now
    waits for a person.
    """
    insert_many(session, Hold, [{"id": 1, "why": why, "held_at": real, "again_at": again_at, "tries": 0}])
    held = session.get_one(Hold, 1)
    if again_at is None and held.again_at is not None:
        held.why, held.again_at, held.owner = why, None, None
    return held.why


def hold_unasked(session: Session, why: str, real: RealTime, *, passing: bool = False) -> None:
    """Stop all sending on our own account, and tell the log once. `passing`: it may end by itself."""
    held = session.get(Hold, 1)
    if held is not None and (passing or held.again_at is None):
        return
    again_at = real + timedelta(seconds=wait_before_trial(1, why)) if passing else None
    log.error("Sending is on hold: %s", hold_sending(session, why, real, again_at))


def allowed(session: Session, real: RealTime) -> int | None:
    """How many mails may go now: None if as many as there are, 0 during a hold, a few once a trial is due."""
    held = session.execute(select(Hold.again_at)).one_or_none()
    if held is None:
        return None
    return AT_MOST if held.again_at is not None and held.again_at <= real else 0


def trials_so_far(session: Session) -> int:
    return session.scalar(select(Hold.tries)) or 0


def begin_trial(session: Session, owner: str, real: RealTime) -> None:
    """Let this claim be the trial; the next one waits, whatever becomes of it."""
    held = session.get_one(Hold, 1)
    held.owner, held.tries = owner, held.tries + 1
    held.again_at = real + timedelta(seconds=wait_before_trial(held.tries + 1, held.why))


def is_on(session: Session) -> bool:
    """Whether sending is on hold: what a server refuses meanwhile is held against nobody."""
    return session.scalar(select(Hold.id)) is not None


def stops(session: Session, owner: str) -> bool:
    """Whether a hold lets this claim begin no further letter: it is not the trial."""
    return session.scalar(select(Hold.id).where(or_(Hold.owner.is_(None), Hold.owner != owner))) is not None


def end_after_trial(session: Session, owner: str) -> None:
    """To be called once a claim's mail was taken: if the claim is the trial, sending goes on."""
    if session.scalar(select(Hold.id).where(Hold.owner == owner)) is not None:
        log.warning(
            "Sending goes on by itself, since a mail was taken. It was on hold: %s", release_sending(session)
        )


def release_sending(session: Session) -> str | None:
    """Lets sending go on; the reason it was held for, or None if it was not."""
    held = session.get(Hold, 1)
    if held is None:
        return None
    # The days on hold were ours: they count against no letter. Who writes one just now has met the line at work.
    refused = select(Delivery.id).where(Delivery.state == "queued", Delivery.refused_since.is_not(None))
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(refused.with_for_update(skip_locked=True)))
        .values(refused_since=None)
        .execution_options(synchronize_session=False)
    )
    session.delete(held)
    return held.why
