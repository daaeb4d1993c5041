"""on how many days a mail was refused

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("refused_days", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("delivery", sa.Column("refused_day_at", sa.DateTime(timezone=True), nullable=True))
