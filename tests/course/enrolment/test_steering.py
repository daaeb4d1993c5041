"""Stories of learners who steer their course, in virtual time."""

import re
from collections.abc import Mapping
from datetime import date
from typing import cast

import pytest

from course.schedule.rhythm import local_date
from mailer.sending.plan import planning_step
from tests.support.world.person import Page
from tests.support.world.world import World
from tests.web.learner.test_lessons import take_all

# One kind is enough: nothing here rests on what the databases do differently.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def act(world: World, deed: str, fields: Mapping[str, str | list[str]] | None = None) -> Page:
    page = world.person.post(f"{world.learn_url()}/{deed}", cast(Mapping[str, str], fields or {}))
    world.step()
    return page


def words(page: Page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.text)).replace("&nbsp;", " ")


def lesson_days(world: World) -> list[tuple[int | None, date]]:
    rows = [row for row in world.rows()["delivery"] if row["kind"] == "lesson" and row["accepted_at"]]
    zone = world.look_up().zone
    rows.sort(key=lambda row: (row["accepted_at"], row["slug"]))
    return [(int(row["slug"][-1]), local_date(row["accepted_at"], zone)) for row in rows]


def run(world: World, days: int) -> None:
    for _ in range(days * 4):
        world.forward(hours=6)


def test_the_diligent_get_a_lesson_a_day_and_finish(world: World) -> None:
    world.enrol()
    for day in (1, 2, 3):
        world.person.post(f"{world.learn_url()}/dough-{day}/complete")
        world.forward(minutes=5 if day == 3 else 60 * 24 + 120 * (day == 1))
    assert [day.day for _, day in lesson_days(world)] == [23, 24, 25]
    assert world.mails("finished")
    run(world, 14)
    assert not world.mails("nudge")


def test_who_pauses_ten_days_goes_on_with_one_a_day_and_misses_none(world: World) -> None:
    world.enrol()
    page = act(world, "pause", {"days": "10"})
    assert "Saved. The course is paused until Friday 3 April." in words(page)
    assert re.search(r"Friday 3 April at 8:0\d · because your pause ends then", words(page))
    run(world, 14)
    assert lesson_days(world) == [(1, date(2026, 3, 23)), (2, date(2026, 4, 3)), (3, date(2026, 4, 4))]


def test_a_pause_can_be_taken_back_at_once(world: World) -> None:
    world.enrol()
    page = act(world, "pause", {"days": "7"})
    assert 'form="take-back"' in page.text
    assert 'id="take-back" method="post" action="' + world.learn_url() + '/resume"' in page.text
    assert "Your course goes on. Day 2 comes on Tuesday 24 March" in words(act(world, "resume"))


def test_settings_tell_what_changed_and_can_be_had_back(world: World) -> None:
    world.enrol()
    before = world.look_up()
    page = act(world, "settings", {"hour": "21", "zone": "Asia/Tokyo", "max_open": "2"})
    assert "New: they come at 21:00; the clock is Tokyo time; no more than 2 unfinished at a time." in words(page)
    undo: dict[str, str | list[str]] = dict(
        re.findall(r'name="(\w+)" value="([^"]*)"', page.text.partition('id="take-back"')[2])
    )
    act(world, "settings", undo | {"weekdays": list("0123456")})
    after = world.look_up()
    assert [getattr(after, field) for field in ("zone", "hour", "weekdays", "pace", "max_open", "tracking")] == [
        getattr(before, field) for field in ("zone", "hour", "weekdays", "pace", "max_open", "tracking")
    ]


def test_the_plan_says_that_week_ends_are_skipped(world: World) -> None:
    world.enrol()
    act(world, "pause", {"until": "2026-03-27"})
    page = act(world, "settings", {"weekdays": list("01234")})
    assert re.search(r"Friday 27 March at 8:0\d · because your pause ends then", words(page))
    assert re.search(r"Monday 30 March at 8:0\d · because you skip week-ends", words(page))


@pytest.mark.parametrize(
    "zones", [("Pacific/Kiritimati", "Pacific/Honolulu"), ("Pacific/Honolulu", "Pacific/Kiritimati")]
)
def test_the_traveller_over_the_date_line_gets_each_lesson_once_on_days_of_their_own(
    world: World, zones: tuple[str, str]
) -> None:
    world.enrol(zone=zones[0])
    run(world, 1)
    act(world, "settings", {"zone": zones[1]})
    run(world, 5)
    days = lesson_days(world)
    assert [day for day, _ in days] == [1, 2, 3]
    assert len({on for _, on in days}) == 3


def test_who_only_wants_to_go_on_when_done_can_read_it_all_in_one_evening(world: World) -> None:
    world.enrol()
    page = act(world, "settings", {"pace": "on-completion"})
    assert "as soon as you mark day 1 complete" in words(page)
    run(world, 2)
    assert len(lesson_days(world)) == 1
    for day in (1, 2, 3):
        world.person.post(f"{world.learn_url()}/dough-{day}/complete")
        world.step()
    assert [day for day, _ in lesson_days(world)] == [1, 2, 3]
    assert world.mails("finished")
    assert not world.mails("nudge")


def test_one_at_a_time_brings_one_nudge_then_nothing_then_goes_on(world: World) -> None:
    world.enrol()
    page = act(world, "settings", {"max_open": "1"})
    assert "If nothing is done, one reminder comes on Thursday 26 March at 8:0" in words(page)
    run(world, 20)
    assert len(world.mails("nudge")) == 1
    assert len(lesson_days(world)) == 1
    world.person.post(f"{world.learn_url()}/dough-1/complete")
    run(world, 1)
    assert [day for day, _ in lesson_days(world)] == [1, 2]
    run(world, 9)
    assert len(world.mails("nudge")) == 2
    assert len({mail.delivery for mail in world.mails("nudge")}) == 2


