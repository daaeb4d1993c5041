"""For operators and their machines."""

from collections import Counter
from collections.abc import Iterable

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from course.enrolment.allowance.sign_ups import Slowed, slowed
from course.errors import WrongSchema
from course.reports.ledger import Condition, DayAccount, accounts, condition
from course.reports.sign_ups import in_words
from course.version import own_version
from web.request import current_runtime

pages = Blueprint("health", __name__)

LATE_ALARM_SECONDS = 300


@pages.get("/healthz")
def alive() -> Response:
    """200 while the process answers at all; the body tells which Dayletter it is."""
    return jsonify(alive=True, version=own_version())


@pages.get("/readyz")
def ready() -> tuple[Response, int]:
    """200 when learners can be served; lateness and alarms stand in the body."""
    try:
        now, days, waits = _look()
    except WrongSchema as problem:
        return jsonify(ready=False, alarms=[str(problem)]), 503
    except SQLAlchemyError as problem:
        return jsonify(ready=False, alarms=[f"The database does not answer: {type(problem).__name__}"]), 503
    body = {
        "ready": True,
        "late_seconds": round(_late(now), 1),
        "hold": now.hold,
        **now.states,
        "possible_duplicates": now.duplicates,
        "undelivered": now.undelivered.unreachable,
        "undelivered_to_closed_addresses": now.undelivered.closed,
        "sign_ups_waiting": waits.waiting if waits else 0,
        "alarms": [
            *_alarms(now),
            *([in_words(waits)] if waits else []),
            *(f"{d.course} on {d.on} does not add up" for d in days if not d.adds_up),
        ],
    }
    return jsonify(body), 200


def _look() -> tuple[Condition, list[DayAccount], Slowed | None]:
    runtime = current_runtime()
    times = runtime.clock.times()
    with runtime.db.read() as session:
        found = condition(session, times.now), accounts(session, times.now, days=3)
        return *found, slowed(session, times.real)


def _late(now: Condition) -> float:
    """Real seconds by which the oldest due lesson is late."""
    return max(0.0, -current_runtime().clock.seconds_until(now.oldest_due_at)) if now.oldest_due_at else 0.0


def _alarms(now: Condition) -> Iterable[str]:
    if now.hold:
        yield f"Sending is on hold: {now.hold}"
    if _late(now) > LATE_ALARM_SECONDS:
        yield f"The oldest due lesson is {_late(now) / 60:.0f} minutes late"
    if failed := now.undelivered.unreachable:
        yield f"Lessons that could not be delivered, whose courses stand still: {failed}; see `dayletter resend`"
    for (kind, why), count in Counter((one.kind, one.why) for one in now.set_aside).items():
        yield f"Set aside, to be tried again later: {count} of kind {kind} ({why})"
    if not current_runtime().queue.is_there():
        yield "Redis is away; lessons wait until it is back"


@pages.get("/metrics")
def metrics() -> Response:
    """Prometheus. Everything is read from the database, so any number of web processes say the same."""
    registry = CollectorRegistry()
    registry.register(_Collector())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Collector(Collector):
    def collect(self) -> Iterable[Metric]:
        now, days, waits = _look()
        yield GaugeMetricFamily("dayletter_late_seconds", "How late the oldest due lesson is", value=_late(now))
        yield GaugeMetricFamily("dayletter_hold", "1 while sending is on hold", value=float(bool(now.hold)))
        yield GaugeMetricFamily(
            "dayletter_possible_duplicates", "Mails that may have arrived twice", value=now.duplicates
        )
        waiting = waits.waiting if waits else 0
        yield GaugeMetricFamily("dayletter_sign_ups_waiting", "Sign-ups that are slowed down", value=waiting)
        undelivered = GaugeMetricFamily(
            "dayletter_undelivered_lessons", "Lessons that failed, whose courses stand still", labels=["address"]
        )
        undelivered.add_metric(["open"], now.undelivered.unreachable)
        undelivered.add_metric(["suppressed"], now.undelivered.closed)
        yield undelivered
        yield GaugeMetricFamily(
            "dayletter_set_aside", "What failed and is tried again later", value=len(now.set_aside)
        )
        open_mails = GaugeMetricFamily("dayletter_open_deliveries", "Mails not yet settled", labels=["state"])
        for state, count in now.states.items():
            open_mails.add_metric([state], count)
        yield open_mails
        lessons = GaugeMetricFamily(
            "dayletter_lessons", "Lessons of the last days by state", labels=["course", "on", "state"]
        )
        for day in days:
            for state, count in {"due": day.due, **day.states}.items():
                lessons.add_metric([day.course, str(day.on), state], count)
        yield lessons
