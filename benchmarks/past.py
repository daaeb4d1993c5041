"""A long past: learners who each got a lesson a month ago, with its attempt and its event."""

from datetime import timedelta
from typing import Any

from sqlalchemy import SQLColumnExpression, insert, literal, select, update

from benchmarks.copies import copy_delivery
from benchmarks.people import analyse, enrol, without_checks
from course.models import Attempt, Base, Delivery, Event
from mailer.runtime import Runtime

LONG_AGO = timedelta(days=30)
COPIES = Delivery.batch.like("copies%")


def fill_past(runtime: Runtime, count: int) -> None:
    """Needs one lesson that the engine has sent, which everybody else gets a copy of."""
    enrol(runtime, count, due_in=timedelta(hours=20))
    copy_delivery(runtime)
    then, day = runtime.clock.real() - LONG_AGO, (runtime.clock.now() - LONG_AGO).date()
    moments: dict[str, Any] = dict.fromkeys(("answered_at", "accepted_at", "due_at", "retry_at"), then)
    with runtime.db.write() as session:
        without_checks(session)
        session.execute(
            update(Delivery)
            .where(COPIES)
            .values(state="accepted", attempt_id=Delivery.id, local_on=day, **moments)
        )
        at = literal(then, Attempt.began_at.type)
        nothing = literal("")
        of_attempt = {"id": Delivery.id, "delivery_id": Delivery.id, "began_at": at, "why": nothing}
        of_event = {
            **{"key": Delivery.id, "delivery_id": Delivery.id, "attempt_id": Delivery.id},
            **{"kind": literal("delivered"), "at": at, "received_at": at},
            **{"verdict": nothing, "rule": nothing, "link": nothing, "raw": literal({}, Event.raw.type)},
        }
        for model, columns in ((Attempt, of_attempt), (Event, of_event)):
            session.execute(_of_each_copy(model, columns))
    analyse(runtime)


def _of_each_copy(model: type[Base], columns: dict[str, SQLColumnExpression[Any]]) -> Any:
    return insert(model).from_select(list(columns), select(*columns.values()).where(COPIES))
