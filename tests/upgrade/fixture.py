"""What a Dayletter of some version left behind, as a file of text: its rows, its Redis, its VAR_DIR and its links.

Rows are kept, not a database, so that one file serves both kinds. What may differ from one machine to another is
written as `BOOT` and filled in when it is loaded.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from alembic import command
from redis import Redis
from sqlalchemy import Connection, Date, DateTime, MetaData, Table, func, insert, select
from sqlalchemy.types import TypeEngine

from course.db import Database
from course.migrations.upgrade import alembic_config
from mailer.sending.journal import boot_id
from tests.support.project import ROOT

FIXTURES = ROOT / "tests/upgrade/fixtures"
BOOT = b"<the boot id of this machine>"
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Fixture:
    """`moment` is when it was left, in both times.

    `redis` has a kind and values for each key, and `files` the bytes of each path below VAR_DIR, all in base64.
    `links` are what stood in the mails of some learners, by name. `cookies` keep the studio open.
    """

    schema: str
    moment: str
    rows: Rows
    redis: Mapping[str, tuple[str, Any]]
    files: Mapping[str, str]
    links: Mapping[str, Sequence[str]]
    cookies: Mapping[str, str]

    def write(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self), indent=1, default=_as_text, ensure_ascii=False) + "\n")


def read_fixture(name: str) -> Fixture:
    """The one of `FIXTURES/<name>.json`."""
    return Fixture(**json.loads((FIXTURES / f"{name}.json").read_text()))


def load_rows(database: Database, fixture: Fixture) -> None:
    """Makes the tables of its schema, and fills them. The database must be empty."""
    with database.engine.execution_options(writes=True).begin() as connection:
        command.upgrade(alembic_config(connection), fixture.schema)
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if rows := fixture.rows.get(table.name):
                connection.execute(insert(table), [_typed(table, row) for row in rows])
                _count_on(connection, table)


def stored_rows(connection: Connection, names: Mapping[str, Sequence[str]]) -> dict[str, list[dict[str, Any]]]:
    """The rows of each named table, with its named columns, as they would stand in a fixture; in no set order."""
    tables = MetaData()
    tables.reflect(connection)
    return {
        name: [
            json.loads(json.dumps(dict(row), default=_as_text))
            for row in connection.execute(select(*(tables.tables[name].c[c] for c in columns))).mappings()
        ]
        for name, columns in names.items()
    }


def dump_redis(client: Redis) -> dict[str, tuple[str, Any]]:
    """All of it, as `Fixture.redis` has it, but for what ends by itself."""
    redis: Any = client  # whose types do not know that it answers in bytes
    dump: dict[str, tuple[str, Any]] = {}
    for key in sorted(redis.scan_iter()):
        kind = redis.type(key).decode()
        match kind:
            case "string":
                value: Any = _text(redis.get(key) or b"")
            case "hash":
                value = _hash(redis.hgetall(key))
            case "list":
                value = [_text(item) for item in redis.lrange(key, 0, -1)]
            case "set":
                value = sorted(_text(item) for item in redis.smembers(key))
            case "stream":
                value = [_hash(fields) for _, fields in redis.xrange(key)]
            case _:
                value = {item.decode(): score for item, score in redis.zrange(key, 0, -1, withscores=True)}
        dump[key.decode()] = (kind, value)
    return dump


def load_redis(redis: Redis, dump: Mapping[str, tuple[str, Any]]) -> None:
    for key, (kind, value) in dump.items():
        match kind:
            case "string":
                redis.set(key, b64decode(value))
            case "hash":
                redis.hset(key, mapping=_unhashed(value))
            case "list":
                redis.rpush(key, *map(b64decode, value))
            case "set":
                redis.sadd(key, *map(b64decode, value))
            case "stream":
                for fields in value:
                    redis.xadd(key, _unhashed(fields))
            case _:
                redis.zadd(key, value)


def dump_files(folder: Path, below: Sequence[str]) -> dict[str, str]:
    """The files that lie below any of these."""
    files = [file for place in below for file in sorted((folder / place).rglob("*")) if file.is_file()]
    files += [folder / place for place in below if (folder / place).is_file()]
    return {
        file.relative_to(folder).as_posix(): _text(file.read_bytes().replace(boot_id().encode(), BOOT))
        for file in files
    }


def load_files(folder: Path, files: Mapping[str, str]) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b64decode(content).replace(BOOT, boot_id().encode()))


def _hash(fields: Mapping[bytes, bytes]) -> dict[str, str]:
    return {name.decode(): _text(content) for name, content in fields.items()}


def _unhashed(fields: Mapping[str, str]) -> dict[Any, Any]:
    return {name: b64decode(content) for name, content in fields.items()}


def _text(content: bytes) -> str:
    return b64encode(content).decode()


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat() + "+00:00"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in a fixture")


def _typed(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(table.c[name].type, value) for name, value in row.items()}


def _value(kind: TypeEngine[Any], value: Any) -> Any:
    if isinstance(value, str) and isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and isinstance(kind, Date):
        return date.fromisoformat(value)
    return value


def _count_on(connection: Connection, table: Table) -> None:
    """PostgreSQL does not notice the ids that it did not give itself."""
    if connection.dialect.name == "postgresql" and "id" in table.c and table.c.id.autoincrement is True:
        last = select(func.max(table.c.id)).scalar_subquery()
        connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last)))
