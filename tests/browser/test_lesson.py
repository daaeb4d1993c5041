"""A lesson in a real browser: offline and back, by keyboard alone, without JavaScript, and where one stopped."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser.chromium import fresh_context
from tests.support.browser.served import press_to, served
from tests.support.project import LESSONS
from tests.support.world.sample_course import SLUG
from tests.support.world.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FILM = LESSONS / "career-mobility" / "media" / "standing-still.mp4"


@pytest.fixture
def url(world: World) -> Iterator[str]:
    """A lesson with a film that plays and room to scroll."""
    folder = world.lessons_dir / SLUG
    (folder / "media" / "knead.mp4").write_bytes(FILM.read_bytes())
    (folder / "media" / "knead.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:09.000\nKnead.\n")
    long = "\n\n".join(f"## Part {part}\n\n{'Fold and wait. ' * 120}" for part in range(1, 9))
    for file in folder.glob("*-dough-*.md"):
        text = file.read_text().replace('"4:30"', '"3:24"')
        file.write_text(text.replace("[Flour in short]", f"{long}\n\n[Flour in short]"))
    world.publish()
    world.enrol()
    with served(world) as site:
        yield f"{site}{world.learn_url()}/dough-1"


def test_ticks_made_offline_are_kept_and_sent_when_the_connection_is_back(
    world: World, url: str, browser_page: Page
) -> None:
    page, context = browser_page, browser_page.context
    page.goto(url)
    context.set_offline(True)
    for item in page.get_by_role("checkbox").all():
        item.click()
    expect(page.get_by_text("You are offline.").first).to_be_visible()
    expect(page.get_by_text("2 of 2 done")).to_be_visible()
    page.get_by_role("checkbox").first.click()
    assert not world.rows()["tick"]
    context.set_offline(False)
    expect(page.get_by_text("Saved.").first).to_be_visible()
    assert len(world.rows()["tick"]) == 1
    # A window that was closed too early sends what it kept at the next visit.
    context.set_offline(True)
    page.get_by_role("checkbox").first.click()
    expect(page.get_by_text("You are offline.").first).to_be_visible()
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(url)
    expect(again.get_by_text("Saved.").first).to_be_visible()
    assert len(world.rows()["tick"]) == 2


def test_a_film_and_a_text_go_on_where_one_stopped(world: World, url: str, browser_page: Page) -> None:
    page = browser_page
    page.goto(url)
    with page.expect_response(re.compile("/watch$")):
        page.locator("video").evaluate(
            """async (video) => {
                video.muted = true;
                video.currentTime = 42;
                await video.play();
                while (video.currentTime < 42.6) await new Promise(requestAnimationFrame);
                video.pause();
            }"""
        )
    page.get_by_role("heading", name="Part 4").scroll_into_view_if_needed()
    page.mouse.wheel(0, 200)
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.startsWith('place '))")
    assert world.rows()["watch"][0]["stopped_at_seconds"] == 42
    again = page.context.new_page()
    again.goto(url)
    again.get_by_role("button", name=re.compile("Go on at “Part [34]”")).click()
    again.wait_for_function("() => scrollY > 500")
    again.get_by_role("link", name="Go on at 0:42").click()
    again.wait_for_function("() => document.querySelector('video').currentTime >= 42")


def test_a_whole_lesson_is_taken_by_keyboard_alone(world: World, url: str, browser_page: Page) -> None:
    page = browser_page
    page.goto(url)
    press_to(page, "the first item", "document.activeElement.matches('.tick')")
    page.keyboard.press("Space")
    expect(page.get_by_text("Saved.").first).to_be_visible()
    press_to(page, "the note", "document.activeElement.id === 'note'")
    page.keyboard.type("Buy rye.")
    expect(page.locator("[data-note-state]")).to_have_text("Saved.")
    press_to(page, "the deed", "document.activeElement.form?.id === 'completion'")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Day 1 is complete")).to_be_visible()
    press_to(page, "an opinion", "document.activeElement.value === '3'")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thank you, that is noted.")).to_be_visible()
    rows = world.rows()
    assert [len(rows[table]) for table in ("tick", "completion", "feedback")] == [1, 1, 1]
    assert rows["note"][0]["words"] == "Buy rye."


def test_on_paper_there_is_the_letter_with_its_note_and_nothing_to_press(
    world: World, url: str, browser_page: Page
) -> None:
    page = browser_page
    world.person.post(f"{world.learn_url()}/dough-1/note", {"words": "Buy rye."})
    page.goto(url)
    page.emulate_media(media="print")
    expect(page.get_by_text("Weigh the flour")).to_be_visible()
    expect(page.locator(".on-paper")).to_have_text("Buy rye.")
    expect(page.locator("video:visible, nav:visible, textarea:visible, .button:visible")).to_have_count(0)


def test_a_lesson_without_javascript_takes_every_deed(world: World, url: str, browser: Browser) -> None:
    context = fresh_context(browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(url)
    page.get_by_role("checkbox").first.click()
    expect(page.get_by_text("1 of 2 done")).to_be_visible()
    page.get_by_role("textbox", name="A note to yourself").fill("Buy rye.")
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("button", name="Fine").click()
    page.get_by_label("A sentence for the author").fill("Shorter, please.")
    page.get_by_role("button", name="Add the sentence").click()
    page.get_by_role("button", name="Mark day 1 complete").click()
    page.get_by_role("button", name="Take this back").click()
    expect(page.get_by_role("button", name="Mark day 1 complete")).to_be_visible()
    page.get_by_text("Share this lesson").click()
    page.get_by_role("button", name="Mail it to me again").click()
    expect(page.get_by_text("on its way to ada@example.org")).to_be_visible()
    context.close()
    rows = world.rows()
    assert (len(rows["tick"]), len(rows["completion"]), rows["feedback"][0]["words"]) == (1, 0, "Shorter, please.")


def test_another_sites_player_is_loaded_when_it_is_pressed_and_not_before(
    world: World, url: str, browser_page: Page
) -> None:
    file = world.lessons_dir / SLUG / "1-dough-1.md"
    file.write_text(file.read_text().replace("media/knead.mp4", "https://youtu.be/dQw4w9WgXcQ"))
    world.publish()
    asked: list[str] = []
    page = browser_page
    page.route(re.compile("youtu"), lambda route: route.fulfill(body="A player", content_type="text/html"))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url)
    assert all(address.startswith(url.split("/learn/")[0]) for address in asked)
    page.get_by_role("link", name=re.compile("on YouTube")).press("Enter")
    expect(page.frame_locator("iframe[title=Kneading]").get_by_text("A player")).to_be_visible()
    assert asked[-1].startswith("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ")
