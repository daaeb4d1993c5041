"""Learners, their courses, and what they did in them.

All moments are course time.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint, text, true
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, validates

from course.addresses.spellings import mailbox_of
from course.models.base import Base

NEVER_AGAIN: Mapping[str, Any] = {"sqlite_autoincrement": True}
"""A row's number is in links of mails: it is never given to another, not even once the row is erased."""


def _mailbox(inserted: DefaultExecutionContext) -> str:
    """Of a row that is inserted without going through the class; empty if the database itself makes its values."""
    given = inserted.get_current_parameters()  # type: ignore[no-untyped-call] # SQLAlchemy has given it no types
    return mailbox_of(given.get("email", ""))


class Learner(Base):
    """A person. `email` is in small letters: addresses are compared without regard to case. `mailbox` is where it
    leads, by whatever spelling: see `course.addresses.spellings`.
    """

    __tablename__ = "learner"
    __table_args__ = NEVER_AGAIN
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    mailbox: Mapped[str] = mapped_column(index=True, default=_mailbox, server_default=text("''"))
    name: Mapped[str]
    created_at: Mapped[datetime]

    @validates("email")
    def _find_mailbox(self, _name: str, email: str) -> str:
        self.mailbox = mailbox_of(email)
        return email


class Enrolment(Base):
    """A learner in a course. `round` counts restarts; an older round's record stays.

    `due_at` (course time) is when the planning step must look at it; None while only a deed of the
    learner can move it on. `next_at` is when the next lesson comes, as far as it is known. `resumes_on` is the
    first local day on which lessons may come again. Moments before `not_before` do not count: a deed that makes
    one of them the next sends nothing by surprise. `replanned_at` is their last deed that may have moved the plan.
    `generation` grows when the learner renews their links. Not `counted`: an author trying the course, who is in
    no number.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("learner_id", "course_id", "round"),
        Index(
            "ix_enrolment_due",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        NEVER_AGAIN,
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    # Found by the unique key, which begins with it: each plan writes an enrolment anew, and every index with it.
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    round: Mapped[int] = mapped_column(default=1)
    generation: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10))
    zone: Mapped[str]
    hour: Mapped[int]
    weekdays: Mapped[str] = mapped_column(String(7), default="0123456")
    pace: Mapped[str] = mapped_column(String(20), default="daily")
    max_open: Mapped[int | None]
    tracking: Mapped[bool]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    resumes_on: Mapped[date | None] = mapped_column(Date)
    due_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    replanned_at: Mapped[datetime | None]
    counted: Mapped[bool] = mapped_column(default=True, server_default=true())


class Tick(Base):
    """A checklist item the learner has ticked; unticking removes the row."""

    __tablename__ = "tick"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    lesson: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(String(20), primary_key=True)
    ticked_at: Mapped[datetime]


class Completion(Base):
    __tablename__ = "completion"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    lesson: Mapped[str] = mapped_column(primary_key=True)
    completed_at: Mapped[datetime]


class Visit(Base):
    """The first time a learner opened a lesson's page."""

    __tablename__ = "visit"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    lesson: Mapped[str] = mapped_column(primary_key=True)
    visited_at: Mapped[datetime]


class Watch(Base):
    """How far a learner got in a video: where they stopped, and which slices of five seconds they have seen.

    `seen` is a number in hex digits whose bit n stands for the slice from 5n seconds on.
    """

    __tablename__ = "watch"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    lesson: Mapped[str] = mapped_column(primary_key=True)
    video: Mapped[str] = mapped_column(primary_key=True)
    stopped_at_seconds: Mapped[int]
    seen: Mapped[str]
    watched_at: Mapped[datetime]


class Note(Base):
    """A note that a learner wrote for themselves beside a lesson."""

    __tablename__ = "note"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    lesson: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[str]
    written_at: Mapped[datetime]


class Feedback(Base):
    """A learner's opinion of a lesson, or of the whole course where `lesson` is empty. `score` is 1 to 3."""

    __tablename__ = "feedback"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    lesson: Mapped[str] = mapped_column(primary_key=True)
    score: Mapped[int | None]
    words: Mapped[str]
    given_at: Mapped[datetime]


class AddressChange(Base):
    """A learner's wish for another address, until the old and the new one have both agreed."""

    __tablename__ = "address_change"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id"), index=True)
    email: Mapped[str]
    asked_at: Mapped[datetime]
    old_agreed_at: Mapped[datetime | None]
    new_agreed_at: Mapped[datetime | None]


class CertificateRow(Base):
    """A certificate as it was worded on its day: later edits of the course do not change it."""

    __tablename__ = "certificate"
    serial: Mapped[str] = mapped_column(String(30), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    name: Mapped[str]
    course_title: Mapped[str]
    lessons: Mapped[int]
    minutes: Mapped[int]
    began_on: Mapped[date] = mapped_column(Date)
    issued_on: Mapped[date] = mapped_column(Date)


class BadgeKey(Base):
    """A public key that badges were signed with: it stays known, so that they can be checked for ever."""

    __tablename__ = "badge_key"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    jwk: Mapped[dict[str, Any]]
    first_used_at: Mapped[datetime]
