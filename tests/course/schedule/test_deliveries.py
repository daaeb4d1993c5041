"""Mails are posted in a transaction, and hurried along once it is committed: there is no way to forget it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.db import Database
from course.models import Delivery
from course.schedule import deliveries
from course.schedule.deliveries import ServiceMail
from tests.support.world.world import World

LINK = ServiceMail("link")
Heard = list[tuple[str, list[str]]]


@pytest.fixture
def heard() -> Heard:
    """Each batch that was hurried, with the occasions that anybody could read in it by then."""
    return []


@pytest.fixture
def database(world: World, heard: Heard) -> Iterator[Database]:
    """The world's own, with an ear to it."""

    def hurry(batches: Sequence[str]) -> None:
        with world.runtime.db.read() as session:
            for batch in batches:
                in_batch = select(Delivery.occasion).where(Delivery.batch == batch).order_by(Delivery.occasion)
                heard.append((batch, list(session.scalars(in_batch))))

    world.enrol()
    with closing(Database(world.runtime.db.url, hurry)) as opened:
        yield opened


def post(world: World, session: Session, mail: ServiceMail = LINK, email: str = "ada@example.org") -> None:
    deliveries.add(session, world.look_up(email), mail, world.clock.times())


def occasions(world: World) -> list[str]:
    return [row["occasion"] for row in world.rows()["delivery"]]


def test_what_was_posted_is_hurried_once_it_is_committed_and_not_before(
    world: World, database: Database, heard: Heard
) -> None:
    with database.write() as session:
        post(world, session)
        assert heard == []
    assert [found for _, found in heard] == [["link:1"]]


def test_nothing_is_hurried_of_what_was_rolled_back(world: World, database: Database, heard: Heard) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as session:
        post(world, session)
        raise ZeroDivisionError
    assert heard == []
    assert "link:1" not in occasions(world)


def test_nobody_is_bothered_where_nothing_was_posted(database: Database, heard: Heard) -> None:
    with database.write() as session:
        session.execute(select(Delivery))
    assert heard == []


@pytest.mark.parametrize(
    "opened",
    [lambda _, deaf: deaf.write(), lambda hearing, _: hearing.read(), lambda hearing, _: hearing.jot()],
    ids=["nobody hurries", "reading", "what may be lost"],
)
def test_no_mail_can_be_posted_where_nobody_would_hurry_it(
    world: World, database: Database, opened: Callable[[Database, Database], AbstractContextManager[Session]]
) -> None:
    with (
        closing(Database(world.runtime.db.url)) as deaf,
        pytest.raises(RuntimeError, match="nobody would hurry"),
        opened(database, deaf) as session,
    ):
        post(world, session)
    assert "link:1" not in occasions(world)


def test_mails_of_one_transaction_that_say_the_same_are_one_batch(
    world: World, database: Database, heard: Heard
) -> None:
    world.enrol("bob@example.org")
    with database.write() as session:
        for email in ("ada@example.org", "bob@example.org"):
            post(world, session, email=email)
            post(world, session, ServiceMail("again", slug="dough-1"), email)
    with database.write() as session:
        post(world, session)
    assert [found for _, found in heard] == [["link:1"] * 2, ["again:dough-1:1"] * 2, ["link:2"]]
    assert len({batch for batch, _ in heard}) == 3


def test_a_mail_that_a_page_has_posted_waits_for_a_worker_when_the_page_answers(world: World) -> None:
    world.person.submit(world.person.look("/"), email="ada@example.org")
    assert world.runtime.queue.waiting() == {row["batch"] for row in world.rows()["delivery"]}
