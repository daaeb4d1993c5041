"""Stories of learners who steer their course, in virtual time."""

import re
from collections.abc import Mapping
from datetime import date
from typing import cast

import pytest

from course.schedule.rhythm import local_date
from tests.support.world.person import Page
from tests.support.world.world import House
from tests.web.learner.test_lessons import take_all

# One kind is enough: nothing here rests on what the databases do differently.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def act(house: House, deed: str, fields: Mapping[str, str | list[str]] | None = None) -> Page:
    page = house.person.post(f"{house.learn_url()}/{deed}", cast(Mapping[str, str], fields or {}))
    house.step()
    return page


def words(page: Page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.text)).replace("&nbsp;", " ")


def lesson_days(house: House) -> list[tuple[int | None, date]]:
    rows = [row for row in house.rows()["delivery"] if row["kind"] == "lesson" and row["accepted_at"]]
    zone = house.look_up().zone
    rows.sort(key=lambda row: (row["accepted_at"], row["slug"]))
    return [(int(row["slug"][-1]), local_date(row["accepted_at"], zone)) for row in rows]


def run(house: House, days: int) -> None:
    for _ in range(days * 4):
        house.forward(hours=6)


def test_the_diligent_get_a_lesson_a_day_and_finish(house: House) -> None:
    house.enrol()
    for day in (1, 2, 3):
        house.person.post(f"{house.learn_url()}/dough-{day}/complete")
        house.forward(minutes=5 if day == 3 else 60 * 24 + 120 * (day == 1))
    assert [day.day for _, day in lesson_days(house)] == [23, 24, 25]
    assert house.mails("finished")
    run(house, 14)
    assert not house.mails("nudge")


def test_who_pauses_ten_days_goes_on_with_one_a_day_and_misses_none(house: House) -> None:
    house.enrol()
    page = act(house, "pause", {"days": "10"})
    assert "Saved. The course is paused until Friday 3 April at 8:0" in words(page)
    assert re.search(r"Friday 3 April at 8:0\d · because your pause ends then", words(page))
    run(house, 14)
    assert lesson_days(house) == [(1, date(2026, 3, 23)), (2, date(2026, 4, 3)), (3, date(2026, 4, 4))]


def test_a_pause_can_be_taken_back_at_once(house: House) -> None:
    house.enrol()
    page = act(house, "pause", {"days": "7"})
    assert 'form="take-back"' in page.text
    assert 'id="take-back" method="post" action="' + house.learn_url() + '/resume"' in page.text
    assert "Your course goes on. Day 2 comes on Tuesday 24 March" in words(act(house, "resume"))


def test_settings_tell_what_changed_and_can_be_had_back(house: House) -> None:
    house.enrol()
    before = house.look_up()
    page = act(house, "settings", {"hour": "21", "zone": "Asia/Tokyo", "max_open": "2"})
    assert "New: they come at 21:00; the clock is Tokyo time; no more than 2 unfinished at a time." in words(page)
    undo: dict[str, str | list[str]] = dict(
        re.findall(r'name="(\w+)" value="([^"]*)"', page.text.partition('id="take-back"')[2])
    )
    act(house, "settings", undo | {"weekdays": list("0123456")})
    after = house.look_up()
    assert [getattr(after, field) for field in ("zone", "hour", "weekdays", "pace", "max_open", "tracking")] == [
        getattr(before, field) for field in ("zone", "hour", "weekdays", "pace", "max_open", "tracking")
    ]


def test_the_plan_says_that_week_ends_are_skipped(house: House) -> None:
    house.enrol()
    house.forward(days=3)
    page = act(house, "settings", {"weekdays": list("01234")})
    assert re.search(r"Friday 27 March at 8:0\d · because you take one a day", words(page))
    house.forward(days=1, hours=1)
    page = house.person.look(house.learn_url())
    assert not house.mails("nudge")
    assert len(lesson_days(house)) == 3 or "because you skip week-ends" in words(page)


@pytest.mark.parametrize(
    "zones", [("Pacific/Kiritimati", "Pacific/Honolulu"), ("Pacific/Honolulu", "Pacific/Kiritimati")]
)
def test_the_traveller_over_the_date_line_gets_each_lesson_once_on_days_of_their_own(
    house: House, zones: tuple[str, str]
) -> None:
    house.enrol(zone=zones[0])
    run(house, 1)
    act(house, "settings", {"zone": zones[1]})
    run(house, 5)
    days = lesson_days(house)
    assert [day for day, _ in days] == [1, 2, 3]
    assert len({on for _, on in days}) == 3


def test_who_only_wants_to_go_on_when_done_can_read_it_all_in_one_evening(house: House) -> None:
    house.enrol()
    page = act(house, "settings", {"pace": "on-completion"})
    assert "as soon as you mark day 1 complete" in words(page)
    run(house, 2)
    assert len(lesson_days(house)) == 1
    for day in (1, 2, 3):
        house.person.post(f"{house.learn_url()}/dough-{day}/complete")
        house.step()
    assert [day for day, _ in lesson_days(house)] == [1, 2, 3]
    assert house.mails("finished")
    assert not house.mails("nudge")


