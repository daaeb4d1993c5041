"""A kill at each point of a letter's way, found by what the mail server and the database show."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.faults.conftest import MakeFleet
from tests.faults.oracle import complaints, extra_copies, missing, seen_by_sendgrid, seen_by_smtp, tally
from tests.faults.scale import dice, note
from tests.faults.test_kills import sendgrid_settings
from tests.support.servers.event_return import EventReturn
from tests.support.servers.sendgrid_sink import RESET_AFTER_ACCEPTING, Fault, SendgridSink
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.waiting import PATIENCE, wait_for
from tests.support.world.blocking import Block, blocked_writes
from tests.support.world.fleet import Fleet

LEARNERS = 3
OTHERS = ("confirm", "welcome")
LOST = Fault(takes_mail=False, then="reset")
SECONDS_OF_SILENCE = 0.4
"""Where a lock's waiters cannot be counted (SQLite), who has not answered for so long is taken to wait."""


def test_killed_before_the_claim_is_committed(
    fleet: MakeFleet, database_url: str, sendgrid_sink: SendgridSink
) -> None:
    site = fleet("web", **sendgrid_settings(sendgrid_sink))
    learners = _enrolled(site)
    site.start("clock")
    _wait_for_jobs(site)
    with blocked_writes(database_url, "attempt") as block:
        worker = site.start("worker")
        wait_for(lambda: _journals(site))
        _stands_at(block)
        site.kill(worker)
    requests = len(sendgrid_sink.requests)
    _finish(site, sendgrid_sink, learners)
    assert requests == site.duplicates() == 0


def test_killed_after_the_claim_before_any_letter_set_out(fleet: MakeFleet, smtp_sink: SmtpSink) -> None:
    smtp_sink.plan("greeting", "hang")
    site = fleet("worker", "clock", MAIL_URL=smtp_sink.url, UNCERTAIN_AFTER="600")
    learners = _enrolled(site)
    wait_for(lambda: smtp_sink.connections and site.states().get("sending"), site.report)
    site.kill(site.of_role("worker")[0])
    assert not smtp_sink.mails
    site.start("worker")
    wait_for(lambda: not complaints(seen_by_smtp(smtp_sink), learners, 1), site.report)
    site.settle()
    assert extra_copies(seen_by_smtp(smtp_sink)) == 0
    assert site.duplicates() == 0


def test_killed_in_a_request_that_was_not_taken(fleet: MakeFleet, sendgrid_sink: SendgridSink) -> None:
    _killed_in_a_request(fleet, sendgrid_sink, taken=False)


def test_killed_in_a_request_that_was_taken(fleet: MakeFleet, sendgrid_sink: SendgridSink) -> None:
    _killed_in_a_request(fleet, sendgrid_sink, taken=True)


def _killed_in_a_request(fleet: MakeFleet, sink: SendgridSink, taken: bool) -> None:
    """The sink holds the first request still, before or after it took the letters, until the worker is dead."""
    hold, held = threading.Event(), threading.Event()
    moments = iter(["before", "after"])

    def latency() -> float:
        if next(moments, "") == ("after" if taken else "before"):
            held.set()
            hold.wait(PATIENCE)
        return 0.0

    sink.latency = latency
    site = fleet("web", "worker", "clock", **sendgrid_settings(sink))
    learners = _enrolled(site)
    wait_for(held.is_set, site.report)
    site.kill(site.of_role("worker")[0])
    if not taken:
        # What a killed client wrote into the connection must not be taken after all.
        sink.plan(LOST)
    hold.set()
    _finish(site, sink, learners)
    assert site.duplicates() == 0


def test_killed_after_the_reply_before_it_is_recorded(
    fleet: MakeFleet, database_url: str, sendgrid_sink: SendgridSink
) -> None:
    """The reply is in the journal: it is recorded from there, without any event."""
    locked, unlock = threading.Event(), threading.Event()
    calls = iter(["before", "after"])

    def lock() -> None:
        with blocked_writes(database_url, "delivery"):
            locked.set()
            unlock.wait(PATIENCE)

    thread = threading.Thread(target=lock)

    def latency() -> float:
        if next(calls, "") == "after":
            thread.start()
            locked.wait(PATIENCE)
        return 0.0

    sendgrid_sink.latency = latency
    site = fleet("worker", "clock", **sendgrid_settings(sendgrid_sink), UNCERTAIN_AFTER="600")
    learners = _enrolled(site)
    wait_for(lambda: locked.is_set() and any("\n+" in text for text in _journals(site)), site.report)
    site.kill(site.of_role("worker")[0])
    unlock.set()
    thread.join()
    site.start("worker")
    wait_for(lambda: not complaints(seen_by_sendgrid(sendgrid_sink), learners, 1), site.report)
    site.settle()
    assert extra_copies(seen_by_sendgrid(sendgrid_sink)) == 0
    assert site.duplicates() == 0


