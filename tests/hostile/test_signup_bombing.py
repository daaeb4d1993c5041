"""Thousands of forms that nobody asked for: the mails they cause are few, and a person's comes within seconds.

Fifteen hundred in `make test`; a hundred thousand with HOSTILE=full. HOSTILE_SEED has a run again.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from random import Random

import pytest

from course.addresses.spellings import counted_as, domain_of
from course.enrolment.allowance.mailboxes import MOST_A_DAY
from course.enrolment.allowance.rates import LONGEST_WAIT, RATES
from course.enrolment.email_typos import PROVIDERS
from mailer.sending.plan import planning_step
from tests.support.author.studio import work_off
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.person import AppBrowser, Person
from tests.support.world.sample_course import write_sample
from tests.support.world.world import ALREADY_PUBLISHED, BASE_URL, World
from web.app import create_app

FULL = os.environ.get("HOSTILE", "") == "full"
FORMS = 100_000 if FULL else 1_500
PEOPLE = 5
A_SECOND = 200
"""As many forms come at once."""

LOOK_EVERY = timedelta(seconds=2)
PROMISED = timedelta(seconds=10)
COURSE = "/courses/bread-at-home"
ENROL = f"{COURSE}/enrol"
VICTIM = "one.victim@gmail.com"
SHARED = ("victims.example", "gmail.com", "outlook.com", "shop.example")


@pytest.fixture
def dice() -> Random:
    seed = os.environ.get("HOSTILE_SEED", "") or str(Random().randrange(10**9) if FULL else 16)
    sys.stdout.write(f"sign-up bombing: HOSTILE_SEED={seed}\n")
    return Random(f"{seed} sign-up bombing")


@pytest.fixture
def world(tmp_path: Path, database_url: str, redis_server: RedisServer, smtp_sink: SmtpSink) -> Iterator[World]:
    redis_server.empty()
    write_sample(tmp_path / "lessons")
    place = tmp_path / "var", database_url, redis_server.url, tmp_path / "lessons"
    with closing(World(*place, ALREADY_PUBLISHED, MAIL_URL=smtp_sink.url)) as built:
        yield built


class Bots:
    """They post forms without looking at the page, over two web processes."""

    def __init__(self, world: World, dice: Random) -> None:
        self._clients = [app.test_client() for app in (world.app, create_app(world.runtime))]
        self._dice = dice
        self.answers: Counter[str] = Counter()
        self.sent = 0

    def post(self) -> None:
        self.sent += 1
        form = {"email": self._address(), "name": "", "zone": "UTC", "hour": "8"}
        client = self._clients[self.sent % len(self._clients)]
        answer = client.post(ENROL, data=form, headers={"X-Forwarded-For": self._network()})
        self.answers[str(answer.status_code)] += 1

    def _network(self) -> str:
        return ".".join(str(self._dice.randrange(1, 250)) for _ in range(4))

    def _address(self) -> str:
        kind, number = self._dice.randrange(4), self.sent
        if kind == 0:
            name = VICTIM.partition("@")[0].replace(".", "")
            at = self._dice.randrange(1, len(name))
            return f"{name[:at]}.{name[at:]}+{number}@gmail.com"
        if kind == 1:
            return f"learner{number}@host{number}.example"
        return f"learner{number}@{self._dice.choice(SHARED)}"


def got(sink: SmtpSink) -> list[str]:
    return [str(message_from_bytes(mail.raw)["To"]) for mail in sink.mails]


def test_a_flood_causes_few_mails_and_keeps_no_person_waiting(
    world: World, smtp_sink: SmtpSink, dice: Random
) -> None:
    bots, asked, came = Bots(world, dice), dict[str, datetime](), dict[str, datetime]()
    before = len(smtp_sink.mails)
    turns = set(dice.sample(range(FORMS // 10, FORMS), PEOPLE))
    looked_at = world.clock.now()

    def look() -> list[str]:
        """The mails that came now, in their order."""
        seen = len(smtp_sink.mails)
        planning_step(world.runtime)
        work_off(world)
        fresh = got(smtp_sink)[seen:]
        for email in fresh:
            came.setdefault(email, world.clock.now())
        return fresh

    for number in range(FORMS):
        bots.post()
        world.clock.forward(seconds=1 / A_SECOND)
        if number in turns:
            email = f"person{number}@{dice.choice((*SHARED, 'home.example'))}"
            _sign_up_as_a_person(world, email)
            asked[email] = world.clock.now()
            # A few more come before any worker gets to it.
            for _ in range(20):
                bots.post()
            assert look()[0] == email, "before all that no person asked for"
        if world.clock.now() - looked_at > LOOK_EVERY:
            look()
            looked_at = world.clock.now()
    look()
    waits = [came[email] - asked[email] if email in came else timedelta.max for email in asked]
    flood = [email for email in got(smtp_sink)[before:] if email not in asked]
    sys.stdout.write(
        f"sign-up bombing, {world.runtime.db.engine.dialect.name}: forms {bots.sent},"
        f" answers {dict(bots.answers)}, mails {len(flood)}, longest wait of a person {max(waits)}\n"
    )
    assert max(waits) <= PROMISED
    assert bots.answers.keys() <= {"303"}, "nobody is told whose address is known, nor that one is too many"
    _is_bounded(world, flood)


def _sign_up_as_a_person(world: World, email: str) -> None:
    person = Person(AppBrowser(world.app), BASE_URL)
    form = person.look(COURSE)
    world.clock.forward(seconds=4)
    page = person.submit(form, email=email, zone="UTC")
    assert "is on its way to" in page.text


def _is_bounded(world: World, flood: list[str]) -> None:
    begun = timedelta(seconds=FORMS / A_SECOND + 4 * PEOPLE)
    evenly = 20 * (begun // timedelta(minutes=1) + 1)
    rounds = begun // timedelta(minutes=10) + 1
    assert len(flood) <= RATES["none"].in_all * rounds + evenly
    assert max(Counter(counted_as(email) for email in flood).values()) <= MOST_A_DAY
    small = Counter(domain_of(email) for email in flood if domain_of(email) not in PROVIDERS)
    hours = begun // timedelta(hours=1) + 1
    assert max(small.values()) <= (RATES["none"].small + LONGEST_WAIT // timedelta(minutes=1)) * hours
    assert len(world.rows()["learner"]) <= len(flood) + PEOPLE + 20 * 30 + 1, "who was too many left no trace"
