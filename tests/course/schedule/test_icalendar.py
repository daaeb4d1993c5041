"""The sessions as a calendar file: RFC 5545 to the letter, and right when the plan has moved."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.schedule.icalendar import Appointment, calendar
from tests.support.world.world import World

MOMENT = datetime(2026, 3, 27, 7, 4, tzinfo=UTC)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def unfolded(file: bytes) -> list[str]:
    return file.decode().replace("\r\n ", "").split("\r\n")


def events(file: bytes) -> dict[str, dict[str, str]]:
    """By UID, each with its properties."""
    found = re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", "\r\n".join(unfolded(file)), re.S)
    each = [dict(line.split(":", 1) for line in event.strip().split("\r\n")) for event in found]
    return {event["UID"]: event for event in each}


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_title_is_escaped_and_folded_between_characters(title: str) -> None:
    file = calendar(title, [Appointment("1-a@x", MOMENT, 17, title, "https://x.example/a", MOMENT)])
    lines = file.split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 75 and b"\r" not in line and b"\n" not in line for line in lines)
    assert [line.decode() for line in lines]
    plain = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", re.sub(r"\r\n|\r", "\n", title))
    told = next(line for line in unfolded(file) if line.startswith("SUMMARY:")).removeprefix("SUMMARY:")
    assert re.sub(r"\\(.)", lambda sign: "\n" if sign[1] == "n" else sign[1], told) == plain


def test_a_moved_session_keeps_its_name_and_grows_its_sequence(world: World) -> None:
    world.enrol()
    world.forward(hours=1)
    client = world.app.test_client()
    url = f"{world.learn_url()}/calendar.ics"
    answer = client.get(url)
    assert answer.mimetype == "text/calendar"
    before = events(answer.data)
    assert client.get(url).data == answer.data
    world.forward(hours=1)
    world.person.post(f"{world.learn_url()}/pause", {"days": "3"})
    after = events(client.get(url).data)
    assert list(after) == list(before)
    assert len(after) == 3
    first, *moved = after
    assert after[first] == before[first]
    for uid in moved:
        assert after[uid]["DTSTART"] > before[uid]["DTSTART"]
        assert int(after[uid]["SEQUENCE"]) > int(before[uid]["SEQUENCE"])
        assert after[uid]["LAST-MODIFIED"] > before[uid]["LAST-MODIFIED"]
    assert before[first]["URL"].endswith("/courses/bread-at-home")


def test_who_begins_again_and_imports_anew_has_each_lesson_once_at_its_new_time(world: World) -> None:
    world.enrol()
    world.next_lesson()
    url, client = f"{world.learn_url()}/calendar.ics", world.app.test_client()
    before = events(client.get(url).data)
    world.forward(hours=1)
    world.person.post(f"{world.learn_url()}/restart")
    after = events(client.get(url).data)
    assert after.keys() == before.keys()
    for uid, event in after.items():
        assert int(event["SEQUENCE"]) > int(before[uid]["SEQUENCE"])
        assert event["DTSTART"] > before[uid]["DTSTART"]


def test_mails_lead_to_the_subscription_before_the_file(world: World) -> None:
    world.enrol()
    (mailed,) = {world.mails(kind)[0].link("#calendar") for kind in ("welcome", "lesson")}
    page = world.person.look(mailed.partition("#")[0]).text
    unfolded_part = page.partition('id="calendar" open>')[2].partition("</details>")[0]
    assert 0 < unfolded_part.find("webcal://") < unfolded_part.find("/calendar.ics")
    assert 'id="calendar">' in world.person.look(world.learn_url()).text


def test_the_subscription_shows_the_same_days_and_gives_no_learners_page_away(world: World) -> None:
    page = world.enrol()
    url = re.search(r'href="webcal://127.0.0.1:8000(/calendar/[^"]+)"', page.text)
    assert url is not None
    client = world.app.test_client()
    told = client.get(url[1]).data
    kept = client.get(f"{world.learn_url()}/calendar.ics").data
    assert [event["DTSTART"] for event in events(told).values()] == [
        event["DTSTART"] for event in events(kept).values()
    ]
    assert b"/learn/" not in told + kept
    assert client.get(f"/learn/{url[1].split('/')[-1].removesuffix('.ics')}").status_code == 404
    assert client.get(url[1].replace(".ics", "x.ics")).status_code == 404


def test_the_days_are_named_in_the_language_of_the_course(world: World, tmp_path: Path) -> None:
    course_md = tmp_path / "lessons/bread-at-home/course.md"
    course_md.write_text(course_md.read_text().replace("sender:", "language: de\nsender:"))
    world.publish()
    world.enrol()
    file = world.app.test_client().get(f"{world.learn_url()}/calendar.ics").data
    assert [event["SUMMARY"] for event in events(file).values()] == [
        f"Tag {day}: Day of the dough" for day in (1, 2, 3)
    ]
