"""Lessons, ticks and completion in the learner's hands, two tabs open."""

import re

import pytest
from sqlalchemy import text

from course.content.course import Effort
from tests.support.world.sample_course import DAYS
from tests.support.world.world import House


def lesson(house: House, day: int = 1) -> str:
    return f"{house.learn_url()}/dough-{day}"


def item(house: House) -> str:
    return house.course.lessons[0].items[0].key


def take_all(house: House) -> None:
    house.enrol()
    house.complete_all()


@pytest.mark.parametrize("deed", ["checklist", "complete", "settings", "pause", "resume", "export", "erase"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_a_deeds_address_does_nothing(house: House, deed: str, method: str) -> None:
    house.enrol()
    before, client = house.rows(), house.app.test_client()
    for url in (f"{house.learn_url()}/{deed}", f"{lesson(house)}/{deed}"):
        assert client.open(url, method=method).status_code in (404, 405)
    assert house.rows() == before


def test_looking_at_pages_stores_the_first_visit_of_a_lesson_and_nothing_else(house: House) -> None:
    house.enrol()
    before = house.rows()
    house.app.test_client().head(lesson(house))
    assert house.rows() == before
    for url in (house.learn_url(), lesson(house), lesson(house), lesson(house, 2)):
        assert house.person.look(url).status == 200
    after = house.rows()
    assert len(after.pop("visit")) == 1
    assert after == {name: rows for name, rows in before.items() if name != "visit"}


def test_a_lesson_is_shown_even_where_no_visit_can_be_noted(house: House) -> None:
    house.enrol()
    url = lesson(house)
    with house.runtime.db.write() as session:
        session.execute(text("DROP TABLE visit"))
        session.execute(
            text("CREATE TABLE visit (enrolment_id INTEGER, lesson TEXT, visited_at INTEGER, x INTEGER NOT NULL)")
        )
    assert house.person.look(url).status == 200


def test_a_lesson_that_has_not_come_shows_its_day_and_takes_no_deeds(house: House) -> None:
    house.enrol()
    before = house.rows()
    page = house.person.look(lesson(house, 2))
    assert "has not come yet" in page.text
    assert "Tuesday 24 March at 8:" in page.text
    for deed in ("complete", "checklist"):
        assert house.person.post(f"{lesson(house, 2)}/{deed}", {"item": item(house), "done": "1"}).status == 404
    assert house.rows() == before


def test_ticks_in_two_tabs_end_as_the_last_one_said(house: House) -> None:
    house.enrol()
    for done in ("1", "1", "0", "0", "1"):
        assert house.person.post(f"{lesson(house)}/checklist", {"item": item(house), "done": done}).status == 200
        assert len(house.rows()["tick"]) == int(done)
    assert "1</span> of 2 done" in house.person.look(lesson(house)).text


def test_an_item_that_was_edited_away_cannot_be_ticked_and_the_others_keep_their_ticks(house: House) -> None:
    house.enrol()
    keys = [known.key for known in house.course.lessons[0].items]
    for key in keys:
        house.person.post(f"{lesson(house)}/checklist", {"item": key, "done": "1"})
    file = house.lessons_dir / "bread-at-home" / "1-dough-1.md"
    file.write_text(file.read_text().replace("Weigh the **flour**", "Weigh the water"))
    house.publish()
    page = house.person.post(f"{lesson(house)}/checklist", {"item": keys[0], "done": "1"})
    assert page.status == 404
    assert "no longer on the checklist" in page.text
    assert "1</span> of 2 done" in house.person.look(lesson(house)).text


def test_completing_from_two_tabs_is_completing_once(house: House) -> None:
    take_all(house)
    for _ in range(2):
        assert house.person.post(f"{lesson(house, DAYS)}/complete").status == 200
    house.step()
    rows = house.rows()
    assert len(rows["certificate"]) == 1
    assert len(rows["completion"]) == DAYS
    assert len(house.mails("finished")) == 1
    assert house.person.look(house.mails("finished")[0].link("/certificates/")).status == 200


def test_who_leaves_and_then_completes_has_the_certificate_without_a_mail(house: House) -> None:
    house.enrol()
    for _ in range(1, DAYS):
        house.next_lesson()
    house.person.post(house.unsubscribe_url())
    for day in range(1, DAYS + 1):
        house.person.post(f"{lesson(house, day)}/complete")
    house.forward(hours=1)
    assert house.look_up().state == "left"
    assert not house.mails("finished")
    assert len(house.rows()["certificate"]) == 1
    house.person.post(f"{house.unsubscribe_url()}/undo")
    assert house.look_up().state == "finished"


def test_a_certificate_tells_no_address_and_has_no_links_that_lead_nowhere(house: House) -> None:
    take_all(house)
    serial = house.rows()["certificate"][0]["serial"]
    page = house.person.look(f"/certificates/{serial}")
    assert "Ada" in page.text
    assert "ada@example.org" not in page.text
    assert house.person.look(f"/certificates/{serial.lower()}").status == 200
    for address in re.findall(r'href="(/[^"]*|http://127[^"]*)"', page.text):
        assert house.person.look(address).status == 200, address


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


def test_any_other_serial_is_not_found(house: House) -> None:
    take_all(house)
    for serial in NO_SERIALS:
        assert house.person.look(f"/certificates/{serial}").status == 404


NO_SLUGS: tuple[str, ...] = (
    "none",
    "flour%00",
    "../1-dough-1",
    "%2e%2e",
    "x" * 5000,
)


def test_articles_and_lessons_that_are_not_there_are_not_found(house: House) -> None:
    house.enrol()
    for slug in NO_SLUGS:
        assert house.person.look(f"{house.learn_url()}/articles/{slug}").status == 404
        assert house.person.look(f"{house.learn_url()}/{slug}").status == 404


def test_a_page_that_is_not_there_leads_the_learner_back_to_their_course_and_nobody_else(house: House) -> None:
    house.enrol()
    back = f'href="{house.learn_url()}">Open my course page'
    for path in ("withdrawn-since", "articles/withdrawn-since"):
        assert back in house.person.look(f"{house.learn_url()}/{path}").text
    assert "Open my course page" not in house.person.look(f"{house.learn_url()}x/withdrawn-since").text
    old = house.learn_url()
    house.person.post(f"{old}/renew")
    assert house.learn_url() not in house.person.look(f"{old}/withdrawn-since").text


def test_a_name_is_text_wherever_an_author_puts_it(house: House) -> None:
    house.enrol(name="<i>Ada</i> {{ name }}")
    for url in (lesson(house), f"{house.learn_url()}/articles/flour", house.learn_url()):
        page = house.person.look(url)
        assert "<i>Ada" not in page.text
        assert "&lt;i&gt;Ada&lt;/i&gt; {{ name }}" in page.text


@pytest.mark.parametrize("parts", [(4.4, 4.4, 0.0, 3), (0.2, 4.5, 0.2, 0), (0.0, 4.5, 0.0, 1), (7.5, 0.0, 2.5, 5)])
def test_the_minutes_of_reading_watching_and_doing_add_up(parts: tuple[float, float, float, int]) -> None:
    effort = Effort(*parts)
    assert sum(effort.shares) == effort.minutes
    assert min(effort.shares) >= 0
