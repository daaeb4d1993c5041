"""Tables and constraints. Moments end in `_at` (aware, UTC), dates in `_on`.

Course time is what learners live by; columns in real time (leases, back-off, events) say so.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, MetaData, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from course.db import UTCDateTime

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _only(state: str, *columns: str) -> Index:
    """An index of the deliveries in one state: small, however many mails were ever sent."""
    where = text(f"state = '{state}'")
    return Index(f"ix_delivery_{state}", *columns, sqlite_where=where, postgresql_where=where)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UTCDateTime, str: Text, dict[str, Any]: JSON}  # noqa: RUF012


class CourseRow(Base):
    """A course that was published. `version` grows with each publication: caches go by it."""

    __tablename__ = "course"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    version: Mapped[int]
    edition_id: Mapped[int]
    published_at: Mapped[datetime]


class Edition(Base):
    """An ordered list of lessons. Enrolments keep the one they began with."""

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("course_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    lessons: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime]


class Document(Base):
    """A published text with an identity: the course page, a lesson, an article, a mail's wording.

    `revision_id` is the text in force. Renumbering a lesson's file keeps the document, since its identity
    is its slug.
    """

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("course_id", "kind", "slug"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    kind: Mapped[str] = mapped_column(String(20))
    slug: Mapped[str]
    revision_id: Mapped[int]
    withdrawn: Mapped[bool]


class Revision(Base):
    """One text of a document, as the author wrote it; never changed."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("document_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int]
    path: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64))
    source: Mapped[str]
    created_at: Mapped[datetime]


class Media(Base):
    """A file of a course's `media/`, kept by its digest under `VAR_DIR/media`."""

    __tablename__ = "media"
    __table_args__ = (UniqueConstraint("course_id", "path"), Index(None, "digest"))
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    path: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]


class Learner(Base):
    """A person. `email` is in small letters: addresses are compared without regard to case."""

    __tablename__ = "learner"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime]


class Enrolment(Base):
    """A learner in a course. `round` counts restarts; an older round's record stays.

    `due_at` (course time) is when the planning step must look at it; None while only a deed of the
    learner can move it on. `generation` grows when the learner renews their links.
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
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id"), index=True)
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
    paused_until: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]


class Delivery(Base):
    """One mail to one learner for one occasion: `lesson:<slug>`, `confirm:1`, `welcome:1`, `finished:1`.

    `id` is the X-Dayletter-Delivery of the mail. `due_at`, `local_on`, `dated_at` and `accepted_at` are course
    time; `retry_at`, `lease_until` and `uncertain_at` are real time. `revision_id`, `message_id` and `dated_at`
    are frozen at the first claim. `owner` is the claim that may write the row's next state. `refusals` counts
    certain ones, `rounds` re-sends after uncertainty, `duplicates` copies that may have arrived twice.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "occasion"),
        _only("queued", "batch", "retry_at"),
        _only("sending", "owner", "lease_until"),
        _only("uncertain", "uncertain_at"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    occasion: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    slug: Mapped[str]
    # The enrolment's own, copied: its foreign keys vouch for them.
    course_id: Mapped[int]
    edition_id: Mapped[int]
    batch: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[datetime]
    local_on: Mapped[date] = mapped_column(Date)
    retry_at: Mapped[datetime]
    refusals: Mapped[int] = mapped_column(default=0)
    rounds: Mapped[int] = mapped_column(default=0)
    duplicates: Mapped[int] = mapped_column(default=0)
    revision_id: Mapped[int | None]
    message_id: Mapped[str | None]
    dated_at: Mapped[datetime | None]
    attempt_id: Mapped[str | None] = mapped_column(String(32))
    owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    uncertain_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    fate: Mapped[str | None] = mapped_column(String(12))
    why: Mapped[str] = mapped_column(default="")


class Attempt(Base):
    """One try to hand a delivery to the provider, written before the provider is called. Real time."""

    __tablename__ = "attempt"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    delivery_id: Mapped[str] = mapped_column(ForeignKey("delivery.id"), index=True)
    began_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(String(10))
    answered_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(default="")


class Event(Base):
    """What befell a mail, told by the provider or by our own pixel, links and pages; kept once per `key`.

    `at` is when it happened and `received_at` when we heard, both real time.
    """

    __tablename__ = "event"
    __table_args__ = (Index(None, "delivery_id", "kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    delivery_id: Mapped[str] = mapped_column(ForeignKey("delivery.id"))
    attempt_id: Mapped[str | None] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    verdict: Mapped[str] = mapped_column(String(10), default="")
    rule: Mapped[str] = mapped_column(String(40), default="")
    link: Mapped[str] = mapped_column(default="")
    raw: Mapped[dict[str, Any]]


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


class CertificateRow(Base):
    """What was certified, in the words of that day: later edits of the course do not change it."""

    __tablename__ = "certificate"
    serial: Mapped[str] = mapped_column(String(30), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    name: Mapped[str]
    course_title: Mapped[str]
    lessons: Mapped[int]
    minutes: Mapped[int]
    began_on: Mapped[date] = mapped_column(Date)
    issued_on: Mapped[date] = mapped_column(Date)


class Suppression(Base):
    """An address that gets no more mail: hard bounce or complaint. Leaving a course is the enrolment's state."""

    __tablename__ = "suppression"
    email: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(String(20))
    suppressed_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(default="")


class Hold(Base):
    """While the one row is here, nothing is sent."""

    __tablename__ = "hold"
    id: Mapped[int] = mapped_column(primary_key=True)
    why: Mapped[str]
    held_at: Mapped[datetime]


class Deployment(Base):
    """The one row that says which database this is.

    `counter` grows with each claim and is kept outside too: an outside that is ahead shows a database that has
    gone back. `released_at` (real time) is when an operator last let sending go on.
    """

    __tablename__ = "deployment"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(32))
    counter: Mapped[int]
    base_url: Mapped[str]
    released_at: Mapped[datetime | None]


class Probe(Base):
    """A small mail to ourselves, to learn whether the provider's events still reach us. Real time."""

    __tablename__ = "probe"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    began_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]
