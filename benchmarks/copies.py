"""One delivery as the engine made it, copied to every other enrolment: whatever columns it may have."""

from typing import Any

from sqlalchemy import Text, cast, func, insert, literal, select

from benchmarks.people import analyse, without_checks
from course.bulk import on_postgresql
from course.models import Delivery, Enrolment
from mailer.runtime import Runtime

BATCH = 1000


def copy_delivery(runtime: Runtime) -> None:
    """Needs at least one lesson's delivery. The copies have ids of their own, and batches of a thousand."""
    with runtime.db.write() as session:
        without_checks(session)
        sample = session.scalars(select(Delivery).where(Delivery.kind == "lesson").limit(1)).one()
        number = cast(Enrolment.id, Text)
        hashed, random = func.md5(literal("delivery ") + number), func.hex(func.randomblob(16))
        fresh: dict[str, Any] = {
            "id": hashed if on_postgresql(session) else random,
            "enrolment_id": Enrolment.id,
            "batch": literal("copies") + cast(Enrolment.id // BATCH, Text),
        }
        columns = [column.name for column in Delivery.__table__.columns]
        values = [fresh.get(name, _same(sample, name)) for name in columns]
        taken = select(Delivery.enrolment_id)
        copies = select(*values).where(Enrolment.id.not_in(taken))
        session.execute(insert(Delivery).from_select(columns, copies, include_defaults=False))
    analyse(runtime)


def _same(sample: Delivery, name: str) -> Any:
    return literal(getattr(sample, name), Delivery.__table__.columns[name].type)
