"""For operators and their machines."""

from flask import Blueprint, jsonify
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from course.models import Delivery, Enrolment, Hold
from web.here import runtime

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def alive() -> Response:
    return jsonify(alive=True)


@pages.get("/readyz")
def ready() -> tuple[Response, int]:
    """200 when learners can be served; what is late or held stands in the body."""
    house = runtime()
    try:
        with house.db.read() as session:
            oldest = session.scalar(select(func.min(Enrolment.due_at)))
            queued = session.scalar(select(func.count()).where(Delivery.state == "queued"))
            held = session.scalar(select(Hold.why))
    except SQLAlchemyError as problem:
        return jsonify(ready=False, database=str(problem.__class__.__name__)), 503
    late = max(0.0, -house.clock.seconds_until(oldest)) if oldest else 0.0
    body = {
        "ready": True,
        "redis": house.queue.is_there(),
        "late_seconds": round(late, 1),
        "queued": queued,
        "hold": held,
    }
    return jsonify(body), 200
