"""A lesson's blocks in its mail: cards, videos, checklists, and nothing that is not safe."""

import re
from urllib.parse import urlsplit

import pytest

from tests.support.author.mail_samples import (
    COURSE_MD,
    KINDS,
    LESSON_MD,
    compiled,
    counted,
    course,
    elements,
    links,
    parts,
)


def test_the_text_part_has_every_item_with_an_empty_box() -> None:
    text, _ = parts(compiled("lesson"))
    assert "[ ] Weigh the flour" in text
    assert "[ ] Read the label (https://label.example.com/)" in text
    assert "Watch: Kneading (4:30)" in text
    assert "Article · Flour in short (1 minute to read)" in text


def test_the_text_part_is_wrapped() -> None:
    text, _ = parts(compiled("lesson", course(lesson_md=LESSON_MD + "\nword" * 200)))
    assert max(len(line) for line in text.splitlines() if "://" not in line) <= 80
    assert "\n\n\n" not in text


def test_an_article_on_a_line_of_its_own_becomes_a_card_where_it_stands() -> None:
    _, html = parts(compiled("lesson"))
    assert html.count("Flour in short") == 1
    assert html.index("A reader asks") < html.index("Flour in short") < html.index("Weigh the")


def test_an_article_named_within_a_sentence_gets_a_card_as_well() -> None:
    _, html = parts(compiled("lesson"))
    assert links(html).count(counted("~/articles/water")) == 2


def test_an_article_link_in_a_code_fence_stays_as_it_is() -> None:
    fenced = "---\ntitle: T\n---\n```\n\n[Flour](articles/flour.md)\n\n```\n"
    text, _ = parts(compiled("lesson", course(lesson_md=fenced)))
    assert "[Flour](articles/flour.md)" in text


def test_a_video_of_another_site_is_watched_on_the_lesson_page() -> None:
    lesson = '---\ntitle: T\n---\n![Talk](https://youtu.be/abc "1:00")\n'
    _, html = parts(compiled("lesson", course(lesson_md=lesson)))
    assert "Watch: Talk (1:00)" in html
    assert "youtu.be" not in html
    assert counted("~/dough-2") in links(html)


def test_titles_are_text_and_never_markup() -> None:
    odd = '<b>&amp; "Ärger" {% x %} 🥖'
    of = course(
        course_md=COURSE_MD.replace("Bread at home", f"'{odd}'"),
        lesson_md=LESSON_MD.replace("Day of the dough", f"'{odd}'").replace("Kneading", odd),
        more={"articles/flour.md": f"---\ntitle: '{odd}'\n---\nx\n"},
    )
    for kind in KINDS:
        text, html = parts(compiled(kind, of))
        assert "<b>" not in html
        assert "&lt;b&gt;&amp;amp;" in html
        assert odd in text.replace("\n", " ")


@pytest.mark.parametrize(
    "danger",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,hi)",
        '[x](https://a.example/"onclick="alert(1))',
        "<style>body{display:none}</style>",
        "<!--[if mso]><script>alert(1)</script><![endif]-->",
    ],
)
def test_no_unsafe_html_comes_through(danger: str) -> None:
    lesson = f"---\ntitle: T\n---\nHello\n\n{danger}\n\n- [ ] {danger}\n"
    _, html = parts(compiled("lesson", course(lesson_md=lesson), tracked=False))
    assert not re.search(r"<(script|iframe|object|form)\b", html, re.I)
    assert not any(name.startswith("on") for _, given in elements(html) for name in given)
    assert not any(urlsplit(address).scheme in ("javascript", "data") for address in links(html))
    assert html.count("<style") == parts(compiled("lesson", tracked=False))[1].count("<style")
