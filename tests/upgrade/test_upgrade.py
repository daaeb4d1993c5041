"""A Dayletter that another version left in the middle of its work is migrated, and goes on with it."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import select

from course.db import Database
from course.migrations.schema import migrate_database
from course.models import Delivery
from mailer.sending.plan import planning_step
from tests.support.author.studio import USERS, fresh_person, work_off
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.mails import Mail, of_sink, read_mail
from tests.support.world.person import AppBrowser, Person
from tests.support.world.sample_course import write_sample
from tests.support.world.world import ALREADY_PUBLISHED, BASE_URL, World
from tests.upgrade.fixture import Fixture, load_files, load_redis, load_rows, read_fixture
from tests.upgrade.make_fixture import DAY_2, DAY_3, ON_THURSDAY, address, make
from web.request import STUDIO_PATH

WAIT_SECONDS = 1800
LEFT = "schema_0002"
OUT = {"ada", "fay", "petra", "sue", "una"}
"""Finished, failed, never confirmed, suppressed, left."""

KINDS_OF_JOBS = {"probe", "sign_in", "lost_link", "try_out"}

Received = tuple[str, str, int | None]
"""Whom a mail went to, its kind, and the day of a lesson."""


@pytest.fixture
def left() -> Fixture:
    return read_fixture(LEFT)


@pytest.fixture
def upgraded(
    left: Fixture, tmp_path: Path, empty_database_url: str, redis_server: RedisServer, smtp_sink: SmtpSink
) -> Iterator[World]:
    """At the moment the other version ended; nothing has been done yet. What is sent comes to the sink."""
    with closing(Database(empty_database_url)) as database:
        load_rows(database, left)
        migrate_database(database)
    with Redis.from_url(redis_server.url) as redis:
        load_redis(redis, left.redis)
    load_files(tmp_path / "var", left.files)
    write_sample(tmp_path / "lessons")
    place = tmp_path / "var", empty_database_url, redis_server.url, tmp_path / "lessons"
    with closing(World(*place, ALREADY_PUBLISHED, MAIL_URL=smtp_sink.url, STUDIO_USERS=USERS)) as world:
        world.clock.moments.append(datetime.fromisoformat(left.moment))
        yield world


def go_on(world: World, **parts: float) -> None:
    """The clock process looks, and a worker does what is in Redis; both twice, as they do."""
    world.clock.forward(**parts)
    for _ in range(2):
        planning_step(world.runtime)
        work_off(world)


def received(sink: SmtpSink) -> list[Received]:
    return sorted(map(_summary, mails(sink)), key=repr)


def mails(sink: SmtpSink) -> list[Mail]:
    return [read_mail(raw) for raw in of_sink(sink)()]


def _summary(mail: Mail) -> Received:
    return str(mail.message["To"]).partition("@")[0], mail.kind, mail.day if mail.kind == "lesson" else None


def lesson_of(world: World, name: str, lesson: str) -> Delivery:
    enrolment = world.look_up(address(name)).id
    with world.runtime.db.read() as session:
        ours = Delivery.enrolment_id == enrolment, Delivery.occasion == f"lesson:{lesson}"
        return session.scalars(select(Delivery).where(*ours)).one()


QUEUED: Sequence[Received] = (
    *((name, "lesson", 2) for name in ("adam", "dora", "quentin", "quincy")),
    ("untouched", "lesson", 3),
    ("will", "lesson", 1),
    ("will", "welcome", None),
)


def test_what_was_queued_goes_out_once(upgraded: World, smtp_sink: SmtpSink) -> None:
    for _ in range(3):
        go_on(upgraded, seconds=10)
    assert received(smtp_sink) == sorted(QUEUED, key=repr)


def test_what_a_dead_worker_left_is_settled_by_its_journal(upgraded: World) -> None:
    go_on(upgraded, seconds=1)
    states = {name: lesson_of(upgraded, name, DAY_3).state for name in ("answered", "begun", "untouched")}
    assert states == {"answered": "accepted", "begun": "uncertain", "untouched": "accepted"}


def test_what_is_in_doubt_goes_again_after_the_wait_and_is_counted(upgraded: World, smtp_sink: SmtpSink) -> None:
    go_on(upgraded, seconds=10)
    before = len(smtp_sink.mails)
    go_on(upgraded, seconds=WAIT_SECONDS - 60)
    assert len(smtp_sink.mails) == before
    for _ in range(3):
        go_on(upgraded, seconds=60)
    again = received(smtp_sink)
    assert [mail for mail in again if mail not in QUEUED] == [("begun", "lesson", 3), ("ulla", "lesson", 2)]
    doubted = [lesson_of(upgraded, "begun", DAY_3), lesson_of(upgraded, "ulla", DAY_2)]
    assert [(one.state, one.rounds, one.duplicates) for one in doubted] == [("accepted", 1, 1)] * 2
    by_name = {mail.message["To"]: mail.message["Message-ID"] for mail in mails(smtp_sink)}
    assert [by_name[address("begun")], by_name[address("ulla")]] == [one.message_id for one in doubted]


def test_learners_go_on_with_their_next_lesson_on_its_day_and_who_is_out_gets_nothing(
    upgraded: World, smtp_sink: SmtpSink
) -> None:
    go_on(upgraded, seconds=10)
    for day, expected in {
        "Saturday": [
            *((name, "lesson", 3) for name in ("adam", "dora", "quentin", "quincy", "ulla")),
            ("will", "lesson", 2),
        ],
        "Sunday": [("will", "lesson", 3)],
        "Monday": [("paul", "lesson", 2)],
        "Tuesday": [("paul", "lesson", 3)],
    }.items():
        go_on(upgraded, seconds=WAIT_SECONDS + 10)
        before = set(received(smtp_sink))
        go_on(upgraded, days=1, seconds=-WAIT_SECONDS)
        assert upgraded.clock.real().strftime("%A") == day
        assert sorted(m for m in received(smtp_sink) if m not in before and m[1] == "lesson") == expected
    assert {name for name, *_ in received(smtp_sink)}.isdisjoint(OUT)
    deliveries = [mail.delivery for mail in mails(smtp_sink)]
    assert len(deliveries) == len(set(deliveries))


def test_links_in_mails_of_before_still_open(upgraded: World, left: Fixture) -> None:
    browser = AppBrowser(upgraded.app)
    links = [link for of_one in left.links.values() for link in of_one]
    answers = {link: browser.send("GET", link).status for link in links}
    assert {status for link, status in answers.items() if not link.startswith("/c/")} == {200}
    assert {status for link, status in answers.items() if link.startswith("/c/")} == {302}


def test_a_link_to_confirm_of_before_brings_the_first_lesson(
    upgraded: World, left: Fixture, smtp_sink: SmtpSink
) -> None:
    confirm = next(link for link in left.links["petra"] if link.startswith("/confirm/"))
    upgraded.person.submit(upgraded.person.look(confirm))
    go_on(upgraded, seconds=10)
    ours = [mail for mail in received(smtp_sink) if mail[0] == "petra"]
    assert ours == [("petra", "lesson", 1), ("petra", "welcome", None)]


def test_whoever_was_signed_in_to_the_studio_still_is(upgraded: World, left: Fixture) -> None:
    browser = AppBrowser(upgraded.app)
    for name, value in left.cookies.items():
        browser.client.set_cookie(name, value, path=STUDIO_PATH)
    page = Person(browser, BASE_URL).look(f"{STUDIO_PATH}/you")
    assert page.status == 200
    assert "olga@example.org" in page.text


def test_jobs_of_before_are_dropped_in_words_and_a_worker_goes_on(
    upgraded: World, redis_server: RedisServer, smtp_sink: SmtpSink, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        go_on(upgraded, seconds=10)
    (told,) = [record.getMessage() for record in caplog.records if "Dropped" in record.getMessage()]
    assert all(kind in told for kind in KINDS_OF_JOBS)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    with Redis.from_url(redis_server.url) as redis:
        assert not list(redis.scan_iter("rq:job:*"))
        assert not redis.exists("rq:queue:mail", "rq:failed:mail")
    fresh_person(upgraded).post("/lost-link", {"email": address("dora")})
    work_off(upgraded)
    go_on(upgraded, seconds=10)
    assert ("dora", "link", None) in received(smtp_sink)


def test_this_version_leaves_a_fixture_for_the_next(tmp_path: Path, redis_server: RedisServer) -> None:
    made = make(tmp_path, redis_server.url)
    empty = {name for name, rows in made.rows.items() if not rows}
    assert empty == {"hold", "probe", "former_slug", "set_aside"}
    asked = {key.removeprefix("rq:job:").partition("-")[0] for key in made.redis if key.startswith("rq:job:")}
    batches = {row["batch"] for row in made.rows["delivery"] if row["state"] in ("queued", "sending")}
    assert asked >= KINDS_OF_JOBS | batches
    states = {row["state"] for row in made.rows["delivery"]}
    assert states == {"accepted", "queued", "sending", "uncertain", "failed"}
    assert {row["state"] for row in made.rows["enrolment"]} == {"pending", "active", "paused", "left", "finished"}
    assert len(made.rows["learner"]) >= len(ON_THURSDAY)
