"""A real site whose disk is full, or whose folder cannot be written to: it says so, and nobody loses a word."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest

from course.drafts.atomic import JOURNAL
from course.drafts.files import can_write
from course.drafts.folder import digest_of
from tests.support.author.poor_disk import MOST_BYTES, poor_site, read_only
from tests.support.author.studio import USERS, session_of
from tests.support.servers.redis_server import RedisServer
from tests.support.world.person import HttpBrowser, Page, Person
from tests.support.world.sample_course import SLUG, write_sample
from tests.support.world.world import World

COURSE = f"/studio/courses/{SLUG}"
EDIT = f"{COURSE}/edit/2-dough-2.md"
LESSON = f"{SLUG}/2-dough-2.md"


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory, published_sqlite: Path, redis_process: RedisServer
) -> Iterator[World]:
    place = tmp_path_factory.mktemp("poor")
    write_sample(place / "lessons")
    shutil.copyfile(published_sqlite, place / "dayletter.sqlite3")
    url = f"sqlite:///{place / 'dayletter.sqlite3'}"
    with closing(World(place / "var", url, redis_process.url, place / "lessons", STUDIO_USERS=USERS)) as built:
        yield built


@pytest.fixture(scope="module")
def author(world: World) -> Iterator[Person]:
    with poor_site(world) as address:
        yield Person(HttpBrowser(session_of(world, "author", datetime.now(UTC))), address)


def everything(world: World) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in world.lessons_dir.rglob("*") if path.is_file()}


def save(author: Person, text: str) -> Page:
    _, fields = author.look(EDIT).form_fields()
    return author.post(EDIT, fields | {"text": text})


def shown(page: Page) -> str:
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page.text, flags=re.S)
    return unescape(found[1]) if found else ""


def test_on_a_full_disk_the_text_is_refused_and_shown_again_to_copy(world: World, author: Person) -> None:
    before, text = everything(world), "Words that took an hour.\n" * (MOST_BYTES // 20)
    page = save(author, text)
    assert page.status == 422
    assert "The disk is full, so nothing was saved." in page.text
    assert "Copy the text" in page.text
    assert shown(page) == text
    assert everything(world) == before


def test_a_disk_too_full_for_the_database_is_told_and_the_text_kept(world: World, author: Person) -> None:
    """The file itself is small enough; the log of deeds is on the same disk."""
    pages = [save(author, f"Short, number {number}.\n") for number in range(12)]
    assert {page.status for page in pages} <= {200, 503}
    told = pages[-1]
    assert told.status == 503
    assert "its disk may be full" in told.text
    assert shown(told) == "Short, number 11.\n"
    assert author.look(COURSE).status == 200, "one may go on looking"


def test_a_change_that_cannot_be_finished_says_what_to_do_and_is_finished_when_it_can(
    world: World, author: Person
) -> None:
    root = world.lessons_dir / SLUG
    _, fields = author.look(EDIT).form_fields()
    (root / JOURNAL).write_text(json.dumps([("3-dough-3.md", "4-dough-3.md")]))
    with read_only(root):
        page = author.post(EDIT, fields | {"text": "New words."})
        assert (page.status, shown(page)) == (422, "New words.")
        assert "<code>3-dough-3.md</code> is still to become <code>4-dough-3.md</code>" in page.text
        assert "(Permission denied)" in page.text
        assert "DL011" in author.look(COURSE).text
        assert "DL011" in author.look(f"{COURSE}/publish").text
    assert "DL011" not in author.look(f"{COURSE}/publish").text
    assert not (root / JOURNAL).exists()
    (root / "4-dough-3.md").rename(root / "3-dough-3.md")


def test_a_file_that_cannot_be_read_is_told_by_its_name(world: World, author: Person) -> None:
    file = world.lessons_dir / LESSON
    file.chmod(0o000)
    try:
        for page in (author.look(COURSE), author.look(EDIT), author.look(f"{COURSE}/publish")):
            assert (page.status, "<code>2-dough-2.md</code> cannot be read just now" in page.text) == (422, True)
    finally:
        file.chmod(0o644)


def test_a_folder_that_cannot_be_written_to_is_told_and_the_text_offered(world: World, author: Person) -> None:
    folders = [world.lessons_dir, *(path for path in world.lessons_dir.rglob("*") if path.is_dir())]
    _, fields = author.look(EDIT).form_fields()
    before = everything(world)
    with read_only(*folders):
        opened = author.look(EDIT)
        assert "This folder cannot be written to from here" in opened.text
        assert "Copy the text" in opened.text
        assert '<button class="button" type="submit">Save</button>' not in opened.text
        page = author.post(EDIT, fields | {"text": "New words."})
        assert (page.status, shown(page)) == (422, "New words.")
        for path, more in (
            (f"{COURSE}/move", {"path": "2-dough-2.md", "to": "up"}),
            (f"{COURSE}/lessons", {"title": "Fourth"}),
            (f"{COURSE}/rename/2-dough-2.md", {"name": "rise", "seen": digest_of(world.lessons_dir / LESSON)}),
            ("/studio/courses", {"title": "Other"}),
        ):
            page = author.post(path, fields | more)
            assert page.status == 422
            assert "written" in page.text
    assert everything(world) == before
    assert can_write(world.lessons_dir)
