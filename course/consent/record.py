"""The record of consent: one row an act, added and never changed. Nothing here commits."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.bulk import insert_into
from course.consent.acts import Act, Purpose, Shown
from course.models import Consent, Enrolment, Wording


class Agreed(NamedTuple):
    """One act as it was recorded; `words` is empty where none were shown."""

    at: datetime
    purpose: str
    act: str
    place: str
    language: str
    words: str


class Said(NamedTuple):
    """One act as it comes: `shown` is how they were asked, in this language; `at` is course time."""

    purpose: Purpose
    act: Act
    shown: Shown
    language: str
    at: datetime


def record(session: Session, enrolment: Enrolment, said: Said, *, counts: bool = True) -> None:
    """Adds an act. The same one again, in the same place and words, says nothing new: a button pressed twice.

    One that does not count is not added, and takes about as long.
    """
    session.flush()
    purpose, act, shown, language, at = said
    words = shown.words.get(purpose)
    wording = _kept(session, words, at) if words else None
    newest = _newest(session, enrolment.id, purpose)
    is_repeated = newest is not None and (newest.act, newest.place, newest.wording) == (act, shown.place, wording)
    if is_repeated or not counts:
        return
    session.add(
        Consent(
            enrolment_id=enrolment.id,
            at=at,
            purpose=purpose,
            act=act,
            place=shown.place,
            language=language,
            wording=wording,
        )
    )
    session.flush()


def has_given(session: Session, enrolment_id: int, purpose: Purpose) -> bool:
    """Whether the newest act for a purpose is that they agreed."""
    newest = _newest(session, enrolment_id, purpose)
    return newest is not None and newest.act == "given"


def agreed_to(session: Session, enrolment_ids: Sequence[int]) -> list[Agreed]:
    """All acts of some enrolments, the oldest first."""
    rows = session.execute(
        select(Consent, Wording.words)
        .outerjoin(Wording, Wording.digest == Consent.wording)
        .where(Consent.enrolment_id.in_(enrolment_ids))
        .order_by(Consent.id)
    )
    return [Agreed(act.at, act.purpose, act.act, act.place, act.language, words or "") for act, words in rows]


def _newest(session: Session, enrolment_id: int, purpose: Purpose) -> Consent | None:
    theirs = select(Consent).where(Consent.enrolment_id == enrolment_id, Consent.purpose == purpose)
    return session.scalar(theirs.order_by(Consent.id.desc()).limit(1))


def _kept(session: Session, words: str, at: datetime) -> str:
    """The digest by which these words are found."""
    digest = sha256(words.encode()).hexdigest()
    fresh = insert_into(session, Wording).values(digest=digest, words=words, first_shown_at=at)
    session.execute(fresh.on_conflict_do_nothing())
    return digest
