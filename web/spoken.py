"""The language of the page being made: that of its course, English before one is known."""

from collections.abc import Iterable
from typing import Any

from flask import Flask, g

from course.content import Course
from course.languages import words_in
from course.words import ENGLISH, Phrase, Words, direction
from mailer.translators import translators


def speak_for(course: Course) -> None:
    """From here on, this request is answered in the course's language."""
    g.language = course.language


def speak_for_all(courses: Iterable[Course]) -> None:
    """The language they share, for a page that belongs to none of them; English if they share none."""
    of_each = {course.language: course for course in courses}
    if len(of_each) == 1:
        speak_for(*of_each.values())


def words() -> Words:
    return words_in(g.language) if "language" in g else ENGLISH


def sentence(text: str | Phrase) -> str:
    """`it waits` as a sentence: `It waits.`"""
    told = str(said(text))
    ends = told.endswith((".", "?"))
    return f"{told[:1].upper()}{told[1:]}{'' if ends else '.'}"


def teach(app: Flask) -> None:
    """Templates get `_()`, `ngettext()`, the `words` for dates, and say a Phrase in the page's language."""
    app.jinja_env.globals.update(translators(lambda _context: words()))
    app.jinja_env.filters["sentence"] = sentence
    app.jinja_env.finalize = said
    app.context_processor(lambda: {"words": words(), "direction": direction(g.get("language", "en"))})


def said(value: Any) -> Any:
    return words().of(value) if isinstance(value, Phrase) else value
