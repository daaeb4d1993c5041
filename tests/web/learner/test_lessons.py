"""Lessons, ticks and completion in the learner's hands, two tabs open."""

import re

import pytest
from sqlalchemy import text

from course.content.course import Effort
from tests.support.world.sample_course import DAYS
from tests.support.world.world import World


def lesson(world: World, day: int = 1) -> str:
    return f"{world.learn_url()}/dough-{day}"


def item(world: World) -> str:
    return world.course.lessons[0].items[0].key


def take_all(world: World) -> None:
    world.enrol()
    world.complete_all()


@pytest.mark.parametrize("deed", ["checklist", "complete", "settings", "pause", "resume", "export", "erase"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_a_deeds_address_does_nothing(world: World, deed: str, method: str) -> None:
    world.enrol()
    before, client = world.rows(), world.app.test_client()
    for url in (f"{world.learn_url()}/{deed}", f"{lesson(world)}/{deed}"):
        assert client.open(url, method=method).status_code in (404, 405)
    assert world.rows() == before


def test_looking_at_pages_stores_the_first_visit_of_a_lesson_and_nothing_else(world: World) -> None:
    world.enrol()
    before = world.rows()
    world.app.test_client().head(lesson(world))
    assert world.rows() == before
    for url in (world.learn_url(), lesson(world), lesson(world), lesson(world, 2)):
        assert world.person.look(url).status == 200
    after = world.rows()
    assert len(after.pop("visit")) == 1
    assert after == {name: rows for name, rows in before.items() if name != "visit"}


def test_a_lesson_is_shown_even_where_no_visit_can_be_noted(world: World) -> None:
    world.enrol()
    url = lesson(world)
    with world.runtime.db.write() as session:
        session.execute(text("DROP TABLE visit"))
        session.execute(
            text("CREATE TABLE visit (enrolment_id INTEGER, lesson TEXT, visited_at INTEGER, x INTEGER NOT NULL)")
        )
    assert world.person.look(url).status == 200


def test_a_lesson_that_has_not_come_shows_its_day_and_takes_no_deeds(world: World) -> None:
    world.enrol()
    before = world.rows()
    page = world.person.look(lesson(world, 2))
    assert "has not come yet" in page.text
    assert "Tuesday 24 March at 8:" in page.text
    for deed in ("complete", "checklist"):
        assert world.person.post(f"{lesson(world, 2)}/{deed}", {"item": item(world), "done": "1"}).status == 404
    assert world.rows() == before


def test_ticks_in_two_tabs_end_as_the_last_one_said(world: World) -> None:
    world.enrol()
    for done in ("1", "1", "0", "0", "1"):
        assert world.person.post(f"{lesson(world)}/checklist", {"item": item(world), "done": done}).status == 200
        assert len(world.rows()["tick"]) == int(done)
    assert "1</span> of 2 done" in world.person.look(lesson(world)).text


def test_an_item_that_was_edited_away_cannot_be_ticked_and_the_others_keep_their_ticks(world: World) -> None:
    world.enrol()
    keys = [known.key for known in world.course.lessons[0].items]
    for key in keys:
        world.person.post(f"{lesson(world)}/checklist", {"item": key, "done": "1"})
    file = world.lessons_dir / "bread-at-home" / "1-dough-1.md"
    file.write_text(file.read_text().replace("Weigh the **flour**", "Weigh the water"))
    world.publish()
    page = world.person.post(f"{lesson(world)}/checklist", {"item": keys[0], "done": "1"})
    assert page.status == 404
    assert "no longer on the checklist" in page.text
    assert "1</span> of 2 done" in world.person.look(lesson(world)).text


def test_completing_from_two_tabs_is_completing_once(world: World) -> None:
    take_all(world)
    for _ in range(2):
        assert world.person.post(f"{lesson(world, DAYS)}/complete").status == 200
    world.step()
    rows = world.rows()
    assert len(rows["certificate"]) == 1
    assert len(rows["completion"]) == DAYS
    assert len(world.mails("finished")) == 1
    assert world.person.look(world.mails("finished")[0].link("/certificates/")).status == 200


def test_who_leaves_and_then_completes_has_the_certificate_without_a_mail(world: World) -> None:
    world.enrol()
    for _ in range(1, DAYS):
        world.next_lesson()
    world.person.post(world.unsubscribe_url())
    for day in range(1, DAYS + 1):
        world.person.post(f"{lesson(world, day)}/complete")
    world.forward(hours=1)
    assert world.look_up().state == "left"
    assert not world.mails("finished")
    assert len(world.rows()["certificate"]) == 1
    world.person.post(f"{world.unsubscribe_url()}/undo")
    assert world.look_up().state == "finished"


def test_a_certificate_tells_no_address_and_has_no_links_that_lead_nowhere(world: World) -> None:
    take_all(world)
    serial = world.rows()["certificate"][0]["serial"]
    page = world.person.look(f"/certificates/{serial}")
    assert "Ada" in page.text
    assert "ada@example.org" not in page.text
    assert world.person.look(f"/certificates/{serial.lower()}").status == 200
    for address in re.findall(r'href="(/[^"]*|http://127[^"]*)"', page.text):
        assert world.person.look(address).status == 200, address


NO_SERIALS: tuple[str, ...] = (
    "",
    "x",
    "0000-0000-0000-0000",
    "A" * 5000,
    "ß",
    "%00",
    "%2e%2e",
    "ABCD EFGH",
    "💌",
)


def test_any_other_serial_is_not_found(world: World) -> None:
    take_all(world)
    for serial in NO_SERIALS:
        assert world.person.look(f"/certificates/{serial}").status == 404


NO_SLUGS: tuple[str, ...] = (
    "none",
    "flour%00",
    "../1-dough-1",
    "%2e%2e",
    "x" * 5000,
)


def test_articles_and_lessons_that_are_not_there_are_not_found(world: World) -> None:
    world.enrol()
    for slug in NO_SLUGS:
        assert world.person.look(f"{world.learn_url()}/articles/{slug}").status == 404
        assert world.person.look(f"{world.learn_url()}/{slug}").status == 404


def test_a_page_that_is_not_there_leads_the_learner_back_to_their_course_and_nobody_else(world: World) -> None:
    world.enrol()
    back = f'href="{world.learn_url()}">Open my course page'
    for path in ("withdrawn-since", "articles/withdrawn-since"):
        assert back in world.person.look(f"{world.learn_url()}/{path}").text
    assert "Open my course page" not in world.person.look(f"{world.learn_url()}x/withdrawn-since").text
    old = world.learn_url()
    world.person.post(f"{old}/renew")
    assert world.learn_url() not in world.person.look(f"{old}/withdrawn-since").text


def test_a_name_is_text_wherever_an_author_puts_it(world: World) -> None:
    world.enrol(name="<i>Ada</i> {{ name }}")
    for url in (lesson(world), f"{world.learn_url()}/articles/flour", world.learn_url()):
        page = world.person.look(url)
        assert "<i>Ada" not in page.text
        assert "&lt;i&gt;Ada&lt;/i&gt; {{ name }}" in page.text


@pytest.mark.parametrize("parts", [(4.4, 4.4, 0.0, 3), (0.2, 4.5, 0.2, 0), (0.0, 4.5, 0.0, 1), (7.5, 0.0, 2.5, 5)])
def test_the_minutes_of_reading_watching_and_doing_add_up(parts: tuple[float, float, float, int]) -> None:
    effort = Effort(*parts)
    assert sum(effort.shares) == effort.minutes
    assert min(effort.shares) >= 0
