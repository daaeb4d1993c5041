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
    # Alone, since an index is made without copying the table.
    where = sa.text("state = 'failed'")
    op.create_index("ix_delivery_failed", "delivery", ["course_id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_delivery_failed", table_name="delivery")
