"""Weeks of trouble: a provider that is well, down, slow and lying by turns, while learners do what learners do.

In the end every course is over, waits for its learner, or stands still for a reason that is shown.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from random import Random

from sqlalchemy import select

from course.models import CourseRow, Delivery, Enrolment, Learner
from course.schedule.facts import gather
from course.schedule.progress import Finished, Nudge, Send, Wait, next_step
from tests.faults.conftest import MakeFleet
from tests.faults.oracle import extra_copies, missing, seen_by_sendgrid, uncounted
from tests.faults.scale import FULL, dice, note, sized
from tests.faults.test_kills import sendgrid_settings
from tests.support.servers.event_return import EventReturn, event_of, post
from tests.support.servers.postgres import Postgres
from tests.support.servers.sendgrid_sink import (
    BROKEN_AFTER_ACCEPTING,
    BROKEN_BEFORE_ACCEPTING,
    RATE_LIMITED,
    RESET_AFTER_ACCEPTING,
    SendgridSink,
)
from tests.support.waiting import seconds, wait_for
from tests.support.world.fleet import Fleet
from tests.support.world.sample_course import DAYS

DAY_SECONDS = sized(2, 30)
GROUPS = sized(2, 20)
LEARNERS = sized(15, 834)
"""In each group: 50,000 learner-days in all of `make faults`."""
CREW = ("web", "worker", "worker", "clock", "clock")
TURN_SECONDS = 1.0
TROUBLED = 5
"""Of so many learners one does something, or something happens to them."""

Weather = Callable[[SendgridSink], None]
Deed = Callable[[Fleet, SendgridSink, str], None]


def well(sink: SendgridSink) -> None:
    sink.latency = lambda: 0.0


def down(sink: SendgridSink) -> None:
    sink.plan(BROKEN_BEFORE_ACCEPTING, 6)


def slow(sink: SendgridSink) -> None:
    sink.latency = lambda: TURN_SECONDS / 4


def lying(sink: SendgridSink) -> None:
    """It takes mails and says that it did not, or nothing."""
    sink.plan(RESET_AFTER_ACCEPTING)
    sink.plan(BROKEN_AFTER_ACCEPTING)


def overrun(sink: SendgridSink) -> None:
    sink.plan(RATE_LIMITED, 2)


WEATHERS: tuple[Weather, ...] = (well, down, slow, lying, overrun)


@contextmanager
def changing_weather(sink: SendgridSink, random: Random) -> Iterator[None]:
    over = threading.Event()

    def change() -> None:
        while not over.wait(TURN_SECONDS):
            random.choice(WEATHERS)(sink)
        well(sink)

    thread = threading.Thread(target=change, name="weather", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def erased(site: Fleet, _sink: SendgridSink, email: str) -> None:
    site.person.post(f"{learn(site, email)}/erase")
    enrolment = enrolment_of(site, email)
    with site.runtime.db.read() as session:
        asked = session.scalar(select(Delivery.id).filter_by(enrolment_id=enrolment.id, kind="erase"))
    if asked is not None:
        site.person.post(f"/wish/{site.runtime.signer.wish(asked, enrolment.generation)}")


def left(site: Fleet, _sink: SendgridSink, email: str) -> None:
    site.person.post(f"/unsubscribe/{site.runtime.signer.unsubscribe(enrolment_of(site, email).id)}")


def paused(site: Fleet, _sink: SendgridSink, email: str) -> None:
    site.person.post(f"{learn(site, email)}/pause", {"days": "1"})


def moved(site: Fleet, _sink: SendgridSink, email: str) -> None:
    """Asks for another address, and agrees at both ends."""
    site.person.post(f"{learn(site, email)}/settings/address", {"email": f"new-{email}"})
    with site.runtime.db.read() as session:
        mine = Delivery.enrolment_id == enrolment_of(site, email).id
        asked = session.scalars(select(Delivery.id).where(mine, Delivery.kind.in_(("move-from", "move-to")))).all()
    for mail in asked:
        site.person.post(f"/agree/{site.runtime.signer.agree(mail)}")


def bounced(site: Fleet, sink: SendgridSink, email: str) -> None:
    """What was sent to them last comes back for good, or is complained about."""
    theirs = [mail for mail in list(sink.mails) if mail.to == email]
    for mail in theirs[-1:]:
        event = event_of(mail, "bounce", int(site.runtime.clock.real().timestamp()), f"soak-{email}", False)
        body, headers = sink.signed_events([event | {"type": "bounce", "reason": "550 no such user"}])
        post(site.base_url.removeprefix("http://"), body, headers)


DEEDS: Mapping[str, Deed] = {"erase": erased, "leave": left, "pause": paused, "move": moved, "bounce": bounced}


def enrolment_of(site: Fleet, email: str) -> Enrolment:
    with site.runtime.db.read() as session:
        found = select(Enrolment).join(Learner).where(Learner.email == email)
        return session.scalars(found).one()


def learn(site: Fleet, email: str) -> str:
    return f"/learn/{site.runtime.signer.learn(enrolment_of(site, email).id, 0)}"


def stands(site: Fleet) -> Counter[str]:
    """How many courses stand where: `finished`, what they wait for, or `goes on` where a lesson is to come."""
    with site.runtime.db.read() as session:
        published = site.runtime.shelf.course(session, session.scalars(select(CourseRow.id)).one())
        enrolments = session.scalars(select(Enrolment)).all()
        facts = gather(session, published, enrolments)
        now = site.runtime.clock.now()
        steps = [next_step(facts[enrolment.id], now) for enrolment in enrolments]
    return Counter(_where(step) for step in steps)


def _where(step: Send | Wait | Nudge | Finished) -> str:
    match step:
        case Send():
            return "goes on"
        case Wait(until=until, why=why):
            return why if until is None else "goes on"
        case Nudge(why=why):
            return why
        case Finished():
            return "finished"


def without_a_reason(site: Fleet) -> int:
    with site.runtime.db.read() as session:
        silent = select(Delivery.id).where(Delivery.state == "failed", Delivery.why == "")
        return len(session.scalars(silent).all())


def test_after_weeks_of_trouble_every_course_is_over_or_waits_for_somebody_who_is_told(
    fleet: MakeFleet, sendgrid_sink: SendgridSink, postgres: Postgres
) -> None:
    random, broken_off = dice("soak"), postgres.deadlocks()
    site = fleet(
        *CREW,
        **sendgrid_settings(sendgrid_sink),
        CLOCK=f"2026-03-23T06:00:00Z@{86_400 / DAY_SECONDS:g}",
        UNCERTAIN_AFTER=seconds(4),
    )
    learners: list[str] = []
    troubled: list[str] = []
    done: Counter[str] = Counter()
    with EventReturn(sendgrid_sink, site.base_url, random, most=3):
        with changing_weather(sendgrid_sink, random):
            for number in range(GROUPS):
                group = site.enrol(LEARNERS, random, f"group{number}-", quietly=FULL)
                learners += group
                enough = len(sendgrid_sink.mails) + LEARNERS // 4
                wait_for(partial(_has_taken, sendgrid_sink, enough), site.report)
                for email in random.sample(group, LEARNERS // TROUBLED):
                    name = random.choice(sorted(DEEDS))
                    DEEDS[name](site, sendgrid_sink, email)
                    troubled.append(email)
                    done[name] += 1
        wait_for(lambda: site.under_way() == 0 and not stands(site)["goes on"], lambda: _report(site))
        site.settle()
    seen, standing = seen_by_sendgrid(sendgrid_sink), stands(site)
    plain = sorted(set(learners) - set(troubled))
    note(
        f"soak, {site.database}",
        mails=seen.total(),
        lost=len(missing(seen, plain, DAYS)),
        doubled=extra_copies(seen),
        counted=site.duplicates(),
        deadlocks=postgres.deadlocks() - broken_off,
        seconds=site.seconds(),
        **{f"did {name}": count for name, count in sorted(done.items())},
        **{f"at the end {where}": count for where, count in sorted(standing.items())},
    )
    assert missing(seen, plain, DAYS) == []
    assert uncounted(seen, site.duplicates()) == []
    assert without_a_reason(site) == 0
    assert standing.keys() <= {"finished", "all-sent", "left", "paused", "undelivered"}
    assert postgres.deadlocks() == broken_off


def _has_taken(sink: SendgridSink, mails: int) -> bool:
    return len(sink.mails) >= mails


def _report(site: Fleet) -> str:
    return f"{stands(site)}\n{site.report()}"
