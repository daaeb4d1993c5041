"""The plan as it stands: the lessons to come, and what comes after them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from course.schedule.forecast import forecast, lessons_to_come
from course.schedule.progress import Posted, Wait
from course.schedule.rhythm import local_date
from tests.support.world.learning import DAY, FRIDAY, facts, posted


def test_a_first_lesson_that_a_pause_held_back_is_forecast_for_its_end() -> None:
    end = FRIDAY + 3 * DAY
    held = facts(state="paused", paused_until=end)
    assert lessons_to_come(held, FRIDAY + timedelta(hours=1))[0].at == end


def test_the_forecast_of_a_lesson_that_is_overdue_is_now() -> None:
    now = datetime(2026, 3, 28, 15, 0, tzinfo=UTC)
    assert lessons_to_come(facts(posted=posted(1, FRIDAY)), now)[0].at == now


def test_the_forecast_takes_mail_under_way_as_arrived() -> None:
    told = lessons_to_come(facts(posted={"one": Posted(date(2026, 3, 27), None)}), FRIDAY)
    assert [local_date(step.at, "Europe/Berlin").day for step in told] == [28, 29, 30, 31]


def test_the_forecast_ends_where_only_a_deed_brings_the_next_lesson() -> None:
    two_out = facts(posted={"one": Posted(date(2026, 3, 27), FRIDAY)}, max_open=3)
    assert [step.lesson for step in lessons_to_come(two_out, FRIDAY)] == ["two", "three"]
    assert forecast(two_out, FRIDAY).then == Wait(None, "limit", "three")
    assert [step.lesson for step in lessons_to_come(facts(pace="on-completion"), FRIDAY)] == ["one"]


@pytest.mark.parametrize("state", ["pending", "left"])
def test_there_is_no_forecast_for_who_gets_nothing(state: str) -> None:
    assert lessons_to_come(facts(state=state), FRIDAY) == ()
    assert lessons_to_come(facts(state="paused"), FRIDAY) == ()
