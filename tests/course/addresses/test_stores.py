"""Servers with passwords, databases and Redis: no sign may end an address where nobody meant it to."""

import pytest
from redis import Redis
from sqlalchemy import make_url

from course.addresses.server import parse_server
from course.addresses.stores import read_database_url, read_redis_url, socket_url, sqlite_url

SIGNS = (
    ("smtp://user:12#34@host:587", "percent-encode # as %23"),
    ("smtp://user:pass#@host", "percent-encode # as %23"),
    ("smtp://host:587/#x", "percent-encode # as %23"),
    ("smtp://user:12/34@host:587", "percent-encode / as %2F"),
    ("smtp://user:12?34@host:587", "percent-encode ? as %3F"),
    ("smtp://user:12?34@host:587?tls=tls", "percent-encode ? as %3F"),
    ("smtp://user:1[2@host", "percent-encode [ as %5B"),
    ("smtp://user:1]2@host", "percent-encode ] as %5D"),
    (r"smtp://user:1\2@host", "percent-encode \\ as %5C"),
    ("smtp://user:100%@host", "percent-encode % as %25"),
    ("smtp://user:1%zz@host", "percent-encode % as %25"),
    ("smtp://user:a b@host", "percent-encode a space as %20"),
    ("smtp://user:a\tb@host", "percent-encode a space as %20"),
    ("smtp://[::1", "write `smtp:HERE`"),
    ("smtp://host:port", "write `smtp:HERE`"),
    ("smtp://host:0", "write `smtp:HERE`"),
    ("smtp://host:99999", "write `smtp:HERE`"),
)

DATABASES = (
    ("postgresql://h/n", "postgresql://h/n"),
    ("postgres://u:p@h:5432/n", "postgresql://u:p@h:5432/n"),
    ("postgresql+psycopg://u:p%40%23@h/n", "postgresql+psycopg://u:p%40%23@h/n"),
    ("postgresql://postgres@/n?host=/run/pg", "postgresql://postgres@/n?host=/run/pg"),
    ("postgresql:///n?user=a@b&host=/run/pg", "postgresql:///n?user=a@b&host=/run/pg"),
    ("postgresql://h/n?user=a@b", "postgresql://h/n?user=a@b"),
    (
        "postgresql://h/n?prepare_threshold=0&connect_timeout=5",
        "postgresql://h/n?prepare_threshold=0&connect_timeout=5",
    ),
    ("postgresql://h/n?prepare_threshold=None", "postgresql://h/n?prepare_threshold=None"),
    ("postgresql://u:p@[2001:db8::1]:5432/n", "postgresql://u:p@[2001:db8::1]:5432/n"),
    ("sqlite:////tmp/a.sqlite", "sqlite:////tmp/a.sqlite"),
    ("sqlite:////tmp/a@b/c%23d.sqlite?timeout=5", "sqlite:////tmp/a@b/c%23d.sqlite?timeout=5"),
)

NO_DATABASES = (
    ("mysql://h/n", "write `postgresql://"),
    ("postgresql+asyncpg://h/n", "write `postgresql://"),
    ("var/dayletter.sqlite", "write `postgresql://"),
    ("postgresql://h:port/n", "write `postgresql://"),
    ("postgresql://u:12#34@h/n", "# as %23"),
    ("postgresql://u:12/34@h/n", "/ as %2F"),
    ("postgresql://u:1@2@h/n", "@ as %40"),
    ("postgresql://h/n/m", "only the database's name"),
    ("postgresql://h/n#m", "# as %23"),
    ("postgresql://h/n?autocommit=true", "leave `autocommit` out"),
    ("postgresql://h/n?prepare_threshold=often", "`prepare_threshold` is a number"),
    ("sqlite:////tmp/a#b.sqlite", "# as %23"),
    ("sqlite:////tmp/a?b.sqlite", "? as %3F"),
    ("sqlite:////tmp/a b.sqlite", "space as %20"),
)

REDIS = (
    "redis://h", "redis://h:6379/", "redis://h:6379/0", "rediss://:p%23@h:6379/15?ssl_cert_reqs=none", "redis:///0",
    "redis://user@example.org:p@h/0", "unix:///run/redis.sock", "unix:///run/redis.sock?db=0",
    "unix:///a%20b%23c.sock?db=1",
)  # fmt: skip

NO_REDIS = (
    ("localhost:6379", "write `redis://"),
    ("http://h", "write `redis://"),
    ("redis://h:port", "write `redis://"),
    ("unix://", "write `redis://"),
    ("redis://h/name", "only a database's number"),
    ("redis://h/0/1", "only a database's number"),
    ("redis://:12#34@h:6379", "# as %23"),
    ("redis://h:6379/0#1", "# as %23"),
    ("redis://:12/34@h:6379", "/ as %2F"),
    ("redis://:12?34@h:6379", "? as %3F"),
    ("unix:///run/a#b.sock", "# as %23"),
    ("unix:///run/a?b.sock", "? as %3F"),
    ("unix:///run/a b.sock", "space as %20"),
)

FOLDERS = (
    "/var/lib/a",
    "/srv/a b",
    "/srv/a#b",
    "/srv/a?b=c",
    "/srv/100%",
    "/srv/a%20b",
    "/srv/a+b",
    "/srv/ü@:;[]",
)


@pytest.mark.parametrize(("url", "why"), SIGNS)
def test_a_sign_that_would_end_a_password_is_named_and_the_password_is_not(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=r"\.$") as refused:
        parse_server(url, "smtp:HERE")
    assert why in str(refused.value)
    assert "34" not in str(refused.value)


def test_an_encoded_password_is_taken_apart_as_it_was_meant() -> None:
    parts = parse_server("smtp://a@b.org:12%2334%2F%3F%25@host:587?tls=tls", "")
    assert (parts.username, parts.password) == ("a@b.org", "12%2334%2F%3F%25")
    assert (parts.hostname, parts.port, parts.query) == ("host", 587, "tls=tls")


@pytest.mark.parametrize(("written", "used"), DATABASES)
def test_a_database_is_sqlite_or_postgresql(written: str, used: str) -> None:
    assert read_database_url(written) == used


@pytest.mark.parametrize(("written", "why"), NO_DATABASES)
def test_what_is_no_database_is_told_with_what_to_write(written: str, why: str) -> None:
    with pytest.raises(ValueError, match=r"\.$") as refused:
        read_database_url(written)
    assert why in str(refused.value)


@pytest.mark.parametrize("written", REDIS)
def test_a_redis_server_has_a_host_or_a_socket(written: str) -> None:
    assert read_redis_url(written) == written


@pytest.mark.parametrize(("written", "why"), NO_REDIS)
def test_what_is_no_redis_server_is_told_with_what_to_write(written: str, why: str) -> None:
    with pytest.raises(ValueError, match=r"\.$") as refused:
        read_redis_url(written)
    assert why in str(refused.value)


@pytest.mark.parametrize("folder", FOLDERS)
def test_whatever_a_folder_is_called_its_files_are_found(folder: str) -> None:
    url = sqlite_url(f"{folder}/dayletter.sqlite")
    assert make_url(read_database_url(url)).database == f"{folder}/dayletter.sqlite"
    with Redis.from_url(read_redis_url(socket_url(f"{folder}/redis.sock"))) as redis:
        known = redis.connection_pool.connection_kwargs
    assert (known["path"], known["db"]) == (f"{folder}/redis.sock", 0)
