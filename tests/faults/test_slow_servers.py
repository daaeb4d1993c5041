"""A mail server that takes long for every answer: its letters come late, and once."""

from tests.faults.conftest import MakeFleet
from tests.faults.mutations.clocks import leases_of_three_seconds
from tests.faults.oracle import missing, seen_by_smtp, tally, uncounted
from tests.faults.scale import dice, note, sized
from tests.support.servers.nursery import Mutation
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.waiting import wait_for

LEARNERS = sized(2, 10)
EVERY_REPLY = 1.0
"""Seconds. From the greeting to the first letter's end it is six of them: two leases, had nobody kept them up."""


def test_a_server_that_takes_longer_than_a_lease_gets_its_letters(
    fleet: MakeFleet, smtp_sink: SmtpSink, without: Mutation = leases_of_three_seconds
) -> None:
    smtp_sink.behaviour.every_reply_delay = EVERY_REPLY
    url = f"{smtp_sink.url}&connections=2"
    site = fleet("worker", "worker", "clock", MAIL_URL=url, UNCERTAIN_AFTER="1", without=without)
    learners = site.enrol(LEARNERS, dice("a slow server"), quietly=True)
    wait_for(lambda: not missing(seen_by_smtp(smtp_sink), learners, 1), site.report)
    site.settle()
    seen = seen_by_smtp(smtp_sink)
    counted = site.duplicates()
    note(f"a slow server, {site.database}", **tally(seen, learners, 1), counted=counted, seconds=site.seconds())
    assert uncounted(seen, counted) == []
