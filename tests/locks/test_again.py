"""What a database breaks off all the same is done again as a whole: no person sees it, no letter is in doubt."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from course.again import MOST_TRIES
from course.db import Database
from course.enrolment import steering
from mailer.sending import plan
from mailer.sending.claim import claim
from mailer.sending.record import record
from tests.support.world.world import World

pytestmark = pytest.mark.server
DEADLOCK = text("DO $$ BEGIN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$")
WRONG = text("DO $$ BEGIN RAISE EXCEPTION 'wrong' USING ERRCODE = '22023'; END $$")


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLite breaks nothing off."""
    postgres = request.getfixturevalue("postgres")
    return str(postgres.copy_of(request.getfixturevalue("published_postgres")))


class Breaking:
    """Does as it is told, but the first `times` the database then breaks the transaction off."""

    def __init__(self, whole: Callable[..., object], session_at: int = 0, times: int = 1) -> None:
        self._whole, self._session_at, self.left = whole, session_at, times

    def __call__(self, *given: object, **named: object) -> object:
        done = self._whole(*given, **named)
        if self.left:
            self.left -= 1
            session = given[self._session_at]
            assert isinstance(session, Session)
            session.execute(DEADLOCK)
        return done


def test_a_deed_of_a_page_is_done_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.enrol()
    monkeypatch.setattr(steering, "send_next", breaking := Breaking(steering.send_next))
    assert world.person.post(f"{world.learn_url()}/next").status == 200
    assert breaking.left == 0
    world.step()
    assert [mail.day for mail in world.mails("lesson")] == [1, 2]


def test_a_claim_and_its_record_are_done_again_and_leave_no_doubt(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaks = [Breaking(claim), Breaking(record)]
    for name, breaking in zip(("claim", "record"), breaks, strict=True):
        monkeypatch.setattr(f"mailer.sending.deliver.{name}", breaking)
    world.register()
    assert [breaking.left for breaking in breaks] == [0, 0]
    assert [row["state"] for row in world.rows()["delivery"]] == ["accepted"]
    assert [row["id"] for row in world.rows()["attempt"]] == [world.rows()["delivery"][0]["attempt_id"]]
    assert len(world.mails()) == 1


def test_a_planning_step_is_done_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.enrol()
    monkeypatch.setattr(plan, "_plan_course", breaking := Breaking(plan._plan_course))
    world.next_lesson()
    assert breaking.left == 0
    assert [mail.day for mail in world.mails("lesson")] == [1, 2]


@pytest.mark.parametrize(("problem", "tries"), [(DEADLOCK, MOST_TRIES), (WRONG, 1)])
def test_it_gives_up_in_the_end_and_at_once_where_the_moment_was_not_to_blame(
    database_url: str, problem: object, tries: int
) -> None:
    database, begun = Database(database_url), []

    def work(session: Session) -> None:
        begun.append(session)
        session.execute(problem)  # type: ignore[call-overload]

    with pytest.raises(DBAPIError):
        database.transact(work)
    assert len(begun) == tries
    database.close()
