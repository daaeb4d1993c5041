"""what people agreed to, who is left alone, the site's own texts, and the daily purge

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wording",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("first_shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_wording")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("wording", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_consent_enrolment_id")),
        sa.ForeignKeyConstraint(["wording"], ["wording.digest"], name=op.f("fk_consent_wording")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_enrolment_id_purpose"), "consent", ["enrolment_id", "purpose"])
    op.create_table(
        "left_alone",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_left_alone")),
    )
    op.create_table(
        "pepper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pepper")),
    )
    op.create_table(
        "site_text",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_site_text")),
    )
    op.create_table(
        "chore",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chore")),
    )
    op.execute("UPDATE event SET raw = '{}' WHERE attempt_id IS NULL")
    for table in ("delivery", "attempt"):
        _find_by_address(table)
    for table in ("learner", "enrolment"):
        _never_use_a_number_again(table)
    _refuse_changes()
    _tell_what_is_known()


def _find_by_address(table: str) -> None:
    """The few rows that name an address of their own."""
    named = sa.text("email IS NOT NULL")
    op.create_index(f"ix_{table}_elsewhere", table, ["email"], sqlite_where=named, postgresql_where=named)


def _never_use_a_number_again(table: str) -> None:
    """SQLite gives the number of the last row, once that is erased, to the next one: and the links in mails to
    whoever was erased would open a stranger's page. PostgreSQL counts on."""
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass


def _refuse_changes() -> None:
    """An act that was recorded stays as it was; it goes with its learner alone."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER consent_no_update BEFORE UPDATE ON consent"
            " BEGIN SELECT RAISE(ABORT, 'the record of consent is only added to'); END"
        )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION consent_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the record of consent is only added to'; END $$"
    )
    op.execute(
        "CREATE TRIGGER consent_no_update BEFORE UPDATE ON consent"
        " FOR EACH ROW EXECUTE FUNCTION consent_is_only_added_to()"
    )


def _tell_what_is_known() -> None:
    """Of those who confirmed or left before there was a record, only the moment is known."""
    for act, moment in (("given", "confirmed_at"), ("withdrawn", "left_at")):
        op.execute(
            "INSERT INTO consent (enrolment_id, at, purpose, act, place, language, wording)"  # noqa: S608 - names of our own
            f" SELECT id, {moment}, 'mails', '{act}', 'before the record', '', NULL FROM enrolment"
            f" WHERE {moment} IS NOT NULL ORDER BY id"
        )
