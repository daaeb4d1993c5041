"""An author's day in a real browser, from the mailed link to the roll-back, with a learner in mid-course."""

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect

from tests.support.author.studio import BY_ROLE, newest_link, work_off
from tests.support.browser.chromium import fresh_context
from tests.support.browser.served import NARROW, WIDE, served
from tests.support.world.sample_course import SLUG
from tests.support.world.world import World

COURSE = f"/studio/courses/{SLUG}"
TEXT = """---
title: The crust
subject: The crust
preheader: Why it crackles.
---

Steam first. See [the mill](articles/nowhere.md).

- [ ] Bake it
"""


def come_in(world: World, site: str, context: BrowserContext) -> Page:
    """By a mailed link, as everybody does."""
    page = context.new_page()
    page.goto(f"{site}/studio")
    page.get_by_label("E-mail address").fill(BY_ROLE["operator"])
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", name="Look at your mail")).to_be_visible()
    work_off(world)
    page.goto(f"{site}{urlsplit(newest_link(world)).path}")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Courses")).to_be_visible()
    return page


def begin_a_lesson(page: Page, site: str) -> None:
    page.goto(f"{site}{COURSE}")
    page.get_by_label("Title of a new lesson").fill("The crust")
    page.get_by_role("button", name="Begin it").click()
    expect(page.get_by_role("heading", name="4-the-crust.md")).to_be_visible()


def write(page: Page) -> None:
    """Findings and preview follow; a finding leads to its line."""
    area = page.get_by_label("Markdown of")
    area.fill(TEXT)
    expect(page.get_by_text("DL202")).to_be_visible()
    mail = page.frame_locator("#mail")
    expect(mail.get_by_text("Steam first.")).to_be_visible()
    page.get_by_role("link", name="Line 7").click()
    assert area.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)").startswith(
        "Steam"
    )
    page.get_by_role("link", name="Dark").click()
    expect(mail.locator("body")).to_have_css("background-color", "rgb(22, 24, 29)")
    page.get_by_role("link", name="Phone").click()
    expect(mail.locator("body")).to_have_css("background-color", "rgb(250, 247, 242)")
    frame = page.locator("#mail").bounding_box()
    assert frame
    assert frame["width"] <= 375
    expect(mail.get_by_text("Steam first.")).to_be_visible()


def save(page: Page, file: Path) -> None:
    """By keyboard; before that, leaving is asked about first."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("link", name="Courses").first.click()
    assert asked == ["beforeunload"]
    area = page.get_by_label("Markdown of")
    area.fill(TEXT.replace("articles/nowhere.md", "articles/flour.md"))
    area.press("Control+s")
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert "articles/flour.md" in file.read_text()


def meet_another_author(page: Page, file: Path) -> None:
    file.write_text(file.read_text() + "\nThe other author's line.\n")
    area = page.get_by_label("Markdown of")
    area.press_sequentially("x")
    area.press("Control+s")
    expect(page.get_by_role("heading", name="Two versions")).to_be_visible()
    expect(page.get_by_text("-The other author's line.")).to_be_visible()
    page.get_by_role("link", name="Go on with theirs").click()
    expect(page.get_by_label("Markdown of")).to_have_value(file.read_text())


def give_another_name(page: Page, site: str, root: Path) -> None:
    """By the link below the text: a slip is told first."""
    page.goto(f"{site}{COURSE}/edit/2-dough-2.md")
    page.get_by_role("link", name="Give this file another name").click()
    expect(page.get_by_role("heading", name="Another name for this file")).to_be_visible()
    name = page.get_by_label("New name")
    name.fill("Second Rise")
    page.get_by_role("button", name="Rename it").click()
    expect(page.get_by_role("alert")).to_contain_text("such as second-rise")
    expect(name).to_have_value("Second Rise")
    name.fill("second-rise")
    name.press("Enter")
    expect(page.get_by_role("heading", name="2-second-rise.md")).to_be_visible()
    expect(page.get_by_text("Renamed.")).to_be_visible()
    assert "was: dough-2\n" in (root / "2-second-rise.md").read_text()
    page.goto(f"{site}{COURSE}/publish")
    expect(page.get_by_text("renamed: lesson dough-2 is second-rise")).to_be_visible()


def publish_and_go_back(page: Page, site: str, world: World) -> None:
    page.goto(f"{site}{COURSE}/publish")
    expect(page.get_by_text("new: lesson the-crust")).to_be_visible()
    expect(page.get_by_text("the 1 under way keep their lessons")).to_be_visible()
    page.get_by_role("button", name="Publish this").click()
    expect(page.get_by_role("heading", name="Learners on an older edition")).to_be_visible()
    assert len(world.course.lessons) == 4
    page.get_by_role("link", name="going back version 1").click()
    page.get_by_role("button", name="Go back to version 1").click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    assert len(world.course.lessons) == 3


def test_an_authors_day(studio: World, browser: Browser) -> None:
    studio.enrol()
    with served(studio) as site:
        context = fresh_context(browser, viewport=WIDE)
        page = come_in(studio, site, context)
        begin_a_lesson(page, site)
        file = studio.lessons_dir / SLUG / "4-the-crust.md"
        write(page)
        save(page, file)
        meet_another_author(page, file)
        give_another_name(page, site, file.parent)
        publish_and_go_back(page, site, studio)


def test_on_a_phone_all_of_a_lesson_is_seen_without_scrolling_sideways(studio: World, browser: Browser) -> None:
    with served(studio) as site:
        page = come_in(studio, site, fresh_context(browser, viewport=NARROW))
        page.goto(f"{site}{COURSE}")
        row = page.get_by_role("row").filter(has_text="1-dough-1.md")
        for part in (
            row.get_by_text("warning"),
            row.get_by_role("link", name="Preview"),
            row.get_by_role("button"),
        ):
            expect(part.last).to_be_in_viewport(ratio=1)
        assert page.locator(".table").evaluate_all("all => all.every((one) => one.scrollWidth <= one.clientWidth)")
