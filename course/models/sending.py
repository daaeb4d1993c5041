"""Mails and what became of them; what may not be mailed; whether sending is on hold.

Course time is what learners live by; columns in real time (leases, back-off, events) say so.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from course.models.base import Base


def _where(condition: str, name: str, *columns: str) -> Index:
    """An index of the rows that fulfil a condition: where they are few it is small, however many mails were ever
    sent."""
    where = text(condition)
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


def _only(state: str, *columns: str) -> Index:
    """An index of the deliveries in one state."""
    return _where(f"state = '{state}'", f"ix_delivery_{state}", *columns)


class Delivery(Base):
    """One mail to one learner for one occasion: `lesson:<slug>`, `confirm:1`, `welcome:1`, `finished:1`.

    `id` is the X-Dayletter-Delivery of the mail. `due_at`, `local_on`, `dated_at` and `accepted_at` are course
    time; `retry_at`, `lease_until`, `uncertain_at` and `answered_at` are real time. `local_on` is the learner's
    day when it became due, or last set out. `revision_id`, `message_id` and `dated_at` are frozen at the first
    claim. `owner` is the claim that may write the row's next state. Counted apart are `refusals` before it was
    taken, `returns` after that, and `rounds` of re-sending after doubt; each began at its `..._since` (real time).
    While there is a `refused_since`, `refused_days` counts the days with a refusal, the last of which began at
    `refused_day_at`.
    `asked_by` is whose asking it answers, where many may ask: a keyed hash of a network.
    `used_at` (course time) is when the deed was done that its link is good for only once.
    `duplicates` counts copies that may have arrived twice. A `postponed` one could not leave on its day: it waits
    until the plan comes to it again.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "occasion"),
        _only("queued", "batch", "retry_at"),
        _only("sending", "owner", "lease_until"),
        _only("uncertain", "uncertain_at"),
        _only("failed", "course_id"),
        _only("postponed", "enrolment_id"),
        _where("state = 'queued' AND refusals > 0 AND refused_since IS NULL", "ix_delivery_unreached", "retry_at"),
        _where("state = 'queued' AND refused_since IS NOT NULL", "ix_delivery_refused", "refused_since"),
        _where("duplicates > 0", "ix_delivery_duplicates", "duplicates"),
        # For questions about the last days.
        _where("answered_at IS NOT NULL", "ix_delivery_answered", "answered_at"),
        _where("kind = 'lesson'", "ix_delivery_lesson_day", "local_on"),
        # For who is erased: where else their address stands.
        _where("email IS NOT NULL", "ix_delivery_elsewhere", "email"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    # Another address than the learner's own, which is asked whether it is theirs. (Of mails that went out before
    # schema 0003 also one that was theirs then.)
    email: Mapped[str | None]
    occasion: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    slug: Mapped[str]
    # The enrolment's own, copied: its foreign keys vouch for them.
    course_id: Mapped[int]
    edition_id: Mapped[int]
    batch: Mapped[str] = mapped_column(String(32))
    # Why it became due: a `Because` or an `Obstacle` of `course.progress`.
    reason: Mapped[str] = mapped_column(String(20), default="", server_default=text("''"))
    state: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[datetime]
    local_on: Mapped[date] = mapped_column(Date)
    retry_at: Mapped[datetime]
    refusals: Mapped[int] = mapped_column(default=0)
    refused_since: Mapped[datetime | None]
    refused_days: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    refused_day_at: Mapped[datetime | None]
    returns: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    returned_since: Mapped[datetime | None]
    rounds: Mapped[int] = mapped_column(default=0)
    doubted_since: Mapped[datetime | None]
    duplicates: Mapped[int] = mapped_column(default=0)
    revision_id: Mapped[int | None]
    message_id: Mapped[str | None]
    dated_at: Mapped[datetime | None]
    attempt_id: Mapped[str | None] = mapped_column(String(32))
    owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    uncertain_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    fate: Mapped[str | None] = mapped_column(String(12))
    why: Mapped[str] = mapped_column(default="")
    asked_by: Mapped[str | None] = mapped_column(String(32))
    used_at: Mapped[datetime | None]


class Attempt(Base):
    """One try to hand a delivery to the provider, written before the provider is called. Real time.

    `answer` is None for the one whose delivery is accepted: there the delivery has it. `broken` is one that an
    error of our own kept from being made.
    """

    __tablename__ = "attempt"
    __table_args__ = (_where("email IS NOT NULL", "ix_attempt_elsewhere", "email"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    # No foreign key: it is made from the delivery's own row, and a thousand look-ups would take half the time.
    delivery_id: Mapped[str] = mapped_column(String(32), index=True)
    # Where it went, once its learner has another address: what is heard of it later is said of this one.
    email: Mapped[str | None]
    began_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(String(10))
    answered_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(default="")


class Event(Base):
    """Something that befell a mail, told by the provider or by our own pixel, links and pages; kept once per
    `key`.

    `at` is when it happened and `received_at` when we heard, both real time.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index(None, "delivery_id", "kind"),
        _where("attempt_id IS NOT NULL", "ix_event_told", "received_at"),
        _where("kind = 'complained'", "ix_event_complained", "received_at"),
    )
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


class Suppression(Base):
    """An address that gets no more mail: hard bounce or complaint. Leaving a course is the enrolment's state."""

    __tablename__ = "suppression"
    email: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(String(20))
    suppressed_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(default="")


class Hold(Base):
    """While the one row is here, nothing is sent, but for a trial.

    `again_at` (real time) is when a few mails are tried; None: only a person lets it go on. `tries` counts the
    trials so far; `owner` is the claim of the last one.
    """

    __tablename__ = "hold"
    id: Mapped[int] = mapped_column(primary_key=True)
    why: Mapped[str]
    held_at: Mapped[datetime]
    again_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    owner: Mapped[str | None]


class Deployment(Base):
    """The one row that says which database this is.

    `counter` grows with each claim and is kept outside too: an outside that is ahead shows a database that has
    gone back. `released_at` (real time) is when an operator last let sending go on. `keys` holds a fingerprint of
    each key that signed what was sent, with when it did; None before that was noted.
    """

    __tablename__ = "deployment"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(32))
    counter: Mapped[int]
    base_url: Mapped[str]
    released_at: Mapped[datetime | None]
    keys: Mapped[dict[str, Any] | None]


class Probe(Base):
    """A small mail to ourselves, to learn whether the provider's events still reach us. Real time."""

    __tablename__ = "probe"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]


class SetAside(Base):
    """What could not be planned, claimed, taken up or looked up, and is left alone until `again_at` (real time).

    `kind` says what `key` names: an enrolment, a course, a batch, a claim (its owner), a delivery, or a domain
    that turns mail back. `why` holds no personal data; `tries` counts failures in a row since `since` (of
    a domain: the last of them).
    """

    __tablename__ = "set_aside"
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    why: Mapped[str]
    tries: Mapped[int]
    since: Mapped[datetime]
    again_at: Mapped[datetime]
