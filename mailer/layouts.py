"""The layouts and default words of the mails, as shipped in `mailer/templates/`."""

import re
from collections.abc import Mapping
from functools import cache
from textwrap import fill

from jinja2 import Environment, PackageLoader, StrictUndefined, TemplateNotFound, select_autoescape

from course.content import Wording
from course.parse import parse_wording
from mailer.words import Words, read_words

TEXT_WIDTH = 72
MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]()>#+\-.!])")


def render(layout: str, values: Mapping[str, object]) -> str:
    return _environment().get_template(layout).render(values)


def words_for(language: str) -> Words:
    """English where there is no such language."""
    found, source = _in_language("words/{}.toml", language)
    return read_words(found, source)


def default_wording(kind: str, language: str, facts: Mapping[str, object]) -> Wording:
    """What a mail says if the course has no words of its own for it."""
    _, source = _in_language(f"{kind}/{{}}.md", language)
    wording, _ = parse_wording(f"{kind}.md", source)
    fields = (wording.subject, wording.preheader, wording.markdown)
    # Markdown minds its line ends, so no tag may swallow one here.
    environment = _environment().overlay(trim_blocks=False, lstrip_blocks=False)
    return Wording(*(environment.from_string(field).render(facts) for field in fields))


def _in_language(name: str, language: str) -> tuple[str, str]:
    for code in (language.lower().partition("-")[0], "en"):
        try:
            return code, _source(name.format(code))
        except TemplateNotFound:
            continue
    raise TemplateNotFound(name.format("en"))


def _source(name: str) -> str:
    loader = _environment().loader
    assert loader is not None  # noqa: S101 - for the type checker; given two functions below
    return loader.get_source(_environment(), name)[0]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("mailer"),
        autoescape=select_autoescape(["html"], default_for_string=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"wrap": _wrapped, "plain": _plain}
    return environment


def _wrapped(text: str, first: str = "", rest: str = "") -> str:
    return fill(
        text,
        TEXT_WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _plain(text: str) -> str:
    """Text that Markdown reads as it stands."""
    return MARKDOWN_SIGNS.sub(r"\\\1", text)
