"""Poolers and web servers for the tests that ask for one; skipped where `make test` could not get them."""

from collections.abc import Iterator

import pytest

from tests.support.between.debian import find_program
from tests.support.between.pgbouncer import PgBouncer, pgbouncer_before
from tests.support.servers.postgres import Postgres


@pytest.fixture(scope="session")
def pgbouncer(postgres: Postgres) -> Iterator[PgBouncer]:
    """Before this test process's PostgreSQL."""
    if not find_program("pgbouncer"):
        pytest.skip("no PgBouncer: `make test` unpacks one where there is apt")
    with pgbouncer_before(postgres) as pooler:
        yield pooler


@pytest.fixture
def behind_a_pooler(postgres: Postgres, pgbouncer: PgBouncer) -> Iterator[str]:
    """An empty database's URL. The server confirms commits that it may lose, unless it is asked for more."""
    with postgres.fresh_database() as url:
        yield pgbouncer.before(url)


@pytest.fixture(scope="session")
def web_server_programs() -> None:
    missing = [name for name in ("caddy", "nginx") if not find_program(name)]
    if missing:
        pytest.skip(f"no {' and no '.join(missing)}: `make test` unpacks them where there is apt")
