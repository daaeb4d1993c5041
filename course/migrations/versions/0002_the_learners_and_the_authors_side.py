"""the learners' and the authors' side

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "badge_key",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("jwk", sa.JSON(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge_key")),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("browser", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
    )
    op.create_table(
        "studio_session",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_studio_session")),
    )
    with op.batch_alter_table("studio_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_studio_session_email"), ["email"], unique=False)

    op.create_table(
        "address_change",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("old_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("new_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_address_change_learner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_change")),
    )
    with op.batch_alter_table("address_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_address_change_learner_id"), ["learner_id"], unique=False)

    op.create_table(
        "deed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_deed_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deed")),
    )
    with op.batch_alter_table("deed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deed_course_id"), ["course_id"], unique=False)

    op.create_table(
        "former_slug",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("now", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_former_slug_course_id")),
        sa.PrimaryKeyConstraint("course_id", "slug", name=op.f("pk_former_slug")),
    )
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("media", sa.JSON(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_publication_course_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_publication_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("course_id", "version", name=op.f("uq_publication_course_id_version")),
    )
    op.create_table(
        "feedback",
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("lesson", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_feedback_enrolment_id")),
        sa.PrimaryKeyConstraint("enrolment_id", "lesson", name=op.f("pk_feedback")),
    )
    op.create_table(
        "note",
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("lesson", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_note_enrolment_id")),
        sa.PrimaryKeyConstraint("enrolment_id", "lesson", name=op.f("pk_note")),
    )
    op.create_table(
        "watch",
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("lesson", sa.Text(), nullable=False),
        sa.Column("video", sa.Text(), nullable=False),
        sa.Column("stopped_at_seconds", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("watched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_watch_enrolment_id")),
        sa.PrimaryKeyConstraint("enrolment_id", "lesson", "video", name=op.f("pk_watch")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("email", sa.Text(), nullable=True))
        batch_op.add_column(
            sa.Column("reason", sa.String(length=20), server_default=sa.text("''"), nullable=False)
        )
        batch_op.add_column(sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("replanned_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("counted", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_index(batch_op.f("ix_enrolment_learner_id"))

    with op.batch_alter_table("media", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_media_course_id_path"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_media_course_id_path_digest"), ["course_id", "path", "digest"]
        )

    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_constraint("fk_attempt_delivery_id", type_="foreignkey")
    for deed in ("UPDATE", "DELETE"):
        _refuse(deed)


def _refuse(deed: str) -> None:
    """The log of deeds is added to, never rewritten."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER deed_no_{deed.lower()} BEFORE {deed} ON deed"
            " BEGIN SELECT RAISE(ABORT, 'the log of deeds is only added to'); END"
        )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION deed_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the log of deeds is only added to'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER deed_no_{deed.lower()} BEFORE {deed} ON deed"
        " FOR EACH ROW EXECUTE FUNCTION deed_is_only_added_to()"
    )


def downgrade() -> None:
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_foreign_key("fk_attempt_delivery_id", "delivery", ["delivery_id"], ["id"])
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolment_learner_id"), ["learner_id"], unique=False)
        batch_op.drop_column("not_before")
        batch_op.drop_column("counted")
        batch_op.drop_column("replanned_at")
        batch_op.drop_column("held")

    with op.batch_alter_table("media", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_media_course_id_path_digest"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_media_course_id_path"), ["course_id", "path"])

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_column("answered_at")
        batch_op.drop_column("reason")
        batch_op.drop_column("email")

    op.drop_table("watch")
    op.drop_table("note")
    op.drop_table("feedback")
    op.drop_table("publication")
    op.drop_table("former_slug")
    with op.batch_alter_table("deed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deed_course_id"))

    op.drop_table("deed")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION deed_is_only_added_to")
    with op.batch_alter_table("address_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_address_change_learner_id"))

    op.drop_table("address_change")
    with op.batch_alter_table("studio_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_studio_session_email"))

    op.drop_table("studio_session")
    op.drop_table("sign_in")
    op.drop_table("badge_key")
