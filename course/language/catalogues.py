"""The catalogues in `course/language/catalogues/`, one a language: part of the program, as templates are."""

from collections.abc import Sequence
from functools import cache
from gettext import c2py
from importlib.resources import files
from io import BytesIO

from babel import Locale
from babel.messages.pofile import read_po

from course.language.words import ENGLISH, Words

LANGUAGES = ("en", "de", "fr", "es", "pt")


def words_in(language: str) -> Words:
    """The fixed words of a course in that language, such as `pt-BR`; in English where we have none."""
    code = _code(language)
    return _catalogue(code) if code in LANGUAGES and code != "en" else ENGLISH


def is_spoken(language: str) -> bool:
    """Whether the fixed words come in that language."""
    return _code(language) in LANGUAGES


def _code(language: str) -> str:
    return language.lower().replace("_", "-").partition("-")[0]


@cache
def _catalogue(code: str) -> Words:
    catalogue = read_po(BytesIO((files("course.language") / f"catalogues/{code}.po").read_bytes()), code)
    said = {_texts(message.id)[0]: _texts(message.string) for message in catalogue}
    complete = {english: forms for english, forms in said.items() if english and all(forms)}
    return Words(code, Locale(code), complete, c2py(catalogue.plural_expr))


def _texts(texts: str | Sequence[str | None] | None) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(text or "" for text in texts or ("",))
