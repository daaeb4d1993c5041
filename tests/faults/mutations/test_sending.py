"""Each accident does no harm to the world as it is, and harm to the world without its safeguard."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.faults import scenarios
from tests.faults.mutations import sending
from tests.faults.mutations.events import each_copy_of_an_event_is_another, events_settle_nothing
from tests.faults.mutations.safeguards import name
from tests.faults.scenarios import Scenario
from tests.faults.scripted import ScriptedWorld
from tests.support.servers.nursery import Mutation
from tests.support.servers.redis_server import RedisServer

WITH_EVENTS, WITHOUT_EVENTS = True, False

CASES: list[tuple[Scenario, bool, Mutation]] = [
    (scenarios.planned_from_old_facts, WITHOUT_EVENTS, sending.no_unique_occasion),
    (scenarios.two_jobs_for_one_batch, WITHOUT_EVENTS, sending.claim_whatever_state),
    (scenarios.dead_after_the_letter_was_taken, WITH_EVENTS, sending.send_before_the_claim_is_committed),
    (scenarios.dead_after_the_letter_was_taken, WITH_EVENTS, sending.nothing_begun_in_the_journal),
    (scenarios.dead_between_two_letters, WITHOUT_EVENTS, sending.no_answer_in_the_journal),
    (scenarios.dead_and_its_journal_gone, WITH_EVENTS, sending.a_missing_journal_is_an_empty_one),
    (scenarios.lost_reply_and_a_late_event, WITH_EVENTS, events_settle_nothing),
    (scenarios.lost_reply_and_other_events, WITH_EVENTS, sending.send_the_uncertain_again_at_once),
    (scenarios.dead_channel, WITH_EVENTS, sending.take_silence_for_proof),
    (scenarios.asleep_past_the_lease, WITHOUT_EVENTS, sending.no_look_before_a_letter),
    (scenarios.answer_of_a_sleeper, WITHOUT_EVENTS, sending.no_fence),
    (scenarios.asleep_within_a_request_of_many, WITHOUT_EVENTS, sending.answers_lost_with_the_claim),
    (scenarios.asleep_past_the_lease_on_another_machine, WITHOUT_EVENTS, sending.no_look_at_the_lease),
    (scenarios.clock_set_ahead, WITH_EVENTS, sending.no_look_for_jumps),
    (scenarios.clock_put_back, WITHOUT_EVENTS, sending.no_look_for_jumps),
    (scenarios.queue_emptied, WITHOUT_EVENTS, sending.no_second_entry_in_the_queue),
    (scenarios.event_told_twice, WITH_EVENTS, each_copy_of_an_event_is_another),
]


def _house(tmp_path: Path, database_url: str, redis_url: str, events: bool) -> ScriptedWorld:
    return ScriptedWorld(tmp_path, database_url, redis_url, events=events)


ACCIDENTS = list(dict.fromkeys((scenario, events) for scenario, events, _ in CASES))


@pytest.mark.parametrize(("scenario", "events"), ACCIDENTS, ids=name)
def test_an_accident_does_no_harm(
    tmp_path: Path, database_url: str, redis_server: RedisServer, scenario: Scenario, events: bool
) -> None:
    with closing(_house(tmp_path, database_url, redis_server.url, events)) as world:
        assert scenario(world) == []


@pytest.mark.parametrize(("scenario", "events", "mutation"), CASES, ids=name)
def test_the_witness_complains_once_a_safeguard_is_gone(
    tmp_path: Path,
    database_url: str,
    redis_server: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
    scenario: Scenario,
    events: bool,
    mutation: Mutation,
) -> None:
    with closing(_house(tmp_path, database_url, redis_server.url, events)) as world:
        mutation(monkeypatch)
        assert scenario(world) != []
