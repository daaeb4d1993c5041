"""The language of the page being made, and its colour: its course's; where it has none, the language that the
browser asks for, and the house's colour."""

from typing import Any

from flask import Flask, g, request

from course.content.course import Course
from course.language.catalogues import LANGUAGES, words_in
from course.language.words import Phrase, Words, direction
from mailer.compose.translators import translators


def speak_for(course: Course) -> None:
    """Answer the rest of this request in the course's language and colour."""
    speak(course.language)
    g.accent = course.accent


def speak(language: str) -> None:
    g.language = language


def speak_as_asked() -> None:
    """Whatever course it is about: who works here reads the language of their browser."""
    speak(_language())


def is_chosen() -> bool:
    return "language" in g


def words() -> Words:
    return words_in(_language())


def _language() -> str:
    """English for a browser that asks for none of ours."""
    return str(g.language) if is_chosen() else request.accept_languages.best_match(LANGUAGES, "en")


def hours() -> tuple[tuple[int, str], ...]:
    """The hours to choose from, in words."""
    return tuple((hour, words().hour(hour)) for hour in range(24))


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
    app.context_processor(lambda: {"words": words(), "direction": direction(_language())})


def said(value: Any) -> Any:
    return words().of(value) if isinstance(value, Phrase) else value
