"""A mail server's bad days, each with and without PIPELINING: what is lost, what is doubled, what is counted."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from mailer.providers.smtp.address import SmtpServer
from mailer.providers.smtp.provider import Smtp
from tests.faults.conftest import MakeFleet
from tests.faults.mutations.clocks import leases_of_three_seconds
from tests.faults.oracle import complaints, extra_copies, missing, seen_by_smtp, tally, uncounted
from tests.faults.scale import FULL, dice, note, sized
from tests.faults.scripted import ScriptedWorld
from tests.support.servers.nursery import Mutation
from tests.support.servers.smtp_client import nobody
from tests.support.servers.smtp_session import Fault, Late, Step
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.waiting import wait_for
from tests.support.world.sample_course import DAYS

LEARNERS = 6
CERTAIN: list[tuple[Step, Fault]] = [
    ("greeting", "drop"),
    ("greeting", 421),
    ("ehlo", 421),
    ("mail", "drop"),
    ("mail", 421),
    ("mail", 451),
    ("mail", 452),
    ("rcpt", 451),
    ("rcpt", 452),
    ("data", "drop"),
    ("data", 421),
    ("data", 451),
    ("dot", 421),
    ("dot", 451),
    ("dot", 452),
]
EACH = CERTAIN if FULL else [("mail", 452), ("dot", 451)]
NOT_TAKEN: list[tuple[Step, Fault]] = [("body", "drop"), ("dot", "drop")]
TAKEN: list[tuple[Step, Fault]] = [("reply", "drop")]
DOUBTFUL = NOT_TAKEN + TAKEN
OTHERS = ("confirm", "welcome")
SLOWLY_SERVED = sized(2, 10)
EVERY_REPLY = 1.0
"""Seconds. From the greeting to the first letter's end it is six of them: two leases, had nobody kept them up."""


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelining", "plain"])
def test_a_certain_refusal_costs_time_only(
    smtp_world: ScriptedWorld, smtp_sink: SmtpSink, pipelining: bool
) -> None:
    smtp_sink.behaviour.pipelining = pipelining
    learners = _ready(smtp_world, smtp_sink)
    for step, fault in CERTAIN:
        smtp_sink.plan(step, fault)
    smtp_world.work_on(6 * 3600, 600)
    assert complaints(seen_by_smtp(smtp_sink), learners, 1) == []
    assert not any(smtp_sink.behaviour.faults.values()) or len(smtp_sink.mails) == LEARNERS
    assert smtp_world.duplicates() == 0


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelining", "plain"])
@pytest.mark.parametrize(("step", "fault"), EACH)
def test_each_certain_refusal_by_itself(
    smtp_world: ScriptedWorld, smtp_sink: SmtpSink, step: Step, fault: Fault, pipelining: bool
) -> None:
    smtp_sink.behaviour.pipelining = pipelining
    learners = _ready(smtp_world, smtp_sink)
    smtp_sink.plan(step, fault)
    smtp_world.work_on(3600, 600)
    assert complaints(seen_by_smtp(smtp_sink), learners, 1) == []
    assert smtp_world.duplicates() == 0


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelining", "plain"])
@pytest.mark.parametrize(("step", "fault"), DOUBTFUL)
def test_a_connection_dropped_around_the_final_dot_leaves_one_letter_in_doubt(
    smtp_world: ScriptedWorld, smtp_sink: SmtpSink, step: Step, fault: Fault, pipelining: bool
) -> None:
    smtp_sink.behaviour.pipelining = pipelining
    learners = _ready(smtp_world, smtp_sink)
    smtp_sink.plan(step, fault)
    smtp_world.work()
    smtp_world.work_on(2 * 3600, 600)
    seen = seen_by_smtp(smtp_sink)
    assert missing(seen, learners, 1) == []
    assert uncounted(seen, smtp_world.duplicates()) == []
    assert extra_copies(seen) == (1 if (step, fault) in TAKEN else 0)
    assert smtp_world.duplicates() == 1


def test_one_bad_address_among_many_costs_only_itself(smtp_world: ScriptedWorld, smtp_sink: SmtpSink) -> None:
    learners = _ready(smtp_world, smtp_sink)
    smtp_sink.behaviour.refused[learners[2]] = "550 5.1.1 no such user"
    smtp_world.work()
    states = smtp_world.states()
    smtp_sink.behaviour.refused.clear()
    smtp_world.work_on(DAYS * 86_400, 3600)
    seen = seen_by_smtp(smtp_sink)
    assert complaints(seen, [one for one in learners if one != learners[2]], DAYS) == []
    assert not [what for who, what in seen if who == learners[2]], "the address gets no more mail"
    assert states == ["accepted"] * (LEARNERS - 1) + ["failed"]


