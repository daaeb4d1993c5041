"""When people read: by weekday and hour, each in the zone they live in."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.bulk import utc_hour
from course.models import Enrolment, Visit
from course.reports.figures.choice import Choice

LOOKED_AT = timedelta(days=28)


def reading_hours(session: Session, choice: Choice, now: datetime) -> dict[tuple[int, int], int]:
    """How often a lesson was opened first, by weekday (0 is Monday) and hour; of the four weeks before `now`."""
    hour = utc_hour(session, Visit.visited_at)
    rows = session.execute(
        choice.of(
            select(Enrolment.zone, hour, func.count())
            .join(Enrolment, Enrolment.id == Visit.enrolment_id)
            .where(Visit.visited_at > now - LOOKED_AT)
            .group_by(Enrolment.zone, hour)
        )
    )
    found: Counter[tuple[int, int]] = Counter()
    for zone, written, count in rows:
        local = datetime.fromisoformat(f"{written}:00").replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
        found[local.weekday(), local.hour] += count
    return dict(found)
