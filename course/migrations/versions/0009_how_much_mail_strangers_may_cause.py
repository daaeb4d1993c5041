"""sign-ups and mails to a mailbox are counted, and a learner is found by any spelling of theirs

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

from course.addresses.spellings import mailbox_of

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PORTION = 1000
LEARNER = sa.table(
    "learner", sa.column("id", sa.Integer), sa.column("email", sa.Text), sa.column("mailbox", sa.Text)
)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("learner", sa.Column("mailbox", sa.Text(), nullable=False, server_default=sa.text("''")))
    _fill()
    op.create_index("ix_learner_mailbox", "learner", ["mailbox"])
    op.create_table(
        "sign_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("proof", sa.String(10), nullable=False),
        sa.Column("spent", sa.String(64), nullable=True),
        sa.Column("taken_at", moment, nullable=False),
        sa.Column("leaves_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_up"),
        sa.UniqueConstraint("spent", name="uq_sign_up_spent"),
    )
    op.create_index("ix_sign_up_proof_taken_at", "sign_up", ["proof", "taken_at"])
    op.create_index("ix_sign_up_domain_proof_taken_at", "sign_up", ["domain", "proof", "taken_at"])
    op.create_index("ix_sign_up_taken_at", "sign_up", ["taken_at"])
    op.create_index("ix_sign_up_leaves_at", "sign_up", ["leaves_at"])
    op.create_table(
        "asked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_asked"),
    )
    op.create_index("ix_asked_mailbox_asked_at", "asked", ["mailbox", "asked_at"])
    op.create_index("ix_asked_asked_at", "asked", ["asked_at"])


def _fill() -> None:
    """In portions: a table of a million learners need not be in memory at once."""
    connection, last = op.get_bind(), 0
    change = sa.update(LEARNER).where(LEARNER.c.id == sa.bindparam("id_")).values(mailbox=sa.bindparam("mailbox_"))
    while True:
        some = sa.select(LEARNER.c.id, LEARNER.c.email).where(LEARNER.c.id > last).order_by(LEARNER.c.id)
        portion = connection.execute(some.limit(PORTION)).all()
        if not portion:
            return
        connection.execute(change, [{"id_": key, "mailbox_": mailbox_of(email)} for key, email in portion])
        last = portion[-1].id
