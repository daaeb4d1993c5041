"""Pixel and click links: the reader comes first, and only our own links lead anywhere."""

import re
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import text

from course.db import BUSY_MILLISECONDS
from tests.support.world.sample_course import SLUG
from tests.support.world.world import World
from web.site.tracking import PIXEL

READER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


def pixel(world: World) -> str:
    return _found(r"http[^\"]*/o/[^\"]*\.gif", world)


def outward(world: World) -> str:
    """The click link of the mail that leads to another site."""
    for link in re.findall(r'http[^"]*/c/[^"]*', world.mails("lesson")[0].html):
        target = world.app.test_client().head(link).headers["Location"]
        if target.startswith("https://mill.example.com"):
            return str(link)
    raise AssertionError("no link leads to the mill")


def _found(pattern: str, world: World) -> str:
    found = re.search(pattern, world.mails("lesson")[0].html)
    assert found
    return found[0]


def events(world: World) -> list[tuple[str, str]]:
    return [(row["kind"], row["verdict"]) for row in world.rows()["event"]]


def test_an_open_and_a_click_are_recorded_with_their_verdict(world: World) -> None:
    world.enrol()
    link = outward(world)
    world.clock.forward(minutes=5)
    client = world.app.test_client()
    assert client.get(pixel(world), headers=READER).data == PIXEL
    answer = client.get(link, headers=READER)
    assert (answer.status_code, answer.headers["Location"]) == (302, "https://mill.example.com/flour?a=1&b=2")
    assert {("opened", "human"), ("clicked", "human")} <= set(events(world))


def test_a_head_request_is_served_and_counts_as_a_machine(world: World) -> None:
    world.enrol()
    world.clock.forward(minutes=5)
    client = world.app.test_client()
    assert client.head(pixel(world), headers=READER).status_code == 200
    outward(world)
    assert {verdict for _, verdict in events(world)} == {"machine"}


@pytest.mark.parametrize("agent", ["", "x" * 100_000, "\x7f\x01", "<script>", "ÿþ"])
def test_any_agent_is_served(world: World, agent: str) -> None:
    world.enrol()
    assert world.app.test_client().get(pixel(world), headers={"User-Agent": agent}).data == PIXEL
    assert len(events(world)) == 1


@pytest.mark.parametrize("token", ["x", "A" * 64, "%00", "💌", "x" * 10_000])
def test_a_pixel_with_an_altered_token_still_answers_with_its_picture_and_records_nothing(
    world: World, token: str
) -> None:
    world.enrol()
    before = world.rows()
    own = pixel(world)
    for url in (f"/o/{token}.gif", own.replace(".gif", "A.gif"), f"{own[:-5]}.gif"):
        answer = world.app.test_client().get(url)
        if token != "%00" or url == own:
            assert (answer.status_code, answer.data, answer.mimetype) == (200, PIXEL, "image/gif")
    assert world.rows() == before


def test_a_click_with_an_altered_mark_leads_on_and_records_nothing(world: World) -> None:
    world.enrol()
    link = outward(world)
    before = world.rows()
    head, target = link.rsplit("/", 1)
    answer = world.app.test_client().get(f"{head}x/{target}")
    assert answer.headers["Location"].startswith("https://mill.example.com/")
    assert world.rows() == before


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "~/dough-1", "x", "%68ttps:evil"])
def test_no_address_but_our_own_is_followed(world: World, target: str) -> None:
    world.enrol()
    head, own = outward(world).rsplit("/", 1)
    for segment in (target, own[:-1], own + "A", own[::-1]):
        answer = world.app.test_client().get(f"{head}/{segment}", headers=READER)
        assert answer.status_code == 404
        assert "Location" not in answer.headers


def test_the_way_to_a_page_of_the_learners_own_needs_the_mails_own_mark(world: World) -> None:
    world.enrol()
    for link in re.findall(r'http[^"]*/c/[^"]*', world.mails("lesson")[0].html):
        head, target = link.rsplit("/", 1)
        answer = world.app.test_client().get(f"{head}x/{target}")
        assert "/learn/" not in answer.headers.get("Location", "")


def test_pixel_and_click_serve_the_reader_when_events_cannot_be_stored(world: World) -> None:
    world.enrol()
    link = outward(world)
    with world.runtime.db.write() as session:
        session.execute(text("DROP TABLE event"))
    client = world.app.test_client()
    assert client.get(pixel(world), headers=READER).data == PIXEL
    assert client.get(link, headers=READER).status_code == 302


def test_pixel_and_click_do_not_wait_for_a_locked_database(world: World) -> None:
    world.enrol()
    link, client = outward(world), world.app.test_client()
    lock = "" if world.runtime.db.url.startswith("sqlite") else "LOCK TABLE event IN ACCESS EXCLUSIVE MODE"
    with world.runtime.db.write() as session:
        session.execute(text(lock or "SELECT 1"))
        began = monotonic()
        assert client.get(pixel(world), headers=READER).data == PIXEL
        assert client.get(link, headers=READER).status_code == 302
        assert (monotonic() - began) * 1000 < BUSY_MILLISECONDS, "as long as a deed waits for its turn"
    seen = len(events(world))
    client.get(link, headers=READER)
    assert len(events(world)) == seen + 1


def test_where_tracking_is_off_the_links_of_earlier_mails_lead_on_and_record_nothing(
    world: World, tmp_path: Path
) -> None:
    world.enrol()
    link = outward(world)
    before = world.rows()
    settings = world.runtime.settings
    object.__setattr__(settings, "tracking", "off")
    client = world.app.test_client()
    assert client.get(link, headers=READER).status_code == 302
    assert client.get(pixel(world), headers=READER).data == PIXEL
    assert world.rows() == before


def test_a_course_that_stops_counting_marks_no_more_mails(world: World, tmp_path: Path) -> None:
    world.enrol()
    course_md = tmp_path / "lessons" / SLUG / "course.md"
    course_md.write_text(course_md.read_text().replace("sender:", "tracking: off\nsender:"))
    world.publish()
    world.next_lesson()
    before, after = world.mails("lesson")
    assert "/o/" in before.html
    assert not re.search("/[oc]/", after.html)
    recorded = world.rows()["event"]
    assert world.app.test_client().get(pixel(world), headers=READER).data == PIXEL
    assert world.rows()["event"] == recorded
