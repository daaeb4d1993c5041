"""The layouts and default wordings of the mails, as shipped in `mailer/templates/`."""

import re
from collections.abc import Mapping
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from course.content.course import Wording
from course.content.plain_text import wrapped
from course.language.words import Words, direction
from mailer.compose.slots import slot
from mailer.compose.translators import translators

ADDRESS_WIDTH = 24
FILLER = "\ue002"
MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]()>#+\-.!])")


def render(layout: str, values: Mapping[str, object]) -> str:
    return _environment().get_template(layout).render(values)


def default_wording(kind: str, words: Words, facts: Mapping[str, object]) -> tuple[str, Wording]:
    """Return our own wording of a kind of mail, for courses that have none, with a title for its page."""
    said = _wordings().get_template(f"wordings/{kind}.md").make_module({"words": words, **facts})
    title, subject, preheader = (str(getattr(said, name)) for name in ("title", "subject", "preheader"))
    return title, Wording(subject, preheader, str(said))


def in_language(language: str, words: Words) -> dict[str, object]:
    """Return the values that every layout needs: the course's language, and the words we add in it."""
    left_to_right = direction(language) == "ltr"
    same = words.language == language.lower().partition("-")[0]
    ours = Markup(' lang="{}" dir="{}"').format(words.language, words.direction)
    return {
        "words": words,
        "language": language,
        "direction": direction(language),
        # Word and Yahoo know left and right only, so each mail is laid out for its own direction.
        "start": "left" if left_to_right else "right",
        "end": "right" if left_to_right else "left",
        "spoken": Markup() if same else ours,
    }


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
    environment.globals |= translators(lambda context: context["words"])
    environment.filters |= {"wrap": _wrapped, "plain": _plain}
    return environment


@cache
def _wordings() -> Environment:
    # Markdown minds its line ends, so no tag may swallow one here.
    return _environment().overlay(trim_blocks=False, lstrip_blocks=False)


def _wrapped(text: str, first: str = "", rest: str = "") -> str:
    """As the reader gets it: their address takes more room than the slot it will fill."""
    address = slot("email")
    return wrapped(text.replace(address, address.ljust(ADDRESS_WIDTH, FILLER)), first, rest).replace(FILLER, "")


def _plain(text: str) -> str:
    """Text that Markdown reads as it stands."""
    return MARKDOWN_SIGNS.sub(r"\\\1", text)
