"""Tests of clocks that are set, and of leases, fail once a safeguard is gone."""

from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from mailer.sending.journal import TakenUp
from tests.faults import test_sleepers
from tests.faults.mutations import clocks
from tests.faults.scale import FULL
from tests.faults.scripted import ScriptedWorld
from tests.support.servers.nursery import Mutation
from tests.support.servers.redis_server import RedisServer
from tests.support.world.databases import KINDS

FaultTest = Callable[[ScriptedWorld], None]
WITH_EVENTS, WITHOUT_EVENTS = True, False

planned_ahead = test_sleepers.test_a_lesson_planned_while_the_clock_was_ahead_waits_for_its_day
day_taken_back = test_sleepers.test_a_lesson_of_a_day_that_the_clock_took_back_was_that_days_lesson
ahead = partial(test_sleepers.test_a_clock_that_jumps_doubles_nothing_and_skips_nothing, hours=24)
back = partial(test_sleepers.test_a_clock_that_jumps_doubles_nothing_and_skips_nothing, hours=-24)
CASES: list[tuple[FaultTest, bool, Mutation, str]] = [
    (planned_ahead, WITHOUT_EVENTS, clocks.a_lesson_planned_ahead_sets_out_at_once, "never reached"),
    (day_taken_back, WITH_EVENTS, clocks.a_lesson_counts_for_the_day_it_was_planned_on, "2 == 3"),
    (ahead, WITHOUT_EVENTS, clocks.nobody_looks_for_a_jump_nor_before_a_letter, r"reached \S+ 2 times"),
    (ahead, WITHOUT_EVENTS, clocks.a_day_may_have_two_lessons, "one lesson a day"),
    (back, WITHOUT_EVENTS, clocks.a_day_may_have_two_lessons, "one lesson a day"),
]


@pytest.mark.parametrize("database_url", KINDS if FULL else ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("fault_test", "events", "mutation", "complaint"), CASES, ids=lambda case: getattr(case, "__name__", "")
)
def test_a_clock_that_is_set_shows_that_a_safeguard_is_gone(
    tmp_path: Path,
    database_url: str,
    redis_server: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
    fault_test: FaultTest,
    events: bool,
    mutation: Mutation,
    complaint: str,
) -> None:
    with closing(ScriptedWorld(tmp_path, database_url, redis_server.url, events=events)) as world:
        mutation(monkeypatch)
        with pytest.raises(AssertionError, match=complaint):
            fault_test(world)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_claim_that_is_not_kept_up_is_lost_among_refusals(
    tmp_path: Path, database_url: str, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(ScriptedWorld(tmp_path, database_url, redis_server.url)) as world:
        clocks.a_claim_is_not_kept_up(monkeypatch)
        with pytest.raises(TakenUp):
            test_sleepers.test_a_worker_whose_letters_are_refused_again_and_again_keeps_its_claim(world)
