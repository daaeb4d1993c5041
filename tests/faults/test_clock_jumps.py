"""The wall clock of real processes jumps by hours and days, forward and back, while they send."""

from collections import Counter
from collections.abc import Callable, Iterable, Sized
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from course.content.mails import DATED_MAILS
from course.models import Delivery, Enrolment, Learner
from tests.faults.conftest import MakeFleet
from tests.faults.oracle import Seen, complaints, missing, seen_by_sendgrid, seen_by_smtp, tally
from tests.faults.scale import FULL, dice, note, sized
from tests.faults.test_kills import sendgrid_settings
from tests.support.servers.event_return import EventReturn, event_of, post
from tests.support.servers.sendgrid_sink import (
    BROKEN_BEFORE_ACCEPTING,
    RATE_LIMITED,
    RESET_AFTER_ACCEPTING,
    SendgridSink,
)
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.waiting import seconds, wait_for
from tests.support.world.fleet import UNDER_WAY, Fleet
from tests.support.world.mails import read_mail
from tests.support.world.sample_course import DAYS
from tests.support.world.wall_clock import WallClock

BEGAN = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)
HOURS = (1, 24, -1, 72, -24, -72) * 3 if FULL else (1, 72, -24)
LEARNERS = sized(5, 8)
"""New ones before each jump."""
CREW = ("web", "worker", "worker", "clock", "clock")
CONNECTIONS = 2
OTHERS = ("confirm", "welcome")
ON_ITS_WAY = 1.0
ZONES, HOUR, SPREAD = ("UTC", "Asia/Kolkata"), 12, timedelta(minutes=10)
A_WHILE = timedelta(hours=4)


def test_jumps_of_the_clock_over_sendgrid_lose_nothing_and_double_nothing(
    fleet: MakeFleet, tmp_path: Path, sendgrid_sink: SendgridSink
) -> None:
    random, wall = dice("clock jumps over SendGrid"), _wall(tmp_path)
    sendgrid_sink.latency = lambda: random.random() * 0.1
    site = fleet(*CREW, wall=wall, **sendgrid_settings(sendgrid_sink), UNCERTAIN_AFTER=seconds(4))
    faults = [RESET_AFTER_ACCEPTING, BROKEN_BEFORE_ACCEPTING, RATE_LIMITED]
    learners: list[str] = []
    with EventReturn(sendgrid_sink, site.base_url, random, most=3):
        for number, hours in enumerate(HOURS):
            before = len(sendgrid_sink.requests)
            sendgrid_sink.plan(random.choice(faults))
            learners += site.enrol(LEARNERS, random, f"jump{number}-", zones=ZONES, hours=[HOUR])
            wait_for(_more_than(before, sendgrid_sink.requests), site.report)
            wall.jump(hours=hours)
        _go_on(site, wall, lambda: missing(seen_by_sendgrid(sendgrid_sink), learners, DAYS))
        site.settle()
    seen = seen_by_sendgrid(sendgrid_sink)
    _tell(site, "SendGrid", seen, learners)
    assert complaints(seen, learners, DAYS, OTHERS) == []
    assert site.duplicates() == 0
    taken = [(m.to, m.headers["Date"], m.taken_at) for m in sendgrid_sink.mails if _is_lesson(m.headers)]
    assert _most_on_a_day(site, wall, taken) <= 1


def test_jumps_of_the_clock_over_smtp_lose_nothing_and_double_nothing(
    fleet: MakeFleet, tmp_path: Path, smtp_sink: SmtpSink
) -> None:
    random, wall = dice("clock jumps over SMTP"), _wall(tmp_path)
    smtp_sink.behaviour.reply_delay = 0.03
    settings = {"MAIL_URL": f"{smtp_sink.url}&connections={CONNECTIONS}", "UNCERTAIN_AFTER": "1"}
    site = fleet(*CREW, wall=wall, **settings)
    learners: list[str] = []
    for number, hours in enumerate(HOURS):
        before = len(smtp_sink.mails)
        smtp_sink.plan("dot", 451, 2)
        learners += site.enrol(LEARNERS, random, f"jump{number}-", zones=ZONES, hours=[HOUR])
        wait_for(_more_than(before + 3, smtp_sink.mails), site.report)
        wall.jump(hours=hours)
    _go_on(site, wall, lambda: missing(seen_by_smtp(smtp_sink), learners, DAYS))
    site.settle()
    seen = seen_by_smtp(smtp_sink)
    _tell(site, "SMTP", seen, learners)
    assert complaints(seen, learners, DAYS, OTHERS) == []
    assert site.duplicates() == 0
    mails = [(read_mail(mail.raw), mail.received_at) for mail in smtp_sink.mails]
    taken = [(str(m.message["To"]), str(m.message["Date"]), at) for m, at in mails if m.kind == "lesson"]
    assert _most_on_a_day(site, wall, taken) <= 1


