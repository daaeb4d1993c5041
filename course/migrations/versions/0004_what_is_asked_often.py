"""indexes for what is asked often, so that no question grows with the past; what is set aside

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OF_FEW_ROWS = (
    (
        "ix_delivery_unreached",
        "delivery",
        "retry_at",
        "state = 'queued' AND refusals > 0 AND refused_since IS NULL",
    ),
    ("ix_delivery_duplicates", "delivery", "duplicates", "duplicates > 0"),
    ("ix_delivery_answered", "delivery", "answered_at", "answered_at IS NOT NULL"),
    ("ix_delivery_lesson_day", "delivery", "local_on", "kind = 'lesson'"),
    ("ix_event_told", "event", "received_at", "attempt_id IS NOT NULL"),
    ("ix_event_complained", "event", "received_at", "kind = 'complained'"),
)


def upgrade() -> None:
    for name, table, column, condition in OF_FEW_ROWS:
        where = sa.text(condition)
        op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)
    op.create_index("ix_probe_began_at", "probe", ["began_at"])
    op.create_table(
        "set_aside",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_set_aside")),
    )


def downgrade() -> None:
    op.drop_table("set_aside")
    op.drop_index("ix_probe_began_at", "probe")
    for name, table, _, _ in OF_FEW_ROWS:
        op.drop_index(name, table)
