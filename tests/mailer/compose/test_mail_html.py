"""The HTML part as mail clients and people see it."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from course.content.mails import MailKind
from mailer.compose.compose import html_bytes
from mailer.compose.sign_in_mail import sign_in_template
from tests.support.author.mail_samples import COURSE_MD, HOUSE, KINDS, LESSON_MD, compiled, course, elements, parts
from tests.support.browser.chromium import fresh_page
from tests.support.browser.served import assert_sound

GMAIL_CUTS_AT = 102 * 1024
Kind = MailKind | Literal["sign-in"]
every_kind = pytest.mark.parametrize("kind", KINDS)
every_mail = pytest.mark.parametrize("kind", [*KINDS, "sign-in"])
"""The studio's link, too, which belongs to no course."""


@cache
def html_of(kind: Kind, language: str = "en", accent: str = "") -> str:
    if kind == "sign-in":
        return sign_in_template(HOUSE).html.filled({"sign_in": "token"})
    matter = f"language: {language}\n" + (f'accent: "{accent}"\n' if accent else "")
    of = course(course_md=COURSE_MD.replace("sender:", f"{matter}sender:"))
    return parts(compiled(kind, of))[1]


def tags(kind: MailKind, name: str) -> list[dict[str, str]]:
    return [given for tag, given in elements(html_of(kind)) if tag == name]


@pytest.fixture(scope="module")
def pane(browser: Browser) -> Iterator[Page]:
    """Where a mail is shown, one after the other, with no picture loaded: as most clients first show it."""
    with fresh_page(browser) as page:
        page.route("**/*", lambda route: route.abort())
        yield page


def opened(page: Page, kind: Kind, *, dark: bool = False, width: int = 600, language: str = "en") -> Page:
    return shown(page, html_of(kind, language), dark=dark, width=width)


def shown(page: Page, html: str, *, dark: bool = False, width: int = 600) -> Page:
    page.emulate_media(color_scheme="dark" if dark else "light")
    page.set_viewport_size({"width": width, "height": 800})
    page.set_content(html, wait_until="domcontentloaded")
    return page


@every_kind
def test_every_layout_table_says_that_it_is_no_data(kind: MailKind) -> None:
    assert all(table.get("role") == "presentation" for table in tags(kind, "table"))


@every_kind
def test_every_picture_has_an_alternative_text(kind: MailKind) -> None:
    assert all("alt" in picture for picture in tags(kind, "img"))


def test_the_poster_is_described_in_a_sentence_and_links_to_the_lesson() -> None:
    still = next(picture for picture in tags("lesson", "img") if "knead.jpg" in picture["src"])
    assert still["alt"] == (
        "A still from the video “Kneading”. The video lasts 4 minutes 30 seconds and plays on the lesson page."
    )
    html = html_of("lesson")
    link = re.search(r'<a class="still-link".*?</a>', html, re.S)
    assert link is not None
    assert "▶" in link[0]
    assert "Watch: Kneading (4:30)" in link[0]


def test_the_pixel_is_empty_to_a_reader() -> None:
    pixel = next(picture for picture in tags("lesson", "img") if "/o/" in picture["src"])
    assert (pixel["alt"], pixel["width"], pixel["height"]) == ("", "1", "1")


@every_kind
def test_nothing_is_loaded_but_pictures(kind: MailKind) -> None:
    html = html_of(kind)
    assert not {tag for tag, _ in elements(html)} & {"script", "link", "iframe", "object", "form", "video"}
    assert "@import" not in html
    assert "url(" not in html


@every_kind
def test_styles_are_inlined_and_the_dark_rules_kept(kind: MailKind) -> None:
    html = html_of(kind)
    kept = re.findall(r"<style[^>]*>(.*?)</style>", html.partition("<![endif]-->")[2], re.S)
    assert len(kept) == 3
    assert "(max-width" in kept[0]
    assert "prefers-color-scheme: dark" in kept[1]
    assert "[data-ogsc]" in kept[2]
    assert '<meta name="color-scheme" content="light dark">' in html
    assert all(paragraph.get("style") for paragraph in tags(kind, "p"))


@every_kind
def test_there_is_one_button_and_it_is_painted_without_css(kind: MailKind) -> None:
    html = html_of(kind)
    assert html.count('class="button-link"') == 1
    assert re.search(r'<td class="button"[^>]*bgcolor="#b4431f"', html)
    assert "mso-padding-alt" in html


@every_kind
def test_no_mail_is_near_the_size_gmail_cuts(kind: MailKind) -> None:
    long_lesson = LESSON_MD + "\nA sentence of eight words stands right here." * 160
    assert html_bytes(compiled(kind, course(lesson_md=long_lesson))) < GMAIL_CUTS_AT // 2


@pytest.mark.parametrize("language", ["en", "he"])
def test_the_language_and_its_direction_are_stated(language: str) -> None:
    html = html_of("lesson", language)
    assert f'<html lang="{language}" dir="{"rtl" if language == "he" else "ltr"}"' in html


@every_mail
def test_axe_finds_nothing_in_light_or_dark(pane: Page, kind: Kind) -> None:
    assert_sound(opened(pane, kind, dark=True))
    pane.emulate_media(color_scheme="light")
    assert_sound(pane)


@pytest.mark.parametrize("accent", ["#00a3a3", "#ffffff", "#000000"])
def test_a_lesson_in_a_course_s_own_colour_can_be_read_in_light_and_dark(pane: Page, accent: str) -> None:
    html = html_of("lesson", accent=accent)
    assert "#b4431f" not in html
    assert_sound(shown(pane, html, dark=True))
    assert_sound(shown(pane, html))


@every_mail
@pytest.mark.parametrize("language", ["en", "he"])
def test_a_narrow_phone_never_scrolls_sideways(pane: Page, kind: Kind, language: str) -> None:
    page = opened(pane, kind, width=320, language=language)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@every_mail
def test_text_twice_as_large_still_fits_and_breaks_no_word(pane: Page, kind: Kind) -> None:
    page = opened(pane, kind, width=320)
    page.evaluate(
        """() => {
            const all = [...document.querySelectorAll("body *")];
            const sizes = all.map(each => parseFloat(getComputedStyle(each).fontSize) * 2);
            all.forEach((each, at) => {
                each.style.setProperty("font-size", sizes[at] + "px", "important");
                each.style.setProperty("overflow-wrap", "normal", "important");
                each.style.setProperty("word-break", "normal", "important");
            });
        }"""
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_column_is_600_pixels_on_a_wide_screen(pane: Page) -> None:
    page = opened(pane, "lesson", width=1000)
    box = page.locator(".column").bounding_box()
    assert box is not None
    assert box["width"] == 600
