"""A paste in the studio: the server makes Markdown of the clipboard's HTML, and stores nothing."""

import json

from tests.support.author.studio import sign_in
from tests.support.world.sample_course import SLUG
from tests.support.world.world import World

COURSE = f"/studio/courses/{SLUG}"
EDIT = f"{COURSE}/edit/2-dough-2.md"


def paste(studio: World, html: str) -> tuple[int, dict[str, object]]:
    person = sign_in(studio, "author")
    token = person.look(EDIT).text.partition('data-token="')[2].partition('"')[0]
    page = person.post(f"{COURSE}/paste", {"html": html, "csrf_token": token})
    return page.status, json.loads(page.text)


def test_html_comes_back_as_markdown_with_what_is_lost(studio: World) -> None:
    before = {path: path.read_bytes() for path in studio.lessons_dir.rglob("*.md")}
    status, answer = paste(studio, "<h2>Begin</h2><p>Steam <b>first</b><svg></svg></p>")
    assert (status, answer["markdown"]) == (200, "## Begin\n\nSteam **first**\n")
    assert answer["said"] == "Pasted as Markdown. One thing could not be kept."
    assert isinstance(answer["findings"], list)
    assert [finding["line"] for finding in answer["findings"]] == [3]
    assert {path: path.read_bytes() for path in studio.lessons_dir.rglob("*.md")} == before


def test_what_has_no_structure_stays_plain(studio: World) -> None:
    assert paste(studio, "<span>one line</span>") == (200, {"markdown": None, "said": "", "findings": []})


def test_what_is_nested_too_deep_is_refused_in_words(studio: World) -> None:
    status, answer = paste(studio, "<div>" * 1000 + "x")
    assert (status, answer["markdown"]) == (422, None)
    assert "nested" in str(answer["said"])


def test_who_only_looks_may_not_paste(studio: World) -> None:
    person = sign_in(studio, "viewer")
    token = person.look(COURSE).text.partition('name="csrf_token" value="')[2].partition('"')[0]
    assert person.post(f"{COURSE}/paste", {"html": "<p>x</p>", "csrf_token": token}).status == 403
