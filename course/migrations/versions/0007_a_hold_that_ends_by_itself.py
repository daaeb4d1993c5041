"""a hold that ends by itself once a few mails went through

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

REFUSED = sa.text("state = 'queued' AND refused_since IS NOT NULL")


def upgrade() -> None:
    op.add_column("hold", sa.Column("again_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("hold", sa.Column("tries", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("hold", sa.Column("owner", sa.Text(), nullable=True))
    op.create_index(
        "ix_delivery_refused", "delivery", ["refused_since"], sqlite_where=REFUSED, postgresql_where=REFUSED
    )
