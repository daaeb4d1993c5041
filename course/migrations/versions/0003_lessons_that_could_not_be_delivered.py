"""lessons that could not be delivered

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Outside of a batch: none of this needs the table to be copied.
    for since in ("refused_since", "returned_since", "doubted_since"):
        op.add_column("delivery", sa.Column(since, sa.DateTime(timezone=True), nullable=True))
    op.add_column("delivery", sa.Column("returns", sa.Integer(), server_default=sa.text("0"), nullable=False))
    where = sa.text("state = 'failed'")
    op.create_index("ix_delivery_failed", "delivery", ["course_id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_delivery_failed", table_name="delivery")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        for column in ("returns", "doubted_since", "returned_since", "refused_since"):
            batch_op.drop_column(column)