def test_a_late_greeting_only_delays(smtp_world: ScriptedWorld, smtp_sink: SmtpSink) -> None:
    learners = _ready(smtp_world, smtp_sink)
    smtp_world.runtime.provider.close()
    smtp_sink.behaviour.greeting_delay = 0.3
    smtp_world.work()
    assert complaints(seen_by_smtp(smtp_sink), learners, 1) == []


def refuses_plain(sink: SmtpSink) -> None:
    sink.behaviour.mechanisms, sink.behaviour.no_use["PLAIN"] = ("PLAIN", "LOGIN"), 535


def asks_twice(sink: SmtpSink) -> None:
    sink.behaviour.asks_twice = True


def takes_no_names(sink: SmtpSink) -> None:
    sink.behaviour.strict_names = True


def knows_nothing(sink: SmtpSink) -> None:
    sink.behaviour.pipelining = sink.behaviour.eight_bit = False


def greets_late(sink: SmtpSink) -> None:
    sink.plan("greeting", Late(0.5), 2)


def looks_through_mails(sink: SmtpSink) -> None:
    sink.plan("reply", Late(0.5), 3)


ODDITIES = [refuses_plain, asks_twice, takes_no_names, knows_nothing, greets_late, looks_through_mails]


@pytest.mark.parametrize("odd", ODDITIES)
def test_an_odd_server_behind_a_dead_address_gets_each_letter_once(
    smtp_world: ScriptedWorld, smtp_sink: SmtpSink, odd: Callable[[SmtpSink], None]
) -> None:
    learners, places = _ready(smtp_world, smtp_sink), [nobody(), smtp_sink.place]
    smtp_sink.behaviour.users["ada"] = "secret"
    odd(smtp_sink)
    server = SmtpServer("mail.example.org", 25, "none", 2, "ada", "secret", "mail.example.org")
    smtp_world.runtime = replace(smtp_world.runtime, provider=Smtp(server, addresses=lambda _: places))
    smtp_world.work()
    assert complaints(seen_by_smtp(smtp_sink), learners, 1) == []
    assert smtp_world.duplicates() == 0


def test_a_server_that_fails_all_the_time_loses_nothing(fleet: MakeFleet, smtp_sink: SmtpSink) -> None:
    random, count = dice("SMTP faults"), sized(20, 300)
    # Each that leaves a doubt at least once; the others as it happens.
    faults = random.choices(CERTAIN[2:], k=count // 4 - len(DOUBTFUL)) + DOUBTFUL
    random.shuffle(faults)
    site = fleet("worker", "worker", "clock", MAIL_URL=f"{smtp_sink.url}&connections=2", UNCERTAIN_AFTER="1")
    for step, fault in faults:
        smtp_sink.plan(step, fault)
    learners = site.enrol(count, random)
    wait_for(lambda: not missing(seen_by_smtp(smtp_sink), learners, 1, OTHERS), site.report)
    site.settle()
    seen = seen_by_smtp(smtp_sink)
    note(
        f"SMTP faults, {site.database}",
        **tally(seen, learners, 1, OTHERS),
        faults=len(faults),
        counted=site.duplicates(),
        seconds=site.seconds(),
    )
    assert uncounted(seen, site.duplicates()) == []


def test_a_server_that_takes_longer_than_a_lease_gets_its_letters(
    fleet: MakeFleet, smtp_sink: SmtpSink, without: Mutation = leases_of_three_seconds
) -> None:
    smtp_sink.behaviour.every_reply_delay = EVERY_REPLY
    url = f"{smtp_sink.url}&connections=2"
    site = fleet("worker", "worker", "clock", MAIL_URL=url, UNCERTAIN_AFTER="1", without=without)
    learners = site.enrol(SLOWLY_SERVED, dice("a slow server"), quietly=True)
    wait_for(lambda: not missing(seen_by_smtp(smtp_sink), learners, 1), site.report)
    site.settle()
    seen = seen_by_smtp(smtp_sink)
    counted = site.duplicates()
    note(f"a slow server, {site.database}", **tally(seen, learners, 1), counted=counted, seconds=site.seconds())
    assert uncounted(seen, counted) == []


def _ready(world: ScriptedWorld, sink: SmtpSink) -> list[str]:
    """Learners whose first lesson is about to be sent; the connections of earlier mails are closed."""
    learners = world.learners(LEARNERS)
    world.runtime.provider.close()
    sink.mails.clear()
    return learners
