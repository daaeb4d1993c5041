"""All that is held on a learner, to be given to them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from course.addresses.spellings import counted_as
from course.enrolment.registration import read_email
from course.errors import NotFound
from course.language.words import ENGLISH
from course.models import (
    AddressChange,
    Asked,
    Attempt,
    Base,
    CertificateRow,
    Completion,
    Consent,
    CourseRow,
    Delivery,
    Edition,
    Enrolment,
    Event,
    Feedback,
    Learner,
    Note,
    Suppression,
    Tick,
    Visit,
    Watch,
    Wording,
)

MACHINERY = {
    *("learner_id", "enrolment_id", "delivery_id", "course_id", "edition_id", "revision_id"),
    *("batch", "owner", "lease_until", "retry_at", "generation", "key", "counted", "asked_by"),
}
"""Columns that say nothing about a person: where a row hangs, and who works on it."""

PLAIN_NAMES = {"slug": "lesson", "fate": "what_became_of_it", "raw": "as_it_was_told"}


def learner_with(session: Session, email: str) -> Learner:
    """Raises NotFound."""
    learner = session.scalar(select(Learner).where(Learner.email == read_email(email, {})))
    if learner is None:
        raise NotFound(f"Nothing is held on {email}. Check how it is spelt.")
    return learner


def export(session: Session, learner_id: int) -> dict[str, Any]:
    """Ready for JSON; moments are ISO 8601 in UTC. New columns are in it by themselves."""
    learner = session.get_one(Learner, learner_id)
    suppression = session.get(Suppression, learner.email)
    enrolments = session.scalars(
        select(Enrolment).where(Enrolment.learner_id == learner_id).order_by(Enrolment.id)
    )
    return {
        **_plain(learner),
        "no_mail_because": _plain(suppression) if suppression else None,
        "changes_of_address": _rows(session, AddressChange, {"learner_id": learner_id}),
        "asked_by_mail": _rows(session, Asked, {"mailbox": counted_as(learner.email)}),
        "courses": [_course(session, enrolment) for enrolment in enrolments],
    }


def _course(session: Session, enrolment: Enrolment) -> dict[str, Any]:
    of_enrolment = {"enrolment_id": enrolment.id}
    certificate = session.scalar(select(CertificateRow).filter_by(**of_enrolment))
    acts = session.scalars(select(Consent).filter_by(**of_enrolment).order_by(Consent.id))
    mails = session.scalars(select(Delivery).filter_by(**of_enrolment).order_by(Delivery.due_at, Delivery.id))
    return {
        "course": session.get_one(CourseRow, enrolment.course_id).slug,
        "edition": session.get_one(Edition, enrolment.edition_id).number,
        **_plain(enrolment),
        "weekdays": [ENGLISH.weekdays[int(day)] for day in enrolment.weekdays],
        "agreed_to": [_agreed(session, act) for act in acts],
        "mails": [_mail(session, delivery) for delivery in mails],
        "ticked": _rows(session, Tick, of_enrolment),
        "completed": _rows(session, Completion, of_enrolment),
        "visited": _rows(session, Visit, of_enrolment),
        "watched": _rows(session, Watch, of_enrolment),
        "notes": _rows(session, Note, of_enrolment),
        "feedback": _rows(session, Feedback, of_enrolment),
        "certificate": _plain(certificate) if certificate else None,
    }


def _agreed(session: Session, act: Consent) -> dict[str, Any]:
    """An act with the words it was about."""
    wording = session.get(Wording, act.wording) if act.wording else None
    return {**_plain(act), "words": wording.words if wording else None}


def _mail(session: Session, delivery: Delivery) -> dict[str, Any]:
    of_delivery = {"delivery_id": delivery.id}
    return {
        **_plain(delivery),
        "attempts": _rows(session, Attempt, of_delivery),
        "events": _rows(session, Event, of_delivery),
    }


def _rows(session: Session, table: type[Base], where: Mapping[str, object]) -> list[dict[str, Any]]:
    rows = session.scalars(select(table).filter_by(**where).order_by(*inspect(table).primary_key))
    return [_plain(row) for row in rows]


def _plain(row: Base) -> dict[str, Any]:
    columns = [column.key for column in inspect(type(row)).column_attrs if column.key not in MACHINERY]
    return {PLAIN_NAMES.get(name, name): _for_json(getattr(row, name)) for name in columns}


def _for_json(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value
