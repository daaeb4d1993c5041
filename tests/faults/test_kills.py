"""`kill -9` every third of a second, through a whole course, while the provider fails too."""

import time
from collections.abc import Callable
from random import Random

from tests.faults.conftest import MakeFleet
from tests.faults.oracle import (
    Seen,
    complaints,
    extra_copies,
    missing,
    seen_by_sendgrid,
    seen_by_smtp,
    tally,
    uncounted,
)
from tests.faults.scale import FULL, dice, note, sized
from tests.support.servers.event_return import EventReturn
from tests.support.servers.sendgrid_sink import (
    BROKEN_AFTER_ACCEPTING,
    BROKEN_BEFORE_ACCEPTING,
    HANG_AFTER_ACCEPTING,
    RATE_LIMITED,
    RESET_AFTER_ACCEPTING,
    Fault,
    SendgridSink,
    rate_limited_until,
)
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.waiting import PATIENCE
from tests.support.world.fleet import Fleet
from tests.support.world.sample_course import DAYS

DAY_SECONDS = sized(2, 40)
WAIT = sized(4, 20)
OTHERS = () if FULL else ("confirm", "welcome")
CLOCK = f"2026-03-23T06:00:00Z@{86_400 / DAY_SECONDS:g}"
LEARNERS = sized(24, 1000)
EVERY = 0.3
GROWS = 1.05
FAULTS_OF_HUNDRED = 4
CONNECTIONS = 2


def test_kills_and_a_failing_sendgrid_lose_nothing_and_double_nothing(
    fleet: MakeFleet, sendgrid_sink: SendgridSink
) -> None:
    random = dice("kills over SendGrid")
    sendgrid_sink.latency = lambda: random.random() * 0.08
    faults = plan_faults(sendgrid_sink, random)
    site = fleet(
        *("web", "worker", "worker", "worker", "clock", "clock"),
        **sendgrid_settings(sendgrid_sink),
        CLOCK=CLOCK,
        UNCERTAIN_AFTER=str(WAIT),
    )
    learners = site.enrol(LEARNERS, random, quietly=FULL)
    with EventReturn(sendgrid_sink, site.base_url, random) as events:
        kill_until_all_is_sent(site, random, lambda: seen_by_sendgrid(sendgrid_sink))
        site.settle()
    seen = seen_by_sendgrid(sendgrid_sink)
    late = {attempt for attempt, delay in events.delays.items() if delay > WAIT}
    in_time = seen_by_sendgrid(sendgrid_sink, but_not=late)
    note(
        f"kills over SendGrid, {site.database}",
        **tally(seen, learners, DAYS, OTHERS),
        requests=len(sendgrid_sink.requests),
        kills=site.kills,
        faults=sum(fault != GOOD for fault in faults[: len(sendgrid_sink.requests)]),
        counted=site.duplicates(),
        late=len(late),
        slowest_event=round(max(events.delays.values()), 1),
        posts=events.posts,
        posts_refused=events.refused,
        events=events.events,
        seconds=site.seconds(),
    )
    # Exactly once is promised where events come sooner than the wait; what came later is counted.
    assert missing(seen, learners, DAYS, OTHERS) == []
    assert complaints(in_time, (), 0) == []
    assert uncounted(seen, site.duplicates()) == []
    if not late:
        assert complaints(seen, learners, DAYS, OTHERS) == []
        assert site.duplicates() == 0


def test_kills_over_smtp_lose_nothing_and_count_each_extra_copy(fleet: MakeFleet, smtp_sink: SmtpSink) -> None:
    random = dice("kills over SMTP")
    smtp_sink.behaviour.reply_delay = 0.02
    site = fleet(
        *("web", "worker", "worker", "worker", "clock", "clock"),
        MAIL_URL=f"{smtp_sink.url}&connections={CONNECTIONS}",
        CLOCK=CLOCK,
        UNCERTAIN_AFTER="1",
    )
    learners = site.enrol(LEARNERS, random, quietly=FULL)
    kill_until_all_is_sent(site, random, lambda: seen_by_smtp(smtp_sink))
    site.settle()
    seen = seen_by_smtp(smtp_sink)
    note(
        f"kills over SMTP, {site.database}",
        **tally(seen, learners, DAYS, OTHERS),
        kills=site.kills,
        counted=site.duplicates(),
        seconds=site.seconds(),
    )
    assert missing(seen, learners, DAYS, OTHERS) == []
    assert uncounted(seen, site.duplicates()) == []
    assert extra_copies(seen) <= site.kills * CONNECTIONS


GOOD = Fault(202, takes_mail=True)


def plan_faults(sink: SendgridSink, random: Random) -> list[Fault]:
    """One request in 25 fails, each kind of failure at least once among the first two hundred."""
    kinds = [
        RATE_LIMITED,
        rate_limited_until(int(time.time()) + 3),
        BROKEN_BEFORE_ACCEPTING,
        BROKEN_AFTER_ACCEPTING,
        RESET_AFTER_ACCEPTING,
        HANG_AFTER_ACCEPTING,
    ]
    faults = [random.choice(kinds) if random.random() * 100 < FAULTS_OF_HUNDRED else GOOD for _ in range(20_000)]
    for at, kind in zip(random.sample(range(200), len(kinds)), kinds, strict=True):
        faults[at] = kind
    sink.faults.extend(faults)
    return faults


def sendgrid_settings(sink: SendgridSink) -> dict[str, str]:
    return {
        "MAIL_URL": "sendgrid:",
        "SENDGRID_API_KEY": sink.key,
        "SENDGRID_API_URL": sink.url,
        "SENDGRID_WEBHOOK_KEY": sink.public_key,
    }


def kill_until_all_is_sent(site: Fleet, random: Random, seen: Callable[[], Seen]) -> None:
    """Every lesson; the nudges that come among the last ones are watched, but not waited for. Where nothing comes
    of the little time between two kills, as on a busy machine, it grows until something does."""
    pause, came = EVERY, 0
    while came < LEARNERS * DAYS:
        assert pause < PATIENCE, site.report()
        time.sleep(pause * (0.5 + random.random()))
        site.replace_one(random)
        before, came = came, sum(what.startswith("lesson") for _, what in seen())
        pause = EVERY if came > before else pause * GROWS