def test_one_at_a_time_brings_one_nudge_then_nothing_then_goes_on(house: House) -> None:
    house.enrol()
    page = act(house, "settings", {"max_open": "1"})
    assert "If nothing is done, one reminder comes on Thursday 26 March at 8:0" in words(page)
    run(house, 20)
    assert len(house.mails("nudge")) == 1
    assert len(lesson_days(house)) == 1
    house.person.post(f"{house.learn_url()}/dough-1/complete")
    run(house, 1)
    assert [day for day, _ in lesson_days(house)] == [1, 2]
    run(house, 9)
    assert len(house.mails("nudge")) == 2
    assert len({mail.delivery for mail in house.mails("nudge")}) == 2


def test_who_had_every_lesson_and_completed_none_is_reminded_once(house: House) -> None:
    house.enrol()
    run(house, 30)
    assert len(lesson_days(house)) == 3
    assert len(house.mails("nudge")) == 1


def test_the_next_one_now_is_one_lesson_however_often_it_is_asked(house: House) -> None:
    house.enrol()
    for fields in ({"lesson": "dough-2"}, {"lesson": "dough-2"}, {}, {}):
        page = act(house, "next", fields)
    assert "No further lesson was sent" in words(page)
    assert [day for day, _ in lesson_days(house)] == [1, 2]
    run(house, 2)
    assert lesson_days(house)[2] == (3, date(2026, 3, 24))
    house.forward(minutes=5)
    assert "No further lesson was sent. Every lesson has been sent." in words(act(house, "next"))


def test_asking_for_the_next_one_ends_a_pause_and_says_so(house: House) -> None:
    house.enrol()
    act(house, "pause")
    assert "your pause has ended" in words(act(house, "next"))
    assert house.look_up().state == "active"
    assert len(lesson_days(house)) == 2


def test_nothing_more_is_sent_to_who_has_left(house: House) -> None:
    house.enrol()
    house.person.post(house.unsubscribe_url())
    before = house.rows()
    for deed in ("next", "pause", "resume"):
        assert "You have left the course" in words(act(house, deed)) or deed == "resume"
    assert house.rows() == before


def test_beginning_again_keeps_the_record_and_old_links_open_the_new_round(house: House) -> None:
    house.enrol()
    old, old_leave = house.learn_url(), house.unsubscribe_url()
    house.person.post(f"{old}/dough-1/complete")
    run(house, 2)
    assert "You begin again with day 1" in words(act(house, "restart"))
    assert "There is nothing to begin again" in words(act(house, "restart"))
    enrolment = house.look_up()
    assert (enrolment.round, enrolment.state) == (2, "active")
    assert [row["lesson"] for row in house.rows()["completion"]] == ["dough-1"]
    page = words(house.person.look(old))
    assert "0 of 3 days complete" in page
    assert "From 23 March 2026: 1 of 3 days complete, 0 items ticked." in page
    house.person.post(old_leave)
    assert house.look_up().state == "left"
    sent = len(house.mails("lesson"))
    run(house, 5)
    assert len(house.mails("lesson")) == sent


def test_who_begins_again_after_the_end_sees_what_comes_next_and_keeps_the_certificate(house: House) -> None:
    take_all(house)
    (certificate,) = house.rows()["certificate"]
    assert 'aria-labelledby="next"' not in house.person.look(house.learn_url()).text
    act(house, "restart")
    for day in (1, 2):
        page = house.person.look(house.learn_url())
        assert re.search(rf'<section class="card next".*href="{house.learn_url()}/dough-{day}"', page.text, re.S)
        assert f"Day {day} is here" in page.text
        assert "You have finished the course" not in page.text
        assert house.person.look(f"/certificates/{certificate['serial']}").status == 200
        assert f'href="/certificates/{certificate["serial"]}"' in page.text
        house.person.post(f"{house.learn_url()}/dough-{day}/complete")
        assert f"Next: day {day + 1}" in house.person.look(house.learn_url()).text
        house.next_lesson()
    house.person.post(f"{house.learn_url()}/dough-3/complete")
    assert len(house.rows()["certificate"]) == 2
    page = house.person.look(house.learn_url())
    assert all(f'href="/certificates/{row["serial"]}"' in page.text for row in house.rows()["certificate"])


def test_a_limit_that_cannot_be_is_refused(house: House) -> None:
    house.enrol()
    before = house.rows()
    for limit in ("0", "-1", "100", "many", "1.5", "²", "\0", "9" * 5000):
        page = house.person.post(f"{house.learn_url()}/settings", {"max_open": limit})
        assert page.status == 422
        assert "Please give a number of days from 1 to 99" in page.text
    assert house.rows() == before


def test_what_the_address_claims_to_have_changed_is_told_only_if_it_can_be(house: House) -> None:
    house.enrol()
    for query in (
        "changed=settings&zone=Mars",
        "changed=<b>",
        "changed=paused",
        "changed=settings&hour=9",
    ):
        page = house.person.look(f"{house.learn_url()}?{query}")
        assert page.status == 200
        assert 'role="status"' not in page.text


def test_what_one_said_one_would_do_is_ticked_on_the_course_page_too(house: House) -> None:
    house.enrol()
    page = house.person.look(house.learn_url())
    item = house.course.lessons[0].items[0].key
    assert page.text.count('form="tick"') == 2
    fields = {"item": item, "done": "1", "back": "course"}
    page = house.person.post(f"{house.learn_url()}/dough-1/checklist", fields)
    assert page.text.count('form="untick"') == 1
    assert page.text.count('form="tick"') == 1
    assert house.person.look(house.learn_url()).first_deed.endswith("/settings")
