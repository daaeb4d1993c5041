"""Processes that are not prepared for servers which go away."""

from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import ConnectionPoolEntry

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

    def look(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info[db.FORGETFUL] = False

    patch.setattr(db, "_look_at_postgresql", look)


def statements_are_prepared(patch: pytest.MonkeyPatch) -> None:
    """As the driver does by itself."""

    def create(url: str, **options: Any) -> Engine:
        return create_engine(url, **{**options, "connect_args": {"prepare_threshold": 0}})

    patch.setattr(db, "create_engine", create)
