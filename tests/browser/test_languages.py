"""The learner's pages in German, and in a language written from right to left, in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browser.served import NARROW, WIDE, assert_sound, served
from tests.support.world.sample_course import SLUG
from tests.support.world.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ENGLISH = re.compile(r"\b(Your|Settings|Day \d|minutes?|Unsubscribe|Save|Lessons?|Mark|Open|complete|ticked)\b")


def speak(world: World, tmp_path: Path, language: str) -> None:
    """Publishes the sample course once more, as one of that language."""
    course_md = tmp_path / "lessons" / SLUG / "course.md"
    course_md.write_text(course_md.read_text().replace("sender:", f"language: {language}\nsender:"))
    world.publish()


def pages(world: World) -> list[str]:
    learn = world.learn_url()
    lesson = f"{learn}/dough-1"
    own = [learn, lesson, f"{learn}/settings/address", world.unsubscribe_url()]
    shared = f"/read/{world.runtime.signer.shared(world.look_up().course_id, 'dough-1')}"
    return [f"/courses/{SLUG}", f"/courses/{SLUG}/check-your-inbox", "/lost-link", "/nowhere", shared, *own]


def test_a_german_course_has_german_pages(world: World, browser: Browser, tmp_path: Path) -> None:
    speak(world, tmp_path, "de")
    world.enrol()
    page = browser.new_page(viewport=NARROW)
    with served(world) as site:
        for path in pages(world):
            page.goto(f"{site}{path}")
            assert_sound(page)
            assert page.locator("html").get_attribute("lang") == "de"
            assert ENGLISH.findall(page.locator("body").inner_text()) == []
        page.goto(f"{site}{world.learn_url()}/dough-1")
        page.get_by_role("checkbox").first.click()
        page.get_by_text("Gespeichert.").first.wait_for()
    page.close()


def test_an_arabic_course_runs_from_right_to_left_and_its_english_words_from_left_to_right(
    world: World, browser: Browser, tmp_path: Path
) -> None:
    speak(world, tmp_path, "ar")
    world.enrol()
    page = browser.new_page(viewport=NARROW)
    with served(world) as site:
        for path in pages(world):
            page.set_viewport_size(NARROW)
            page.goto(f"{site}{path}")
            assert_sound(page)
            assert page.locator("html").get_attribute("dir") == "rtl"
            assert page.locator("html").get_attribute("lang") == "en"
            bidi = page.locator("main p").first.evaluate("p => getComputedStyle(p).unicodeBidi")
            assert bidi == "plaintext"
            page.set_viewport_size(WIDE)
            assert_sound(page)
    page.close()
