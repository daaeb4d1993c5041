"""Films, recordings and documents as a mail shows them: cards that lead to where they play or are saved."""

import pytest

from course.language.catalogues import LANGUAGES
from tests.support.author.mail_samples import BASE_URL, COURSE_MD, compiled, course, links, parts

LESSON = """---
title: Dough
---
![A talk <b>](media/talk.mp3#t=90 "1:02:03")

[The plan & more](<media/My plan.xlsx>)

![Kneading](./media/KNEAD.MP4 "4:30")

![A podcast](https://open.spotify.com/episode/a "43:00")

See [the plan](media/My%20plan.xlsx#sheet2) and ![a bowl](./media/bowl.jpg).
"""
PAGE = f"{BASE_URL}/learn/learn-token/dough-2"
PLAN = f"{BASE_URL}/published/media/My plan.xlsx"


def test_a_recording_is_a_card_that_leads_to_the_lessons_page() -> None:
    text, html = parts(compiled("lesson", course(lesson_md=LESSON), tracked=False))
    assert f"Listen: A talk <b> (1:02:03)\n{PAGE}\n" in text
    assert f"Listen: A podcast (43:00)\n{PAGE}\n" in text
    assert "Listen: A talk &lt;b&gt;" in html
    assert "<audio" not in html


def test_a_document_is_a_card_that_leads_to_the_file_and_is_counted_by_nobody() -> None:
    text, html = parts(compiled("lesson", course(lesson_md=LESSON), tracked=True))
    assert f"The plan & more (XLSX file to download)\n{PLAN}\n" in text
    assert PLAN in links(html)
    assert f"{PLAN}#sheet2" in links(html)


def test_poster_and_pictures_are_found_however_they_are_written() -> None:
    _, html = parts(compiled("lesson", course(lesson_md=LESSON), tracked=False))
    assert f'src="{BASE_URL}/published/media/KNEAD.jpg"' in html
    assert f'src="{BASE_URL}/published/media/bowl.jpg"' in html


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_the_cards_speak_the_language_of_the_course(language: str) -> None:
    of = course(course_md=COURSE_MD.replace("sender:", f"language: {language}\nsender:"), lesson_md=LESSON)
    text, _ = parts(compiled("lesson", of, tracked=False))
    assert "Listen:" not in text
    assert "file to download" not in text
