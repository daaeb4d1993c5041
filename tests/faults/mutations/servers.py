"""Processes that are not prepared for servers which go away."""

from typing import Any

import pytest

import worker
from course import db


class _Never(Exception):
    """Nobody raises it."""


def workers_end_when_redis_is_away(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(worker, "RedisAway", _Never)


def clocks_end_when_the_database_is_away(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(worker, "SQLAlchemyError", _Never)


def commits_need_not_last(patch: pytest.MonkeyPatch) -> None:
    """What PostgreSQL's own setting says is good enough."""

    def prepare(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET TIME ZONE 'UTC'")
        connection.commit()

    patch.setattr(db, "_prepare_postgresql", prepare)
