"""The plan as it stands: the lessons to come, and what comes after them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from course.schedule.forecast import day_after_pause, forecast, lessons_to_come, look, look_ahead, undisturbed
from course.schedule.progress import Nudge, Posted, Send, Wait
from course.schedule.rhythm import Rhythm, first_moment, local_date
from tests.support.world.learning import FRIDAY, facts, posted


def test_a_first_lesson_that_a_pause_held_back_is_forecast_for_its_end() -> None:
    held = facts(state="paused", resumes_on=date(2026, 3, 30))
    coming = lessons_to_come(held, FRIDAY + timedelta(hours=1))[0]
    assert coming.at == datetime(2026, 3, 30, 6, 0, tzinfo=UTC)


def test_the_forecast_of_a_lesson_that_is_overdue_is_now() -> None:
    now = datetime(2026, 3, 28, 8, 0, tzinfo=UTC)
    assert lessons_to_come(facts(posted=posted(1, FRIDAY)), now)[0].at == now


@pytest.mark.parametrize(
    ("now", "weekdays", "days", "comes"),
    [
        ("2026-03-31T08:00Z", "0123456", 1, "2026-04-02T06:00Z"),
        ("2026-03-31T05:00Z", "0123456", 1, "2026-04-01T06:00Z"),
        ("2026-03-31T08:00Z", "6", 1, "2026-04-12T06:00Z"),
        ("2026-03-31T08:00Z", "6", 7, "2026-04-12T06:00Z"),
        ("2026-04-03T08:00Z", "01234", 1, "2026-04-07T06:00Z"),
        ("2026-03-31T08:00Z", "0123456", 7, "2026-04-08T06:00Z"),
    ],
)
def test_a_pause_for_days_leaves_out_the_next_days_with_a_lesson(
    now: str, weekdays: str, days: int, comes: str
) -> None:
    rhythm = Rhythm("Europe/Berlin", 8, frozenset(map(int, weekdays)))
    moment = datetime.fromisoformat(now)
    # Before the hour of that day its lesson has not come yet.
    last = first_moment(rhythm, date(2026, 3, 25)) if moment.hour < 6 else moment - timedelta(hours=2)
    course = facts(posted=posted(1, last), rhythm=rhythm)
    paused = course._replace(state="paused", resumes_on=day_after_pause(course, moment, days))
    assert lessons_to_come(paused, moment)[0].at == datetime.fromisoformat(comes)


HOUR_CHANGED = datetime(2026, 3, 28, 9, 0, tzinfo=UTC)


def test_a_change_sends_nothing_at_once_whose_moment_had_passed() -> None:
    before = facts(posted=posted(1, FRIDAY), rhythm=Rhythm("Europe/Berlin", 18))
    changed = undisturbed(before._replace(rhythm=Rhythm("Europe/Berlin", 9)), HOUR_CHANGED, None)
    assert changed.not_before == HOUR_CHANGED
    assert look_ahead(changed, HOUR_CHANGED).again_at == datetime(2026, 3, 29, 7, 0, tzinfo=UTC)


def test_a_lesson_that_was_due_anyway_is_not_held_back_by_a_change() -> None:
    due = datetime(2026, 3, 28, 7, 0, tzinfo=UTC)
    late = facts(posted=posted(1, FRIDAY), max_open=3)
    assert undisturbed(late, due + timedelta(hours=1), due) is late


def test_what_a_deed_itself_brings_comes_at_once() -> None:
    done = facts(
        posted=posted(1, FRIDAY), completed=frozenset({"one"}), completed_at=HOUR_CHANGED, pace="on-completion"
    )
    assert undisturbed(done, HOUR_CHANGED, None) is done
    assert look(done, HOUR_CHANGED).mail == Send("two", HOUR_CHANGED, "completed")


def test_a_change_to_the_pace_on_completion_sends_nothing_for_what_was_completed_before() -> None:
    completed = facts(
        posted=posted(1, FRIDAY),
        completed=frozenset({"one"}),
        completed_at=HOUR_CHANGED - timedelta(hours=1),
        pace="on-completion",
    )
    changed = undisturbed(completed, HOUR_CHANGED, None)
    assert look(changed, HOUR_CHANGED).mail is None
    assert look(changed, HOUR_CHANGED).next_at == datetime(2026, 3, 29, 6, 0, tzinfo=UTC)


def test_a_mail_can_tell_the_next_lesson_also_while_one_is_under_way_and_none_where_a_deed_is_waited_for() -> None:
    under_way = facts(posted={"one": Posted(date(2026, 3, 27), None)})
    found = look(under_way, FRIDAY)
    assert found.again_at == FRIDAY + timedelta(minutes=5)
    assert found.next_at == datetime(2026, 3, 28, 7, 0, tzinfo=UTC)
    assert look(under_way._replace(max_open=1), FRIDAY).next_at is None


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


def test_a_lesson_on_its_way_on_a_day_off_holds_up_nothing_on_the_day_after() -> None:
    """As the first one may be, which comes at once."""
    sunday = FRIDAY + timedelta(days=2)
    first = {"one": Posted(sunday.date(), None)}
    mondays_to_fridays = Rhythm("Europe/Berlin", 8, frozenset(range(5)))
    coming = lessons_to_come(facts(posted=first, rhythm=mondays_to_fridays), sunday)
    assert local_date(coming[0].at, "Europe/Berlin") == date(2026, 3, 30)


def test_a_pause_before_a_course_that_begins_on_the_next_day_leaves_out_that_day() -> None:
    course = facts(start="next-day")
    until = day_after_pause(course, FRIDAY - timedelta(hours=1), 1)
    assert until == date(2026, 3, 29)


def test_no_reminder_comes_in_the_last_hours_of_a_pause() -> None:
    late = Rhythm("Europe/Berlin", 23)
    reminded = facts(
        posted=posted(1, FRIDAY),
        rhythm=late,
        max_open=1,
        nudge_days=1,
        state="paused",
        resumes_on=date(2026, 4, 1),
    )
    then = forecast(reminded, FRIDAY + timedelta(hours=1)).then
    assert isinstance(then, Nudge)
    assert local_date(then.at, "Europe/Berlin") == date(2026, 4, 1)


def test_no_reminder_comes_on_the_day_of_a_deed_though_its_hour_is_ahead() -> None:
    evening = Rhythm("Europe/Berlin", 18)
    stuck = facts(posted=posted(1, FRIDAY), rhythm=evening, max_open=1, nudge_days=1)
    acted = stuck._replace(acted_at=FRIDAY + timedelta(days=1))
    then = forecast(acted, FRIDAY + timedelta(days=1)).then
    assert isinstance(then, Nudge)
    assert local_date(then.at, "Europe/Berlin") == date(2026, 3, 29)
