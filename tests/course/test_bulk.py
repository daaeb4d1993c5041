"""Many rows in one statement come back as they went in, whatever they say, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from course.bulk import among, insert_many, update_many
from course.db import Database
from course.migrations.schema import migrate_database
from course.models import Learner, Suppression
from tests.support.servers.postgres import Postgres

NOON = datetime(2026, 3, 27, 12, 0, 0, 123456, tzinfo=UTC)
# No database keeps a NUL in a text, and UTF-8 has no half surrogates.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
AWKWARD = ["", "NULL", "null", '"', "\\", '\\"', "{}", "{a,b}", "a,b", " a ", "a\nb\tc", "'; --", "%s", ":x", "é𝄞"]


@pytest.fixture
def session(empty_database_url: str) -> Iterator[Session]:
    """Nothing stays: whoever begins finds an empty table."""
    database = Database(empty_database_url)
    migrate_database(database)
    with database.read() as session:
        yield session
    database.close()


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXTS, min_size=1, max_size=8))
def test_any_words_come_back_as_they_went_in(session: Session, words: list[str]) -> None:
    words += AWKWARD
    rows = [{"email": f"a{n}@b.org", "name": name, "created_at": NOON} for n, name in enumerate(words)]
    insert_many(session, Learner, rows)
    assert list(session.scalars(select(Learner.name).order_by(Learner.id))) == words
    found = session.scalars(select(Learner.name).where(among(session, Learner.name, words)))
    assert set(found) == set(words)
    session.rollback()


def test_each_row_gets_its_own_moment_and_none(session: Session) -> None:
    rows = [{"email": f"a{n}@b.org", "name": "A", "created_at": NOON + timedelta(hours=n)} for n in range(3)]
    insert_many(session, Learner, rows)
    ids = list(session.scalars(select(Learner.id).order_by(Learner.id)))
    moved = [{"id": id_, "created_at": NOON - timedelta(days=id_)} for id_ in ids]
    update_many(session, Learner, moved)
    after = session.execute(select(Learner.id, Learner.created_at).order_by(Learner.id))
    assert [tuple(row) for row in after] == [(row["id"], row["created_at"]) for row in moved]


def test_a_row_that_is_there_already_stays_as_it_is(session: Session) -> None:
    first = {"email": "a@b.org", "reason": "bounced", "suppressed_at": NOON, "why": ""}
    second = {"email": "a@b.org", "reason": "complained", "suppressed_at": NOON, "why": ""}
    insert_many(session, Suppression, [first])
    insert_many(session, Suppression, [second, {**second, "email": "b@b.org"}])
    found = session.execute(select(Suppression.email, Suppression.reason).order_by(Suppression.email))
    assert [tuple(row) for row in found] == [("a@b.org", "bounced"), ("b@b.org", "complained")]


def test_no_rows_and_no_values_are_no_trouble(session: Session) -> None:
    insert_many(session, Learner, [])
    update_many(session, Learner, [])
    assert list(session.scalars(select(Learner.id).where(among(session, Learner.name, [])))) == []


def test_postgresql_reads_the_many_values_once_and_not_again_for_each_row(postgres: Postgres) -> None:
    """Where it reads a whole table that it takes for small, it would make an array of the text at every row."""
    with postgres.fresh_database() as url:
        database = Database(url)
        migrate_database(database)
        with database.read() as session:
            asked = select(Learner.id).where(among(session, Learner.email, ["a@b.org"]))
            compiled = asked.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
            assert "InitPlan" in "\n".join(session.scalars(text(f"EXPLAIN {compiled}")))
        database.close()