def test_a_clock_set_ahead_by_a_day_does_not_end_the_wait_for_an_event(
    fleet: MakeFleet, tmp_path: Path, sendgrid_sink: SendgridSink
) -> None:
    """No reply came to the first mails for one learner, and their events are late, while others' come at once."""
    random, wall = dice("a clock set ahead"), _wall(tmp_path)
    sendgrid_sink.plan(RESET_AFTER_ACCEPTING, 2)
    site = fleet("web", "worker", "clock", wall=wall, **sendgrid_settings(sendgrid_sink), UNCERTAIN_AFTER="600")
    doubted = site.enrol(1, random, "doubted")
    wait_for(lambda: site.states() == {"uncertain": 2, "queued": 1}, site.report)
    others = site.enrol(2, random, "other", zones=["UTC"], hours=[HOUR])
    wait_for(lambda: not missing(seen_by_sendgrid(sendgrid_sink), others, 1, OTHERS), site.report)
    _tell_of(site, sendgrid_sink, others)
    wall.jump(days=1, hours=4)
    wait_for(lambda: not missing(seen_by_sendgrid(sendgrid_sink), others, 2), site.report)
    # Planned in a step that began after the jump.
    late = site.enrol(1, random, "late")
    wait_for(lambda: not missing(seen_by_sendgrid(sendgrid_sink), late, 1, OTHERS), site.report)
    # One lesson may wait for the doubts before it.
    wait_for(lambda: "sending" not in site.states() and site.states().get("queued", 0) <= 1, site.report)
    _tell_of(site, sendgrid_sink, doubted)
    # The lesson that waited for them is late by now, and as a rule waits for its learner's next hour.
    wait_for(lambda: set(site.states()) <= {"accepted", "postponed"}, site.report)
    site.settle()
    seen = seen_by_sendgrid(sendgrid_sink)
    note(f"a clock set ahead, {site.database}", **tally(seen, doubted, 0, OTHERS), seconds=site.seconds())
    assert complaints(seen, [*others, *late], 1, OTHERS) == []
    assert complaints(seen, doubted, 0, OTHERS) == []
    assert site.duplicates() == 0


def _tell_of(site: Fleet, sink: SendgridSink, learners: list[str]) -> None:
    """SendGrid delivered their mails."""
    at = int(site.runtime.clock.real().timestamp())
    events = [event_of(mail, "delivered", at, "", False) for mail in sink.mails if mail.to in learners]
    address = site.base_url.partition("://")[2]
    wait_for(lambda: post(address, *sink.signed_events(events)) == 204, site.report)


def _more_than(count: int, taken: Sized) -> Callable[[], bool]:
    return lambda: len(taken) > count


def _wall(folder: Path) -> WallClock:
    wall = WallClock(folder / "wall-clock")
    wall.set(BEGAN)
    return wall


def _go_on(site: Fleet, wall: WallClock, absent: Callable[[], list[str]]) -> None:
    """From one moment at which something is due to the next, until nobody misses anything."""
    for _ in range((DAYS + 9) * 6):
        wait_for(lambda: _caught_up(site), site.report)
        if not absent():
            return
        with site.runtime.db.read() as session:
            due = session.scalar(select(func.min(Enrolment.due_at)))
        assert due is not None, absent()
        wall.set(max(due + SPREAD, site.runtime.clock.now() + A_WHILE))
    raise AssertionError(f"{absent()}\n{site.report()}")


def _caught_up(site: Fleet) -> bool:
    with site.runtime.db.read() as session:
        now = site.runtime.clock.now()
        due = session.scalar(select(Enrolment.id).where(Enrolment.due_at <= now).limit(1))
        waits_for_its_day = Delivery.kind.in_(DATED_MAILS) & (Delivery.due_at > now) & (Delivery.state == "queued")
        under_way = select(Delivery.id).where(Delivery.state.in_(UNDER_WAY), ~waits_for_its_day)
        return due is None and session.scalar(under_way.limit(1)) is None


def _is_lesson(headers: dict[str, str]) -> bool:
    return headers.get("Feedback-ID", "").startswith("lesson")


def _most_on_a_day(site: Fleet, wall: WallClock, taken: Iterable[tuple[str, str, float]]) -> int:
    """Lessons to one learner on one local date. Not counted are those in the midst of a jump, whose Date is of
    another day than they arrived on, or nearly so: which of the two is theirs the mail server cannot tell."""
    with site.runtime.db.read() as session:
        asked = select(Learner.email, Enrolment.zone).join(Enrolment, Enrolment.learner_id == Learner.id)
        zones = dict(session.execute(asked).all())
    days: Counter[tuple[str, date]] = Counter()
    for to, set_out, at in taken:
        around = [wall.shown_at(moment) for moment in (at - ON_ITS_WAY, at, at + ON_ITS_WAY)]
        dates = {m.astimezone(ZoneInfo(zones[to])).date() for m in (parsedate_to_datetime(set_out), *around)}
        if len(dates) == 1:
            days[to, dates.pop()] += 1
    return max(days.values(), default=0)


def _tell(site: Fleet, provider: str, seen: Seen, learners: list[str]) -> None:
    note(
        f"clock jumps over {provider}, {site.database}",
        **tally(seen, learners, DAYS, OTHERS),
        jumps=len(HOURS),
        counted=site.duplicates(),
        seconds=site.seconds(),
    )
