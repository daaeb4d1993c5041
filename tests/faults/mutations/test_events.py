"""Each test of events fails once a safeguard is gone where they are heard."""

from functools import partial

import pytest

from tests.faults import test_events, test_kill_points
from tests.faults.conftest import MakeFleet
from tests.faults.mutations.events import (
    answered_before_they_are_recorded,
    any_signature_will_do,
    each_copy_of_an_event_is_another,
    events_are_kept_before_they_are_believed,
    events_are_kept_before_they_settle,
    events_settle_nothing,
    every_event_is_of_the_newest_attempt,
    one_odd_event_keeps_its_post_out,
)
from tests.faults.mutations.safeguards import Without, each
from tests.faults.scale import FULL
from tests.faults.scripted import ScriptedWorld
from tests.support.servers.nursery import Mutation
from tests.support.servers.sendgrid_sink import SendgridSink
from tests.support.world.databases import KINDS

forged = test_events.test_what_sendgrid_did_not_sign_is_refused_leaves_no_row_and_keeps_no_lesson_back
in_disorder = test_events.test_every_disorder_ends_as_the_clean_run
CASES = [
    Without(forged, any_signature_will_do, r"lesson \d never reached"),
    Without(forged, events_are_kept_before_they_are_believed, r"lesson \d never reached"),
    Without(in_disorder, each_copy_of_an_event_is_another, "assert"),
    Without(in_disorder, one_odd_event_keeps_its_post_out, "the webhook answered 403"),
    Without(
        test_events.test_an_event_stops_a_copy_that_still_waits,
        events_settle_nothing,
        r"lesson 1 reached .* 2 times",
    ),
    Without(
        test_events.test_events_a_day_late_change_nothing_but_the_count_of_copies,
        every_event_is_of_the_newest_attempt,
        "3 extra copies, 0 counted",
    ),
]


@pytest.mark.parametrize("database_url", KINDS if FULL else ["sqlite"], indirect=True)
@each(CASES)
def test_events_show_that_a_safeguard_is_gone(
    events_world: ScriptedWorld, monkeypatch: pytest.MonkeyPatch, case: Without[[ScriptedWorld]]
) -> None:
    case.fails(monkeypatch, events_world)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("mutation", [events_are_kept_before_they_settle, answered_before_they_are_recorded])
def test_a_site_killed_in_the_webhook_doubles_letters_once_a_safeguard_is_gone(
    fleet: MakeFleet, database_url: str, sendgrid_sink: SendgridSink, mutation: Mutation
) -> None:
    """On SQLite a site waits for its turn before it writes at all, and dies there."""
    careless = partial(fleet, without=mutation)
    with pytest.raises(AssertionError, match=r"reached \S+ \d+ times"):
        test_kill_points.test_killed_in_the_webhook(careless, database_url, sendgrid_sink)
