"""Tests of whole fleets fail, by what the mail server saw, once a safeguard is gone from the processes."""

from collections.abc import Callable
from functools import partial
from inspect import signature
from pathlib import Path

import pytest

from tests.between import test_pooler
from tests.faults import (
    test_clock_jumps,
    test_kill_points,
    test_redis_and_database,
    test_sleepers,
    test_smtp_faults,
    test_stops,
)
from tests.faults.conftest import MakeFleet
from tests.faults.mutations import clocks, sending
from tests.faults.mutations.servers import (
    clocks_end_when_the_database_is_away,
    commits_need_not_last,
    statements_are_prepared,
    workers_end_when_redis_is_away,
)
from tests.faults.scale import FULL
from tests.support import waiting
from tests.support.servers.nursery import Mutation, Nursery
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.sendgrid_sink import SendgridSink
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.databases import KINDS

on_each_kind = pytest.mark.parametrize("database_url", KINDS if FULL else ["sqlite"], indirect=True)
TWICE = r"reached \S+ \d+ times"
NEVER = r"never reached"
LONG_ENOUGH_FOR_MANY_LEASES = 20.0
LONG_ENOUGH = 60.0
"""Seconds: what is lost need not be waited for as long as what is only late."""


@on_each_kind
def test_a_killed_worker_that_kept_no_journal_doubles_letters(
    fleet: MakeFleet, sendgrid_sink: SendgridSink
) -> None:
    careless = partial(fleet, without=sending.nothing_begun_in_the_journal)
    with pytest.raises(AssertionError, match=TWICE):
        test_kill_points.test_killed_in_a_request_that_was_taken(careless, sendgrid_sink)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_killed_worker_that_sent_before_its_claim_doubles_letters(
    fleet: MakeFleet, database_url: str, sendgrid_sink: SendgridSink
) -> None:
    """On SQLite it waits for its turn before anything."""
    careless = partial(fleet, without=sending.send_before_the_claim_is_committed)
    with pytest.raises(AssertionError, match=TWICE):
        test_kill_points.test_killed_before_the_claim_is_committed(careless, database_url, sendgrid_sink)


@on_each_kind
def test_a_worker_that_does_not_look_before_a_letter_sends_on_when_it_wakes(
    fleet: MakeFleet, database_url: str, smtp_sink: SmtpSink
) -> None:
    careless = partial(fleet, without=sending.no_look_before_a_letter)
    with pytest.raises(AssertionError, match=r"lesson 1 reached .* afterwards"):
        test_sleepers.test_a_worker_stopped_past_its_lease_sends_nothing_when_it_goes_on(
            careless, database_url, smtp_sink
        )


