"""What failed, and is left alone for a while: so one row that cannot be dealt with stops nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    SQLColumnExpression,
    cast,
    delete,
    exists,
    select,
    true,
)
from sqlalchemy.orm import Session

from course.models import Delivery, Enrolment, SetAside
from course.times import RealTime

AsideKind = Literal["enrolment", "course", "batch", "claim", "delivery", "domain"]


def left_alone(
    kind: AsideKind, key: SQLColumnExpression[Any], real: RealTime | BindParameter[datetime]
) -> ColumnElement[bool]:
    """Whether the thing that `key` names is set aside, and its time has not come again."""
    return exists().where(SetAside.kind == kind, SetAside.key == key, SetAside.again_at > real)


def forget(session: Session, kind: AsideKind, keys: Sequence[str], since: RealTime) -> None:
    """These went well: what was set aside of them stays so only where it failed once more, to be tried later than
    `since`."""
    known = session.scalars(select(SetAside.key).where(SetAside.kind == kind, SetAside.again_at <= since)).all()
    if done := sorted(set(known) & set(keys)):
        session.execute(delete(SetAside).where(SetAside.kind == kind, SetAside.key.in_(done)))


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that is set aside, for operators; real time."""

    kind: str
    key: str
    why: str
    tries: int
    since: datetime
    again_at: datetime


def failures(session: Session) -> list[Failure]:
    """All that is set aside and still waits, the longest first."""
    waits = {
        "enrolment": exists().where(Enrolment.id == cast(SetAside.key, Integer), Enrolment.due_at.is_not(None)),
        "batch": exists().where(Delivery.batch == SetAside.key, Delivery.state == "queued"),
        "claim": exists().where(Delivery.owner == SetAside.key, Delivery.state == "sending"),
        "delivery": exists().where(Delivery.id == SetAside.key, Delivery.state == "uncertain"),
        "course": true(),
        # The first mails that a domain turns back put nothing off.
        "domain": SetAside.again_at > SetAside.since,
    }
    columns = [getattr(SetAside, field) for field in Failure.__dataclass_fields__]
    found = [
        Failure(*row)
        for kind, still in waits.items()
        for row in session.execute(select(*columns).where(SetAside.kind == kind, still))
    ]
    return sorted(found, key=lambda one: (one.since, one.kind, one.key))


def failure_of(session: Session, kind: AsideKind, key: str) -> Failure | None:
    return next((one for one in failures(session) if (one.kind, one.key) == (kind, key)), None)
