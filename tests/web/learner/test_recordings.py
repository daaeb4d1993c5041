"""Films, recordings and documents on a lesson's page."""

import re

import pytest

from tests.support.author.films import mp3
from tests.support.world.world import World
from tests.web.learner.test_lessons import lesson

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LESSON = """---
title: Dough
subject: Dough
preheader: Dough.
---
![A talk](media/talk.mp3#t=30 "1:00")

[The plan](media/plan.xlsx)

![A film](http://youtu.be/dQw4w9WgXcQ?t=90 "3:32")

![Elsewhere](https://www.loom.com/share/0281766fa2d04bb788eaf19e65135184 "3:00")

- [ ] Weigh it
"""


def publish(world: World, text: str = LESSON) -> dict[str, str]:
    folder = next(world.lessons_dir.iterdir())
    (folder / "1-dough-1.md").write_text(text)
    (folder / "media/talk.mp3").write_bytes(mp3(60))
    (folder / "media/plan.xlsx").write_bytes(b"PK\x03\x04")
    world.publish()
    return {row["path"]: row["digest"] for row in world.rows()["media"]}


def test_a_recording_plays_on_the_page_and_a_document_is_saved_from_it(world: World) -> None:
    media = publish(world)
    world.enrol()
    page = world.person.look(lesson(world)).text
    assert f'<source src="/media/{media["media/talk.mp3"]}/talk.mp3#t=30" type="audio/mpeg">' in page
    assert "Recording, 1:00" in page
    assert f'href="/media/{media["media/plan.xlsx"]}/plan.xlsx" download' in page
    assert "XLSX file to download" in page
    assert "8 watching and listening" in page


def test_a_film_elsewhere_begins_where_its_address_says_or_is_a_card_with_a_link(world: World) -> None:
    publish(world)
    world.enrol()
    page = world.person.look(lesson(world))
    assert 'href="https://youtu.be/dQw4w9WgXcQ?t=90"' in page.text
    assert (
        'data-player="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&amp;rel=0&amp;start=90"'
        in (page.text)
    )
    assert page.text.count("data-player=") == 1
    assert "Video, 3:00, on Loom." in page.text
    assert "www.loom.com" not in page.headers["content-security-policy"]


def test_what_was_heard_is_kept_and_offered_again(world: World) -> None:
    publish(world)
    world.enrol()
    told = {"video": "media/talk.mp3#t=30", "stopped_at": "40", "seen": "ff"}
    assert world.person.post(f"{lesson(world)}/watch", told).status == 200
    page = world.person.look(lesson(world)).text
    assert re.search(r'href="/media/\w+/talk.mp3#t=40" class="screen" data-go-on="40">Go on at 0:40</a>', page)
    assert 'data-seen="ff"' in page


def test_a_lesson_that_is_only_heard_says_listening(world: World) -> None:
    publish(world, LESSON.replace("![A film]", "[A film]").replace("![Elsewhere]", "[Elsewhere]"))
    world.enrol()
    assert "1 listening" in world.person.look(lesson(world)).text
    assert "recording</li>" in world.person.look("/courses/bread-at-home").text