def test_killed_in_the_webhook(fleet: MakeFleet, database_url: str, sendgrid_sink: SendgridSink) -> None:
    """Before it writes an event, then before it settles what the event is about. No reply of these letters came:
    what SendGrid tells, and tells again until it hears a 2xx, is all that speaks against a second copy."""
    sendgrid_sink.plan(RESET_AFTER_ACCEPTING, 100)
    site = fleet("worker", "clock", **sendgrid_settings(sendgrid_sink), UNCERTAIN_AFTER="1")
    learners = _enrolled(site)
    wait_for(lambda: site.states() == {"uncertain": 2 * LEARNERS, "queued": LEARNERS}, site.report)
    site.kill(site.of_role("clock")[0])
    sendgrid_sink.faults.clear()
    with EventReturn(sendgrid_sink, site.base_url, dice("events of kill points"), most=2) as events:
        for table in ("event", "delivery"):
            with blocked_writes(database_url, table) as block:
                web = site.start("web")
                wait_for(site.is_up, site.report)
                _stands_at(block, events.all_told)
                site.kill(web)
        site.start("web")
        wait_for(events.all_told, site.report)
        site.start("clock")
        _end(site, sendgrid_sink, learners)
    assert site.duplicates() == 0


def test_killed_in_settling(fleet: MakeFleet, database_url: str, sendgrid_sink: SendgridSink) -> None:
    """What is uncertain waits for the planning step, which dies in the middle of it, three times."""
    sendgrid_sink.plan(LOST)
    site = fleet("web", "worker", **sendgrid_settings(sendgrid_sink), UNCERTAIN_AFTER="1")
    learners = _enrolled(site)
    clock = site.start("clock")
    wait_for(lambda: site.states().get("uncertain"), site.report)
    for _ in range(3):
        with blocked_writes(database_url, "delivery") as block:
            _stands_at(block)
            site.kill(clock)
        clock = site.start("clock")
    _finish(site, sendgrid_sink, learners)
    assert site.duplicates() == 0


def _enrolled(site: Fleet) -> list[str]:
    return site.enrol(LEARNERS, dice("kill points"))


def _wait_for_jobs(site: Fleet) -> None:
    wait_for(lambda: site.runtime.queue.waiting(), site.report)


def _journals(site: Fleet) -> list[str]:
    return [file.read_text() for file in Path(site.runtime.journals).glob("*[0-9a-f]")]


def _stands_at(block: Block, has_passed: Callable[[], bool] = lambda: False) -> None:
    if block.waiting() is None:
        threading.Event().wait(SECONDS_OF_SILENCE)
    else:
        wait_for(lambda: block.waiting() or has_passed())


def _finish(site: Fleet, sink: SendgridSink, learners: list[str]) -> None:
    """Replaces the dead, who are taken up before any event can tell; with events flowing, every mail came once,
    and nothing is under way."""
    sink.latency = lambda: 0.0
    for role in ("worker", "clock", "web"):
        if not site.of_role(role):
            site.start(role)
    wait_for(lambda: _only_doubts_are_open(site.states()), site.report)
    with EventReturn(sink, site.base_url, dice("kill points"), most=2):
        _end(site, sink, learners)


def _only_doubts_are_open(states: Mapping[str, int]) -> bool:
    """Whoever waits for a mail in doubt waits for events as well."""
    return "sending" not in states and ("queued" not in states or "uncertain" in states)


def _end(site: Fleet, sink: SendgridSink, learners: list[str]) -> None:
    wait_for(lambda: not missing(seen_by_sendgrid(sink), learners, 1, OTHERS), site.report)
    site.settle()
    seen = seen_by_sendgrid(sink)
    note(
        f"a kill point, {site.database}",
        **tally(seen, learners, 1, OTHERS),
        kills=site.kills,
        seconds=site.seconds(),
    )
    assert complaints(seen, learners, 1, OTHERS) == []
