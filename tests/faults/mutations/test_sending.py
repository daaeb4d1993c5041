"""Each accident does no harm to the house as it is, and harm to the house without its safeguard."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.faults import scenarios as accident
from tests.faults.mutations import events as in_hearing
from tests.faults.mutations import sending as without
from tests.faults.safeguards import name
from tests.faults.scenarios import Scenario
from tests.faults.scripted import ScriptedHouse
from tests.support.servers.nursery import Mutation
from tests.support.servers.redis_server import RedisServer

WITH_EVENTS, WITHOUT_EVENTS = True, False

CASES: list[tuple[Scenario, bool, Mutation]] = [
    (accident.planned_from_old_facts, WITHOUT_EVENTS, without.no_unique_occasion),
    (accident.two_jobs_for_one_batch, WITHOUT_EVENTS, without.claim_whatever_state),
    (accident.dead_after_the_letter_was_taken, WITH_EVENTS, without.send_before_the_claim_is_committed),
    (accident.dead_after_the_letter_was_taken, WITH_EVENTS, without.nothing_begun_in_the_journal),
    (accident.dead_between_two_letters, WITHOUT_EVENTS, without.no_answer_in_the_journal),
    (accident.dead_and_its_journal_gone, WITH_EVENTS, without.a_missing_journal_is_an_empty_one),
    (accident.lost_reply_and_a_late_event, WITH_EVENTS, in_hearing.events_settle_nothing),
    (accident.lost_reply_and_other_events, WITH_EVENTS, without.send_the_uncertain_again_at_once),
    (accident.dead_channel, WITH_EVENTS, without.take_silence_for_proof),
    (accident.asleep_past_the_lease, WITHOUT_EVENTS, without.no_look_before_a_letter),
    (accident.answer_of_a_sleeper, WITHOUT_EVENTS, without.no_fence),
    (accident.asleep_within_a_request_of_many, WITHOUT_EVENTS, without.answers_lost_with_the_claim),
    (accident.asleep_past_the_lease_on_another_machine, WITHOUT_EVENTS, without.no_look_at_the_lease),
    (accident.clock_set_ahead, WITH_EVENTS, without.no_look_for_jumps),
    (accident.clock_put_back, WITHOUT_EVENTS, without.no_look_for_jumps),
    (accident.queue_emptied, WITHOUT_EVENTS, without.no_second_entry_in_the_queue),
    (accident.event_told_twice, WITH_EVENTS, in_hearing.each_copy_of_an_event_is_another),
]


def _house(tmp_path: Path, database_url: str, redis_url: str, events: bool) -> ScriptedHouse:
    return ScriptedHouse(tmp_path, database_url, redis_url, events=events)


ACCIDENTS = list(dict.fromkeys((scenario, events) for scenario, events, _ in CASES))


@pytest.mark.parametrize(("scenario", "events"), ACCIDENTS, ids=name)
def test_an_accident_does_no_harm(
    tmp_path: Path, database_url: str, redis_server: RedisServer, scenario: Scenario, events: bool
) -> None:
    with closing(_house(tmp_path, database_url, redis_server.url, events)) as house:
        assert scenario(house) == []


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
    with closing(_house(tmp_path, database_url, redis_server.url, events)) as house:
        mutation(monkeypatch)
        assert scenario(house) != []
