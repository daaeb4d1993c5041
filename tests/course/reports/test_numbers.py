"""The numbers: whom they leave out."""

from typing import Any

from sqlalchemy import update

from course.models import Enrolment
from course.reports.ledger import DayAccount, accounts
from course.reports.numbers import course_stats
from tests.support.world.sample_course import SLUG
from tests.support.world.world import World
from web.commands.operating import said_of_lessons, scores_in_words


def test_an_author_who_tries_the_course_is_in_no_number(world: World) -> None:
    world.enrol()
    numbers, days = _numbers(world)
    assert numbers["lessons"][0]["sent"] == 1
    world.enrol("author@example.org")
    link = world.mails("lesson")[-1].link("/learn/")
    world.person.submit(world.person.look(link))
    assert world.look_up("author@example.org").edition_id == world.look_up().edition_id
    with world.runtime.db.write() as session:
        author = world.look_up("author@example.org").id
        session.execute(update(Enrolment).where(Enrolment.id == author).values(counted=False))
    assert _numbers(world) == (numbers, days)


def _numbers(world: World) -> tuple[dict[str, Any], list[DayAccount]]:
    with world.runtime.db.read() as session:
        return course_stats(session, SLUG), accounts(session, world.clock.now(), days=365)


def test_what_was_thought_of_a_lesson_reads_as_a_line() -> None:
    assert scores_in_words({"1": 0, "2": 1, "3": 4}) == "4 / 1 / 0"
    assert scores_in_words({"1": 0, "2": 0, "3": 0}) == "-"
    numbers = {"lessons": [{"lesson": "rye", "said": [{"on": "2026-03-23", "words": "Less\nsalt."}]}]}
    assert list(said_of_lessons(numbers)) == ["On rye: Less salt."]
