"""Each test of a mail server's bad days fails, by what the server saw, once a safeguard is gone."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.faults import test_smtp_faults
from tests.faults.conftest import MakeFleet
from tests.faults.mutations import smtp
from tests.faults.mutations.safeguards import Without, each
from tests.faults.scale import FULL
from tests.faults.scripted import ScriptedWorld
from tests.support.servers.smtp_session import Fault, Step
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.databases import KINDS

pytestmark = pytest.mark.parametrize("database_url", KINDS if FULL else ["sqlite"], indirect=True)

FaultTest = Callable[[ScriptedWorld, SmtpSink], None]


def refused(pipelining: bool) -> FaultTest:
    return partial(test_smtp_faults.test_a_certain_refusal_costs_time_only, pipelining=pipelining)


def dropped(step: Step, fault: Fault, pipelining: bool) -> FaultTest:
    around_the_dot = test_smtp_faults.test_a_connection_dropped_around_the_final_dot_leaves_one_letter_in_doubt
    return partial(around_the_dot, step=step, fault=fault, pipelining=pipelining)


CASES: list[Without[[ScriptedWorld, SmtpSink]]] = [
    Without(refused(True), smtp.every_no_is_for_good, "lesson 1 never reached"),
    Without(refused(False), smtp.every_no_is_for_good, "lesson 1 never reached"),
    Without(refused(True), smtp.a_letter_behind_a_lost_one_is_taken_for_sent, "lesson 1 never reached"),
    Without(dropped("body", "drop", True), smtp.a_lost_reply_means_yes, "lesson 1 never reached"),
    Without(dropped("dot", "drop", False), smtp.a_lost_reply_means_yes, "lesson 1 never reached"),
    Without(dropped("reply", "drop", True), smtp.a_lost_reply_means_no, "1 extra copies, 0 counted"),
    Without(dropped("reply", "drop", False), smtp.a_lost_reply_means_no, "1 extra copies, 0 counted"),
    Without(
        test_smtp_faults.test_one_bad_address_among_many_costs_only_itself, smtp.no_no_is_for_good, "no more mail"
    ),
    Without(test_smtp_faults.test_a_late_greeting_only_delays, smtp.no_patience, "lesson 1 never reached"),
]


@each(CASES)
def test_a_mail_server_shows_that_a_safeguard_is_gone(
    smtp_world: ScriptedWorld,
    smtp_sink: SmtpSink,
    monkeypatch: pytest.MonkeyPatch,
    case: Without[[ScriptedWorld, SmtpSink]],
) -> None:
    case.fails(monkeypatch, smtp_world, smtp_sink)


def test_workers_that_take_a_lost_reply_for_a_no_double_a_letter_that_nobody_counts(
    fleet: MakeFleet, smtp_sink: SmtpSink
) -> None:
    careless = partial(fleet, without=smtp.a_lost_reply_means_no)
    with pytest.raises(AssertionError, match=r"extra copies, \d+ counted"):
        test_smtp_faults.test_a_server_that_fails_all_the_time_loses_nothing(careless, smtp_sink)
