"""Database and Redis, judged by what they tell of themselves."""

from collections.abc import Iterator, Mapping
from datetime import date

from course.checkup import Finding

LAST_DAYS = {
    14: date(2026, 11, 12),
    15: date(2027, 11, 11),
    16: date(2028, 11, 9),
    17: date(2029, 11, 8),
    18: date(2030, 11, 14),
}
"""Of each PostgreSQL: https://www.postgresql.org/support/versioning/. Older ones get no mends any more."""

LEAST_SQLITE = (3, 35, 0)
"""The first with RETURNING."""

SAFE_SQLITE = (3, 51, 3)
"""The first without the WAL-reset bug (https://www.sqlite.org/wal.html#walresetbug): two that write and checkpoint
in the same instant may, very rarely, damage the file."""

LEAST_REDIS = (5, 0)
"""What RQ asks for."""


def of_postgresql(number: int, told: Mapping[str, str], today: date) -> Iterator[Finding]:
    """`number` as the server has it, such as 160004; `told` are its settings by name."""
    about, major = "database", number // 10_000
    last = LAST_DAYS.get(major)
    if major < min(LAST_DAYS) or (last is not None and last < today):
        said = f"PostgreSQL {major} gets no mends any more."
        yield Finding(about, "warning", said, f"Change to PostgreSQL {max(LAST_DAYS)}; `dayletter backup` before.")
    if told.get("fsync") == "off":
        said = "`fsync` is off: a power cut may destroy all of the database."
        yield Finding(about, "bad", said, "Set `fsync = on` in postgresql.conf.")
    if told.get("full_page_writes") == "off":
        said = "`full_page_writes` is off: a power cut may leave half-written pages."
        yield Finding(about, "warning", said, "Set `full_page_writes = on` in postgresql.conf.")
    if told.get("synchronous_commit") == "off":
        said = "`synchronous_commit` is off; Dayletter switches it on for its own commits, others' may be lost."
        yield Finding(about, "warning", said, "Set `synchronous_commit = on` in postgresql.conf, or for the role.")
    if told.get("default_transaction_read_only") == "on" or told.get("in_recovery") == "on":
        said = "It only lets us read: it is a copy, or set to read only."
        yield Finding(about, "bad", said, "Have DATABASE_URL name the server that is written to.")
    if (encoding := told.get("server_encoding", "UTF8")) != "UTF8":
        said = f"It keeps texts as {encoding}, which has no room for every name."
        yield Finding(about, "bad", said, "Make a database with `ENCODING 'UTF8'`, and restore a backup into it.")


def of_sqlite(version: tuple[int, int, int], journal: str) -> Iterator[Finding]:
    """`journal` is the mode that the file is in."""
    about, written = "database", ".".join(map(str, version))
    if version < LEAST_SQLITE:
        yield Finding(about, "bad", f"SQLite {written} is too old.", "Install a newer Python, or use PostgreSQL.")
    elif version < SAFE_SQLITE:
        said = f"SQLite {written} may very rarely damage its file when two processes write at once."
        todo = "Use SQLite 3.51.3 or later (it comes with Python, or the system), or PostgreSQL; back up daily."
        yield Finding(about, "warning", said, todo)
    if journal != "wal":
        said = f"Its file is in the mode `{journal}`: readers and writers keep each other waiting."
        todo = "Have VAR_DIR on a disk of this machine; over a network SQLite cannot keep a write-ahead log."
        yield Finding(about, "warning", said, todo)


def of_redis(told: Mapping[str, str]) -> Iterator[Finding]:
    """`told` is what INFO says."""
    about = "Redis"
    version = told.get("redis_version", "")
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if numbers and numbers < LEAST_REDIS:
        yield Finding(about, "bad", f"Redis {version} is too old.", "Use Redis 7 or Valkey 8, or later.")
    policy = told.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        limited = told.get("maxmemory", "0") not in ("", "0")
        when = (
            "Once its memory is full, jobs are thrown out" if limited else "Were its memory limited, jobs would go"
        )
        said = f"`maxmemory-policy` is `{policy}`: {when} before they are done, and mails come late."
        yield Finding(
            about, "warning", said, "Set `maxmemory-policy noeviction`; give caches a Redis of their own."
        )
    if told.get("role") in ("slave", "replica"):
        said = "It is a copy, which takes no jobs."
        yield Finding(about, "bad", said, "Have REDIS_URL name the server that is written to.")