@on_each_kind
def test_a_slow_server_gets_nothing_where_leases_are_not_kept_up_meanwhile(
    fleet: MakeFleet, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", LONG_ENOUGH_FOR_MANY_LEASES)
    with pytest.raises(AssertionError, match="waited"):
        test_smtp_faults.test_a_server_that_takes_longer_than_a_lease_gets_its_letters(
            fleet, smtp_sink, clocks.leases_of_three_seconds_that_nobody_keeps_up
        )


@on_each_kind
def test_a_worker_that_does_not_look_whether_to_stop_sends_to_its_batchs_end(
    fleet: MakeFleet, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(test_stops, "STOPS", 1)
    careless = partial(fleet, without=sending.no_look_whether_to_end)
    with pytest.raises(AssertionError, match="no batch had to end early"):
        test_stops.test_no_stop_leaves_a_letter_in_doubt(careless, smtp_sink)


@on_each_kind
def test_two_deployments_that_claim_what_is_claimed_double_letters(
    nursery: Nursery, tmp_path: Path, database_url: str, redis_server: RedisServer, sendgrid_sink: SendgridSink
) -> None:
    with pytest.raises(AssertionError, match=TWICE):
        test_sleepers.test_two_deployments_on_one_database_share_the_work(
            nursery, tmp_path, database_url, redis_server, sendgrid_sink, sending.claim_whatever_state
        )


@on_each_kind
def test_a_clock_set_ahead_doubles_letters_where_nobody_looks_for_jumps(
    fleet: MakeFleet, tmp_path: Path, sendgrid_sink: SendgridSink
) -> None:
    careless = partial(fleet, without=sending.no_look_for_jumps)
    with pytest.raises(AssertionError, match=TWICE):
        test_clock_jumps.test_a_clock_set_ahead_by_a_day_does_not_end_the_wait_for_an_event(
            careless, tmp_path, sendgrid_sink
        )


def test_behind_a_pooler_statements_that_are_prepared_are_known_elsewhere_already(
    nursery: Nursery,
    tmp_path: Path,
    behind_a_pooler: str,
    redis_server: RedisServer,
    smtp_sink: SmtpSink,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", LONG_ENOUGH_FOR_MANY_LEASES)
    with pytest.raises(AssertionError, match="PreparedStatement"):
        test_pooler.test_a_site_behind_a_pooler_registers_plans_and_sends(
            nursery, tmp_path, behind_a_pooler, redis_server, smtp_sink, statements_are_prepared
        )


def test_what_need_not_last_is_not_known_when_postgresql_is_back(
    tmp_path: Path, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits_need_not_last(monkeypatch)
    with pytest.raises(AssertionError, match=f"{NEVER}|{TWICE}"):
        test_redis_and_database.test_what_was_sent_is_still_known_when_postgresql_is_back(tmp_path, redis_server)


@on_each_kind
@pytest.mark.parametrize(
    "mutation",
    [
        sending.no_second_entry_in_the_queue,
        *([workers_end_when_redis_is_away] if FULL else []),
    ],
)
def test_a_redis_that_goes_away_costs_lessons_once_a_safeguard_is_gone(
    fleet: MakeFleet,
    redis_server: RedisServer,
    sendgrid_sink: SendgridSink,
    monkeypatch: pytest.MonkeyPatch,
    mutation: Mutation,
) -> None:
    _in_a_hurry(monkeypatch)
    with pytest.raises(AssertionError, match=NEVER):
        test_redis_and_database.test_redis_emptied_and_stopped_costs_nothing_but_time(
            partial(fleet, without=mutation), redis_server, sendgrid_sink
        )


if FULL:

    @on_each_kind
    @pytest.mark.parametrize(
        ("mutation", "fault"),
        [
            (sending.no_journal_read, test_kill_points.test_killed_after_the_claim_before_any_letter_set_out),
            (sending.doubts_die_with_their_process, test_kill_points.test_killed_in_settling),
            (
                sending.no_answer_read_in_the_journal,
                test_kill_points.test_killed_after_the_reply_before_it_is_recorded,
            ),
        ],
    )
    def test_a_killed_process_leaves_letters_lying_once_a_safeguard_is_gone(
        request: pytest.FixtureRequest,
        fleet: MakeFleet,
        monkeypatch: pytest.MonkeyPatch,
        mutation: Mutation,
        fault: Callable[..., None],
    ) -> None:
        monkeypatch.setattr(waiting, "PATIENCE", LONG_ENOUGH)
        wanted = [name for name in signature(fault).parameters if name != "fleet"]
        given = {name: request.getfixturevalue(name) for name in wanted}
        with pytest.raises(AssertionError, match=r"'uncertain': [1-9]"):
            fault(fleet=partial(fleet, without=mutation), **given)

    @pytest.mark.parametrize("mutation", [clocks_end_when_the_database_is_away, commits_need_not_last])
    def test_a_database_that_goes_away_costs_lessons_once_a_safeguard_is_gone(
        nursery: Nursery,
        tmp_path: Path,
        redis_server: RedisServer,
        sendgrid_sink: SendgridSink,
        monkeypatch: pytest.MonkeyPatch,
        mutation: Mutation,
    ) -> None:
        _in_a_hurry(monkeypatch)
        with pytest.raises(AssertionError, match=f"{NEVER}|{TWICE}"):
            test_redis_and_database.test_postgresql_restarted_at_once_costs_nothing_but_time(
                nursery, tmp_path, redis_server, sendgrid_sink, mutation
            )


def _in_a_hurry(patch: pytest.MonkeyPatch) -> None:
    """The whole course takes six seconds."""
    patch.setattr(test_redis_and_database, "PATIENCE", 8.0)
    patch.setattr(test_redis_and_database, "LEARNERS", 15)
