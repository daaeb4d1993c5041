"""Settings and pauses: what is saved is what was said, and what cannot be is refused with the reason."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from course.schedule.rhythm import local_date
from tests.support.world.world import World

Fields = Mapping[str, str | Sequence[str]]


def save(world: World, fields: Fields, deed: str = "settings") -> tuple[int, str]:
    answer = world.app.test_client().post(f"{world.learn_url()}/{deed}", data=fields, follow_redirects=True)
    return answer.status_code, answer.text


def test_new_settings_are_kept_and_move_the_plan(world: World) -> None:
    world.enrol()
    status, page = save(world, {"zone": "Asia/Tokyo", "hour": "21", "weekdays": ["", "2", "5"]})
    assert status == 200
    assert "Saved." in page
    enrolment = world.look_up()
    assert (enrolment.zone, enrolment.hour, enrolment.weekdays) == ("Asia/Tokyo", 21, "25")
    assert "Wednesday 25 March at 21:0" in page


NO_DAYS: tuple[list[str], ...] = (
    [""],
    ["", ""],
    ["7"],
    ["", "1", "9"],
    ["-1"],
    ["²"],
    ["01"],
    ["\0"],
)


def test_days_that_cannot_be_are_refused_and_nothing_changes(world: World) -> None:
    world.enrol()
    before = world.rows()
    for days in NO_DAYS:
        status, page = save(world, {"zone": "Asia/Tokyo", "hour": "9", "weekdays": days})
        assert status == 422
        assert "Please keep at least one day" in page or "Please choose among the seven days" in page
        assert world.rows() == before


def test_the_form_can_say_that_no_day_is_ticked(world: World) -> None:
    world.enrol()
    page = world.person.look(world.learn_url())
    assert '<input type="hidden" name="weekdays" value="">' in page.text
    _, refilled = save(world, {"weekdays": [""]})
    assert "checked" not in refilled.partition("on these days")[2].partition("</fieldset>")[0]


def test_what_was_not_sent_stays(world: World) -> None:
    world.enrol()
    before = world.look_up()
    assert save(world, {"hour": "9"})[0] == 200
    after = world.look_up()
    assert (after.zone, after.hour, after.weekdays) == (before.zone, 9, before.weekdays)


NO_TIMES: tuple[Fields, ...] = (
    {"zone": "Mars/Olympus"},
    {"hour": "25"},
    {"hour": "\0"},
    {"zone": "x" * 10_000},
    {"zone": "localtime"},
)


def test_a_zone_or_an_hour_that_cannot_be_is_refused(world: World) -> None:
    world.enrol()
    before = world.rows()
    for fields in NO_TIMES:
        status, page = save(world, fields)
        assert status == 422
        assert "needs another look" in page
        assert world.rows() == before


def test_an_older_name_of_a_zone_survives_saving_the_form_as_it_stands(world: World) -> None:
    world.enrol(zone="EST5EDT")
    page = world.person.look(world.learn_url())
    assert '<option value="EST5EDT" selected>' in page.text
    world.person.submit(page)
    assert world.look_up().zone == "EST5EDT"


def test_the_plan_names_the_zone_as_people_do(world: World) -> None:
    world.enrol(zone="America/New_York")
    world.person.post(f"{world.learn_url()}/dough-1/complete")
    page = world.person.look(world.learn_url())
    assert "at 8:00 New York time" in page.text


NO_PAUSES: tuple[Fields, ...] = (
    {"days": "0"},
    {"days": "-1"},
    {"days": "367"},
    {"days": "²"},
    {"days": "9" * 5000},
    {"days": "a\0"},
    {"days": "1.5"},
    {"until": "yesterday"},
    {"until": "2026-03-23"},
    {"until": "2020-01-01"},
    {"until": "2126-01-01"},
    {"until": "\0"},
)


def test_a_pause_that_cannot_be_is_refused_with_the_reason(world: World) -> None:
    world.enrol()
    before = world.rows()
    for fields in NO_PAUSES:
        status, page = save(world, fields, "pause")
        assert status == 422
        assert "Please pause for 1 to 366 days" in page or "Please choose a day within" in page
        assert world.rows() == before


@pytest.mark.parametrize(("fields", "day"), [({"days": "3"}, 27), ({"until": "2026-03-26"}, 26)])
def test_a_pause_ends_by_itself_on_its_day(world: World, fields: Fields, day: int) -> None:
    world.enrol()
    assert save(world, fields, "pause")[0] == 200
    enrolment = world.look_up()
    assert enrolment.state == "paused"
    assert enrolment.resumes_on == date(2026, 3, day)
    world.next_lesson()
    assert local_date(world.clock.now(), enrolment.zone).day == day
    assert world.look_up().state == "active"
    assert len(world.mails("lesson")) == 2


def test_a_pause_without_end_ends_with_the_button_and_twice_is_once(world: World) -> None:
    world.enrol()
    for _ in range(2):
        assert save(world, {}, "pause")[0] == 200
    world.forward(days=40)
    assert len(world.mails("lesson")) == 1
    for _ in range(2):
        assert save(world, {}, "resume")[0] == 200
    world.next_lesson()
    assert len(world.mails("lesson")) == 2


def test_pausing_in_one_tab_and_leaving_in_the_other_is_leaving(world: World) -> None:
    world.enrol()
    world.person.post(world.unsubscribe_url())
    save(world, {"days": "3"}, "pause")
    save(world, {}, "resume")
    assert world.look_up().state == "left"
