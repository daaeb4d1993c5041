"""a pause is a date, and the next lesson's moment is kept by itself

Revision ID: 0008
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ENROLMENT = sa.table(
    "enrolment",
    sa.column("id", sa.Integer),
    sa.column("zone", sa.String),
    sa.column("paused_until", sa.DateTime(timezone=True)),
    sa.column("resumes_on", sa.Date),
)


def upgrade() -> None:
    op.add_column("enrolment", sa.Column("resumes_on", sa.Date(), nullable=True))
    op.add_column("enrolment", sa.Column("next_at", sa.DateTime(timezone=True), nullable=True))
    connection = op.get_bind()
    # It was the moment of the first lesson after the pause: its local day is what the learner chose.
    paused = sa.select(ENROLMENT.c.id, ENROLMENT.c.zone, ENROLMENT.c.paused_until)
    for enrolment, zone, until in connection.execute(paused.where(ENROLMENT.c.paused_until.is_not(None))).all():
        day = _aware(until).astimezone(ZoneInfo(zone)).date()
        connection.execute(sa.update(ENROLMENT).where(ENROLMENT.c.id == enrolment).values(resumes_on=day))
    op.execute("UPDATE enrolment SET next_at = due_at WHERE NOT held AND state = 'active'")
    postponed = sa.text("state = 'postponed'")
    op.create_index(
        "ix_delivery_postponed",
        "delivery",
        ["enrolment_id"],
        sqlite_where=postponed,
        postgresql_where=postponed,
    )
    op.drop_column("enrolment", "paused_until")
    op.drop_column("enrolment", "held")


def _aware(moment: datetime) -> datetime:
    """SQLite has no zones: what it keeps is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
