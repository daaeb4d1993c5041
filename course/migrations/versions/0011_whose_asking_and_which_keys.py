"""whose asking a mail answers, and which keys signed what was sent

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    empty = sa.text("''")
    op.add_column("sign_in", sa.Column("network", sa.String(32), nullable=False, server_default=empty))
    op.add_column("sign_in", sa.Column("known", sa.String(32), nullable=False, server_default=empty))
    op.add_column("sign_in", sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_sign_in_email_mailed_at"), "sign_in", ["email", "mailed_at"])
    op.add_column("delivery", sa.Column("asked_by", sa.String(32), nullable=True))
    op.add_column("delivery", sa.Column("used_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("deployment", sa.Column("keys", sa.JSON(), nullable=True))
