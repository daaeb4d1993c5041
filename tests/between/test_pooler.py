"""A whole site behind PgBouncer in transaction mode, with fewer connections than processes."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psycopg

from tests.faults.oracle import complaints, missing, seen_by_smtp
from tests.faults.scale import dice
from tests.support.between.pgbouncer import CONNECTIONS
from tests.support.servers.nursery import Mutation, Nursery
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.waiting import wait_for
from tests.support.world.fleet import Fleet
from tests.support.world.person import HttpBrowser
from tests.support.world.sample_course import DAYS

CLOCK = "2026-03-23T06:00:00Z@86400"  # a day takes a second
AT_ONCE = 60
DOMAINS = ("org", "net", "com")
LEARNERS = 15
SAID = """
SELECT pg_backend_pid(), current_setting('synchronous_commit'), current_setting('lock_timeout'),
    current_setting('transaction_isolation'), current_setting('plan_cache_mode'),
    (SELECT count(*) FROM pg_prepared_statements), (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory')"""


def test_a_site_behind_a_pooler_registers_plans_and_sends(
    nursery: Nursery,
    tmp_path: Path,
    behind_a_pooler: str,
    redis_server: RedisServer,
    smtp_sink: SmtpSink,
    without: Mutation | None = None,
) -> None:
    settings = {"DATABASE_URL": behind_a_pooler, "REDIS_URL": redis_server.url, "MAIL_URL": smtp_sink.url}
    crew = ("web", "worker", "worker", "clock", "clock")
    with Fleet(nursery, tmp_path, {**settings, "CLOCK": CLOCK}, crew, without=without) as site:
        learners = site.enrol(LEARNERS, dice("a pooler"))
        wait_for(site.is_up, site.logs)
        # Of more than fifty to one small domain within an hour some would wait for their mail.
        newcomers = [f"new{number}@example.{DOMAINS[number % len(DOMAINS)]}" for number in range(AT_ONCE)]
        with ThreadPoolExecutor(AT_ONCE) as people:
            answers = list(people.map(lambda email: _register(site, email), newcomers))
        assert answers == [303] * AT_ONCE, site.logs()
        wait_for(lambda: not missing(seen_by_smtp(smtp_sink), learners, DAYS), site.report)
        wait_for(lambda: not missing(seen_by_smtp(smtp_sink), newcomers, 0, ["confirm"]), site.report)
        site.settle()
        seen = seen_by_smtp(smtp_sink)
        assert complaints(seen, learners, DAYS) == complaints(seen, newcomers, 0, ["confirm"]) == []
        assert "PreparedStatement" not in site.logs()
    _assert_nothing_is_left(behind_a_pooler)


def _register(site: Fleet, email: str) -> int:
    fields = {"email": email, "name": "Eve", "zone": "UTC", "hour": "8"}
    return HttpBrowser().send("POST", f"{site.base_url}/courses/bread-at-home/enrol", fields).status


def _assert_nothing_is_left(behind_a_pooler: str) -> None:
    """On any of the pooler's connections to the server, of what was set for one transaction."""
    with ExitStack() as stack:
        others = [
            stack.enter_context(psycopg.connect(behind_a_pooler, prepare_threshold=None))
            for _ in range(CONNECTIONS)
        ]
        said = [other.execute(SAID).fetchone() or () for other in others]
    assert len({one[0] for one in said}) == CONNECTIONS
    assert {one[1:] for one in said} == {("off", "0", "read committed", "auto", 0, 0)}
