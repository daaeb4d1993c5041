"""A learner in a real browser, against `dayletter up` in time-lapse, as a newcomer sees it."""

import re
from collections.abc import Iterator
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.support.servers.ports import free_port
from tests.support.up import running
from tests.support.waiting import slowness, wait_for

DAY_SECONDS = 5


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`dayletter up --timelapse`, with nothing set but where its files go."""
    day = f"{DAY_SECONDS * slowness():.0f}"
    with running(tmp_path_factory.mktemp("up"), free_port(), "--timelapse", day) as up:
        yield up.url
        assert up.end() == 0


def open_mail(page: Page, site: str, subject: str | re.Pattern[str]) -> None:
    """Waits in the inbox until a mail with this subject is there, and opens it."""
    link = page.get_by_role("link", name=subject).first

    def is_there() -> bool:
        page.goto(f"{site}/inbox")
        return link.count() > 0

    wait_for(is_there)
    link.click()


def follow_from_mail(page: Page, name: str | re.Pattern[str]) -> Page:
    """Presses a link inside the framed mail; it opens beside the inbox."""
    with page.context.expect_page() as opening:
        page.frame_locator("iframe").get_by_role("link", name=name).first.click()
    return opening.value


def test_a_learner_goes_from_the_landing_page_to_the_certificate(browser_page: Page, site: str) -> None:
    page = browser_page
    requests: list[str] = []
    page.context.on("request", lambda request: requests.append(request.url))
    page.goto(site)
    page.get_by_label(re.compile("e-mail", re.I)).fill("ada@example.org")
    page.get_by_label(re.compile("name", re.I)).first.fill("Ada")
    page.get_by_role("button", name="Send me day 1").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("inbox", re.I))

    open_mail(page, site, re.compile("confirm", re.I))
    confirm = follow_from_mail(page, re.compile("confirm", re.I))
    expect(confirm).to_have_url(re.compile("/learn/"))
    confirm.close()

    for day in range(1, 6):
        take_day(page, site, day)

    open_mail(page, site, re.compile("certificate", re.I))
    certificate = follow_from_mail(page, re.compile("certificate", re.I))
    expect(certificate.get_by_role("heading", name="Ada")).to_be_visible()
    assert all(url.startswith((site, "data:", "blob:", "about:")) for url in requests)


def take_day(page: Page, site: str, day: int) -> None:
    wait_for(lambda: f"Day {day} of 5" in newest_lessons(site))
    open_lesson_mail(page, site, day)
    lesson = follow_from_mail(page, f"Open day {day}")
    if day == 1:
        play_video(lesson)
    item = lesson.get_by_role("checkbox").first
    item.click()
    expect(item).to_be_checked()
    expect(lesson.get_by_text("Saved.").first).to_be_visible()
    lesson.reload()
    expect(lesson.get_by_role("checkbox").first).to_be_checked()
    lesson.get_by_role("button", name=re.compile(f"mark day {day} complete", re.I)).click()
    expect(lesson.get_by_text(re.compile("complete", re.I)).first).to_be_visible()
    lesson.close()


def newest_lessons(site: str) -> str:
    with urlopen(f"{site}/inbox") as answer:
        return str(answer.read().decode())


def open_lesson_mail(page: Page, site: str, day: int) -> None:
    page.goto(f"{site}/inbox")
    page.get_by_role("link").filter(has_text=f"Day {day} of 5").first.click()


def play_video(lesson: Page) -> None:
    video = lesson.locator("video").first
    video.evaluate("video => { video.muted = true; return video.play() }")
    lesson.wait_for_function("() => document.querySelector('video').currentTime > 0.3")
    assert video.evaluate("video => video.textTracks.length") == 1
