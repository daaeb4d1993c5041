"""What comes next for a learner, and what it waits for: one rule at a time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.schedule.forecast import Forecast, assume_accepted, forecast
from course.schedule.progress import (
    UNDER_WAY_RECHECK,
    Finished,
    Nudge,
    Obstacle,
    Posted,
    Send,
    State,
    Wait,
    next_step,
)
from course.schedule.rhythm import Rhythm, local_date
from tests.support.world.learning import DAY, FRIDAY, LESSONS, facts, posted


def test_the_first_lesson_comes_at_once() -> None:
    assert next_step(facts(), FRIDAY) == Send("one", FRIDAY, "at-once")


def test_a_course_that_begins_on_the_next_day_begins_at_the_learners_hour() -> None:
    step = next_step(facts(start="next-day"), FRIDAY)
    assert isinstance(step, Send)
    assert step.at == datetime(2026, 3, 28, 7, 0, tzinfo=UTC)


def test_the_next_lesson_comes_the_day_after_at_the_learners_hour() -> None:
    step = next_step(facts(posted=posted(1, FRIDAY)), FRIDAY)
    assert step == Send("two", datetime(2026, 3, 28, 7, 0, tzinfo=UTC), "daily")


def test_a_weekday_without_lessons_is_named_as_the_reason() -> None:
    course = facts(posted=posted(1, FRIDAY), rhythm=Rhythm("Europe/Berlin", 8, frozenset({0, 4})))
    monday = datetime(2026, 3, 30, 6, 0, tzinfo=UTC)
    assert next_step(course, FRIDAY) == Send("two", monday, "weekdays")


def test_a_lesson_that_is_a_little_late_still_goes_out_on_its_day() -> None:
    late = datetime(2026, 4, 2, 8, 0, tzinfo=UTC)
    assert next_step(facts(posted=posted(1, FRIDAY)), late) == Send("two", late - timedelta(hours=2), "absence")


def test_a_lesson_that_is_too_late_waits_for_the_next_hour_of_its_learner() -> None:
    too_late = datetime(2026, 4, 2, 8, 1, tzinfo=UTC)
    tomorrow = datetime(2026, 4, 3, 6, 0, tzinfo=UTC)
    assert next_step(facts(posted=posted(1, FRIDAY)), too_late) == Send("two", tomorrow, "absence")


def test_a_first_lesson_that_could_not_come_at_once_comes_at_the_hour_of_the_same_day_if_that_is_ahead() -> None:
    begun = datetime(2026, 3, 27, 1, 0, tzinfo=UTC)
    step = next_step(facts(begun_at=begun), begun + timedelta(hours=4))
    assert step == Send("one", datetime(2026, 3, 27, 7, 0, tzinfo=UTC), "absence")


def test_the_moments_before_a_change_of_plan_do_not_count() -> None:
    changed = datetime(2026, 3, 28, 8, 30, tzinfo=UTC)
    step = next_step(facts(posted=posted(1, FRIDAY), not_before=changed), changed)
    assert step == Send("two", datetime(2026, 3, 29, 6, 0, tzinfo=UTC), "daily")


def test_a_lesson_overdue_waits_for_its_hour_if_that_is_still_to_come() -> None:
    night = datetime(2026, 4, 2, 1, 0, tzinfo=UTC)
    step = next_step(facts(posted=posted(1, FRIDAY)), night)
    assert isinstance(step, Send)
    assert step.at == datetime(2026, 4, 2, 6, 0, tzinfo=UTC)


def test_after_an_outage_of_days_the_lessons_do_not_come_in_a_burst() -> None:
    after = datetime(2026, 4, 2, 19, 0, tzinfo=UTC)
    once_more = {**posted(1, FRIDAY), "two": Posted(date(2026, 4, 2), after)}
    step = next_step(facts(posted=once_more), after)
    assert isinstance(step, Send)
    assert (step.lesson, local_date(step.at, "Europe/Berlin")) == ("three", date(2026, 4, 3))


def test_a_traveller_over_the_date_line_gets_no_second_lesson_on_either_calendar() -> None:
    # Sent on the 28th in Kiritimati while Honolulu still has the 27th.
    moment = datetime(2026, 3, 27, 18, 0, tzinfo=UTC)
    home = {"one": Posted(date(2026, 3, 28), moment)}
    step = next_step(facts(posted=home, rhythm=Rhythm("Pacific/Honolulu", 8)), moment)
    assert isinstance(step, Send)
    assert local_date(step.at, "Pacific/Honolulu") == date(2026, 3, 29)


def test_a_lesson_that_arrived_after_midnight_counts_for_that_day_too() -> None:
    after_midnight = datetime(2026, 3, 27, 23, 30, tzinfo=UTC)
    step = next_step(facts(posted={"one": Posted(date(2026, 3, 27), after_midnight)}), after_midnight)
    assert isinstance(step, Send)
    assert local_date(step.at, "Europe/Berlin") == date(2026, 3, 29)


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ("pending", "unconfirmed"),
        ("left", "left"),
        ("restarted", "restarted"),
        ("paused", "paused"),
    ],
)
def test_nothing_moves_until_the_learner_acts(state: State, why: Obstacle) -> None:
    assert next_step(facts(state=state), FRIDAY) == Wait(None, why)


def test_a_pause_with_an_end_is_looked_at_again_then() -> None:
    day = date(2026, 3, 30)
    midnight = datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
    assert next_step(facts(state="paused", resumes_on=day), FRIDAY) == Wait(midnight, "paused")
    morning = Send("one", datetime(2026, 3, 30, 6, 0, tzinfo=UTC), "pause")
    assert next_step(facts(state="paused", resumes_on=day), midnight) == morning


@pytest.mark.parametrize(
    ("rhythm", "hour"), [(Rhythm("Europe/Berlin", 18), 16), (Rhythm("Asia/Tokyo", 8), -1), (Rhythm("UTC", 7), 7)]
)
def test_a_pause_ends_by_the_hour_and_zone_of_its_end(rhythm: Rhythm, hour: int) -> None:
    step = next_step(
        facts(state="paused", resumes_on=date(2026, 4, 3), posted=posted(1, FRIDAY), rhythm=rhythm),
        datetime(2026, 4, 2, 22, 30, tzinfo=UTC),
    )
    at = datetime(2026, 4, 3, 0, 0, tzinfo=UTC) + timedelta(hours=hour)
    assert step == Send("two", at, "pause") or step == Wait(datetime(2026, 4, 3, 0, 0, tzinfo=UTC), "paused")


def test_nothing_follows_a_lesson_that_is_still_on_its_way() -> None:
    step = next_step(facts(posted={"one": Posted(date(2026, 3, 27), None)}), FRIDAY + 3 * DAY)
    assert step == Wait(FRIDAY + 3 * DAY + UNDER_WAY_RECHECK, "under-way", "one")


def test_nothing_follows_a_lesson_that_could_not_be_delivered() -> None:
    step = next_step(facts(posted={"one": Posted(date(2026, 3, 27), None, failed=True)}), FRIDAY + DAY)
    assert step == Wait(None, "undelivered", "one")


def test_a_failed_lesson_that_the_learner_had_otherwise_counts_as_come_on_that_day() -> None:
    read = {"one": Posted(date(2026, 3, 27), None, failed=True, had_at=FRIDAY + 3 * DAY)}
    step = next_step(facts(posted=read), FRIDAY + 3 * DAY)
    assert step == Send("two", datetime(2026, 3, 31, 6, 0, tzinfo=UTC), "daily")


def test_a_failed_lesson_that_is_no_longer_part_of_the_course_holds_nothing_up() -> None:
    withdrawn = {"zero": Posted(date(2026, 3, 27), None, failed=True)}
    assert isinstance(next_step(facts(posted=withdrawn), FRIDAY + DAY), Send)


def test_after_the_last_lesson_the_course_is_finished() -> None:
    assert next_step(facts(posted=posted(5, FRIDAY)), FRIDAY + DAY) == Finished()


def test_a_last_lesson_that_is_on_its_way_already_ends_the_plan() -> None:
    under_way = {**posted(4, FRIDAY), "five": Posted(date(2026, 3, 28), None)}
    assert next_step(facts(posted=under_way), FRIDAY + DAY) == Finished()


def test_lessons_are_counted_by_name_and_not_by_number() -> None:
    elsewhere = {"four": Posted(date(2026, 3, 26), FRIDAY - DAY)}
    step = next_step(facts(posted=elsewhere), FRIDAY)
    assert isinstance(step, Send)
    assert step.lesson == "one"


def test_on_completion_the_next_lesson_waits_for_the_deed() -> None:
    waiting = facts(posted=posted(2, FRIDAY), completed=frozenset({"one"}), pace="on-completion")
    assert next_step(waiting, FRIDAY + 9 * DAY) == Wait(None, "incomplete", "two")


def test_on_completion_the_next_lesson_comes_right_after_the_deed() -> None:
    done = facts(
        posted=posted(2, FRIDAY),
        completed=frozenset({"one", "two"}),
        completed_at=FRIDAY + timedelta(hours=16),
        pace="on-completion",
    )
    soon = FRIDAY + timedelta(hours=17)
    assert next_step(done, soon) == Send("three", FRIDAY + timedelta(hours=16), "completed")
    next_morning = datetime(2026, 3, 28, 7, 0, tzinfo=UTC)
    assert next_step(done, FRIDAY + timedelta(hours=21)) == Send("three", next_morning, "completed")


def test_on_completion_the_first_lesson_waits_for_nothing() -> None:
    at_once = next_step(facts(pace="on-completion"), FRIDAY)
    assert at_once == Send("one", FRIDAY, "at-once")
    later = next_step(facts(pace="on-completion", start="next-day"), FRIDAY)
    assert isinstance(later, Send)
    assert later.at > FRIDAY


@pytest.mark.parametrize(("done", "waits"), [((), True), (("one",), False), (("two",), False)])
def test_no_more_lessons_come_than_may_be_open(done: tuple[str, ...], waits: bool) -> None:
    step = next_step(facts(posted=posted(2, FRIDAY), completed=frozenset(done), max_open=2), FRIDAY + DAY)
    assert isinstance(step, Wait) == waits
    if isinstance(step, Wait):
        assert step == Wait(None, "limit", "two")


@given(st.integers(1, 5), st.frozensets(st.sampled_from(LESSONS)), st.integers(1, 6))
def test_max_open_counts_sent_lessons_that_are_not_complete(count: int, done: frozenset[str], limit: int) -> None:
    course = facts(posted=posted(count, FRIDAY), completed=done, max_open=limit)
    open_now = sum(1 for slug in LESSONS[:count] if slug not in done)
    step = next_step(course, FRIDAY + DAY)
    if count == len(LESSONS):
        assert isinstance(step, Finished)
    else:
        assert isinstance(step, Wait) == (open_now >= limit)


def test_a_lesson_that_arrived_is_taken_as_it_is() -> None:
    arrived = Posted(date(2026, 3, 27), FRIDAY)
    assert assume_accepted(arrived, Rhythm("Europe/Berlin", 8)) is arrived
    under_way = assume_accepted(Posted(date(2026, 3, 27), None), Rhythm("Europe/Berlin", 8))
    assert under_way == Posted(date(2026, 3, 27), datetime(2026, 3, 26, 23, 0, tzinfo=UTC))


def test_a_lesson_that_failed_is_not_taken_as_arrived_so_no_date_is_told_for_the_next() -> None:
    failed = Posted(date(2026, 3, 27), None, failed=True)
    assert assume_accepted(failed, Rhythm("Europe/Berlin", 8)) is failed
    assert forecast(facts(posted={"one": failed}), FRIDAY) == Forecast((), Wait(None, "undelivered", "one"))


def test_nobody_is_reminded_of_the_last_lesson_before_it_has_come() -> None:
    later = FRIDAY + timedelta(days=9)
    came = posted(len(LESSONS), FRIDAY)
    under_way = {**came, LESSONS[-1]: Posted(local_date(FRIDAY, "Europe/Berlin"), None)}
    assert isinstance(next_step(facts(posted=came, nudge_days=1), later), Nudge)
    step = next_step(facts(posted=under_way, nudge_days=1), later)
    assert step == Wait(later + UNDER_WAY_RECHECK, "under-way", LESSONS[-1])
