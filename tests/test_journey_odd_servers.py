"""Three readers take the whole course through each odd mail server, behind an address at which nobody answers:
nothing is lost, and no copy comes that is not counted."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest
from sqlalchemy import func, select

from course.models import Delivery
from mailer.providers.smtp.address import SmtpServer
from mailer.providers.smtp.provider import Smtp
from tests.faults.oracle import extra_copies, missing, seen_by_smtp
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.smtp_client import nobody
from tests.support.servers.smtp_session import Fault, Late, Step
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.mails import read_mail
from tests.support.world.sample_course import DAYS, write_sample
from tests.support.world.world import ALREADY_PUBLISHED, World

READERS = [f"{name}@example.org" for name in ("ada", "bob", "cyd")]
ONCE = ["confirm", "welcome", "finished"]
LATE = Late(0.1)
STEP_MINUTES, MOST_STEPS = 10, 150

Strange = Callable[[SmtpSink], None]


def stern(sink: SmtpSink) -> None:
    """Says that it knows PLAIN, and takes LOGIN alone; likes no name by which we greet."""
    sink.behaviour.mechanisms, sink.behaviour.no_use["PLAIN"] = ("PLAIN", "LOGIN"), 535
    sink.behaviour.strict_names = True


def old(sink: SmtpSink) -> None:
    sink.behaviour.mechanisms = ("CRAM-MD5",)
    sink.behaviour.pipelining = sink.behaviour.eight_bit = False


def slow(sink: SmtpSink) -> None:
    """And wants to hear twice what came with AUTH."""
    sink.behaviour.every_reply_delay = 0.01
    sink.behaviour.asks_twice = True


REFUSALS: list[tuple[Step, Fault]] = [
    ("greeting", "drop"), ("mail", 421), ("rcpt", 452),
    ("greeting", LATE), ("mail", 452), ("dot", 452),
    ("ehlo", 421), ("data", "drop"), ("reply", LATE),
    ("greeting", 421), ("rcpt", 451), ("dot", 421),
    ("ehlo", "drop"), ("mail", "drop"), ("data", 451),
]  # fmt: skip
DOUBTS: list[tuple[Step, Fault]] = [("body", "drop"), ("dot", "drop"), ("reply", "drop")]


@pytest.fixture
def world(tmp_path: Path, sqlite_url: str, redis_server: RedisServer, smtp_sink: SmtpSink) -> Iterator[World]:
    write_sample(tmp_path / "lessons")
    place = tmp_path / "var", sqlite_url, redis_server.url, tmp_path / "lessons"
    with closing(World(*place, ALREADY_PUBLISHED, MAIL_URL=smtp_sink.url)) as built:
        places = [nobody(), smtp_sink.place]
        smtp_sink.behaviour.users["ada"] = "secret"
        server = SmtpServer("mail.example.org", 25, "none", 2, "ada", "secret", "mail.example.org")
        built.runtime = replace(built.runtime, provider=Smtp(server, addresses=lambda _: places))
        yield built


@pytest.mark.parametrize("strange", [stern, old, slow])
def test_a_server_that_is(world: World, smtp_sink: SmtpSink, strange: Strange) -> None:
    strange(smtp_sink)
    _take_the_course(world, smtp_sink, lambda _: None)
    assert (extra_copies(seen_by_smtp(smtp_sink)), _counted(world)) == (0, 0)


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelining", "plain"])
@pytest.mark.parametrize("faults", [REFUSALS, DOUBTS], ids=["refusals", "doubts"])
def test_a_server_with_other_faults_for_each_mail(
    world: World, smtp_sink: SmtpSink, pipelining: bool, faults: list[tuple[Step, Fault]]
) -> None:
    """It comes with the second letter: in the middle of a batch."""
    smtp_sink.behaviour.pipelining = pipelining
    turn, planned, happened = cycle(faults), list[tuple[Step, Fault]](), set[tuple[Step, Fault]]()

    def plan(sink: SmtpSink) -> None:
        happened.update(one for one in planned if not sink.behaviour.faults.get(one[0]))
        world.runtime.provider.close()
        sink.behaviour.faults.clear()
        planned[:] = next(turn), next(turn), next(turn)
        for step, fault in planned:
            if step not in ("greeting", "ehlo"):
                sink.plan(step, "none")
            sink.plan(step, fault)

    _take_the_course(world, smtp_sink, plan)
    plan(smtp_sink)
    assert happened == set(faults)
    extra, counted = extra_copies(seen_by_smtp(smtp_sink)), _counted(world)
    assert extra <= counted
    assert (counted > 0) == (faults is DOUBTS)


def _take_the_course(world: World, sink: SmtpSink, before_each: Strange) -> None:
    before_each(sink)
    for email in READERS:
        world.register(email)
    _wait_for(world, sink, 0, "confirm")
    before_each(sink)
    for confirm in {mail.recipients: read_mail(mail.raw) for mail in sink.mails}.values():
        world.person.submit(world.person.look(confirm.link("/confirm/")))
    lessons = [lesson.slug for lesson in world.course.lessons]
    for day, slug in enumerate(lessons, 1):
        _wait_for(world, sink, day)
        before_each(sink)
        for email in READERS:
            world.person.post(f"{world.learn_url(email)}/{slug}/complete")
        if day < DAYS:
            world.clock.moments.append(max(world.look_up(email).due_at or world.clock.now() for email in READERS))
    _wait_for(world, sink, DAYS, *ONCE)


def _wait_for(world: World, sink: SmtpSink, lessons: int, *others: str) -> None:
    """Until all of them have so many lessons, and one each of the other kinds."""
    for _ in range(MOST_STEPS):
        world.step()
        if not missing(seen_by_smtp(sink), READERS, lessons, others):
            return
        world.clock.forward(minutes=STEP_MINUTES)
    raise AssertionError(missing(seen_by_smtp(sink), READERS, lessons, others))


def _counted(world: World) -> int:
    with world.runtime.db.read() as session:
        return session.scalar(select(func.sum(Delivery.duplicates))) or 0