def test_who_had_every_lesson_and_completed_none_is_reminded_once(world: World) -> None:
    world.enrol()
    run(world, 30)
    assert len(lesson_days(world)) == 3
    assert len(world.mails("nudge")) == 1


def test_the_next_one_now_is_one_lesson_however_often_it_is_asked(world: World) -> None:
    world.enrol()
    for fields in ({"lesson": "dough-2"}, {"lesson": "dough-2"}, {}, {}):
        page = act(world, "next", fields)
    assert "No further lesson was sent" in words(page)
    assert [day for day, _ in lesson_days(world)] == [1, 2]
    run(world, 2)
    assert lesson_days(world)[2] == (3, date(2026, 3, 24))
    world.forward(minutes=5)
    assert "No further lesson was sent. Every lesson has been sent." in words(act(world, "next"))


def test_asking_for_the_next_one_ends_a_pause_and_says_so(world: World) -> None:
    world.enrol()
    act(world, "pause")
    assert "your pause has ended" in words(act(world, "next"))
    assert world.look_up().state == "active"
    assert len(lesson_days(world)) == 2


def test_nothing_more_is_sent_to_who_has_left(world: World) -> None:
    world.enrol()
    world.person.post(world.unsubscribe_url())
    before = world.rows()
    for deed in ("next", "pause", "resume"):
        assert "You have left the course" in words(act(world, deed)) or deed == "resume"
    assert world.rows() == before


def test_beginning_again_keeps_the_record_and_old_links_open_the_new_round(world: World) -> None:
    world.enrol()
    old, old_leave = world.learn_url(), world.unsubscribe_url()
    world.person.post(f"{old}/dough-1/complete")
    run(world, 2)
    assert "You begin again with day 1" in words(act(world, "restart"))
    assert "There is nothing to begin again" in words(act(world, "restart"))
    enrolment = world.look_up()
    assert (enrolment.round, enrolment.state) == (2, "active")
    assert [row["lesson"] for row in world.rows()["completion"]] == ["dough-1"]
    page = words(world.person.look(old))
    assert "0 of 3 days complete" in page
    assert "From 23 March 2026: 1 of 3 days complete, 0 items ticked." in page
    world.person.post(old_leave)
    assert world.look_up().state == "left"
    sent = len(world.mails("lesson"))
    run(world, 5)
    assert len(world.mails("lesson")) == sent


def test_who_begins_again_after_the_end_sees_what_comes_next_and_keeps_the_certificate(world: World) -> None:
    take_all(world)
    (certificate,) = world.rows()["certificate"]
    assert 'aria-labelledby="next"' not in world.person.look(world.learn_url()).text
    act(world, "restart")
    for day in (1, 2):
        page = world.person.look(world.learn_url())
        assert re.search(rf'<section class="card next".*href="{world.learn_url()}/dough-{day}"', page.text, re.S)
        assert f"Day {day} is here" in page.text
        assert "You have finished the course" not in page.text
        assert world.person.look(f"/certificates/{certificate['serial']}").status == 200
        assert f'href="/certificates/{certificate["serial"]}"' in page.text
        world.person.post(f"{world.learn_url()}/dough-{day}/complete")
        assert f"Next: day {day + 1}" in world.person.look(world.learn_url()).text
        world.next_lesson()
    world.person.post(f"{world.learn_url()}/dough-3/complete")
    assert len(world.rows()["certificate"]) == 2
    page = world.person.look(world.learn_url())
    assert all(f'href="/certificates/{row["serial"]}"' in page.text for row in world.rows()["certificate"])


def test_a_limit_that_cannot_be_is_refused(world: World) -> None:
    world.enrol()
    before = world.rows()
    for limit in ("0", "-1", "100", "many", "1.5", "²", "\0", "9" * 5000):
        page = world.person.post(f"{world.learn_url()}/settings", {"max_open": limit})
        assert page.status == 422
        assert "Please give a number of days from 1 to 99" in page.text
    assert world.rows() == before


def test_what_the_address_claims_to_have_changed_is_told_only_if_it_can_be(world: World) -> None:
    world.enrol()
    for query in (
        "changed=settings&zone=Mars",
        "changed=<b>",
        "changed=paused",
        "changed=settings&hour=9",
    ):
        page = world.person.look(f"{world.learn_url()}?{query}")
        assert page.status == 200
        assert 'role="status"' not in page.text


def test_what_one_said_one_would_do_is_ticked_on_the_course_page_too(world: World) -> None:
    world.enrol()
    page = world.person.look(world.learn_url())
    item = world.course.lessons[0].items[0].key
    assert page.text.count('form="tick"') == 2
    fields = {"item": item, "done": "1", "back": "course"}
    page = world.person.post(f"{world.learn_url()}/dough-1/checklist", fields)
    assert page.text.count('form="untick"') == 1
    assert page.text.count('form="tick"') == 1
    assert world.person.look(world.learn_url()).first_deed.endswith("/settings")


def test_what_waits_to_be_sent_does_not_come_in_a_pause(world: World) -> None:
    """The workers are away while the first lesson is due, and are back before it is late."""
    page = world.enrol()
    world.clock.forward(days=1, hours=2)
    planning_step(world.runtime)
    world.person.post(f"{page.url}/pause", {"days": "3"})
    world.step()
    assert [mail.day for mail in world.mails("lesson")] == [1]
    world.forward(days=4)
    assert [mail.day for mail in world.mails("lesson")] == [1, 2]
