"""HTML as it lies on a clipboard or in a file, made ready to be read: without comments and wrappers, bounded."""

import re
from collections.abc import Iterable, Iterator

from bs4 import BeautifulSoup, Tag

from course.errors import Refused
from course.incoming.losses import EQUATION, Losses
from course.language.words import Phrase

MOST_LETTERS = 4_000_000
"""Google Docs writes some twenty letters of styles for each of the text."""
MOST_ELEMENTS = 60_000
MOST_DEPTH = 150
DECLARATION = re.compile(r"<![^>]{0,300}>")
FRAGMENT = ("<!--StartFragment-->", "<!--EndFragment-->")


def read_html(html: str, losses: Losses) -> BeautifulSoup:
    """Raises Refused for what is too big, or nested deeper than any text is."""
    if len(html) > MOST_LETTERS:
        raise Refused(
            Phrase(
                "This is over %(most)s MB of text. Bring it over in parts.", {"most": MOST_LETTERS // 1_000_000}
            )
        )
    fragment = html.partition(FRAGMENT[0])[2].partition(FRAGMENT[1])[0] or html
    # What is left of declarations is no text, and the parser gives up on those that it does not know.
    plain = DECLARATION.sub("", _without_comments(fragment, losses)).replace("<!", "&lt;!")
    soup = BeautifulSoup(plain, "html.parser")
    depth = {id(soup): 0}
    for element in soup.descendants:
        parent = element.parent
        depth[id(element)] = depth[id(parent)] + 1 if parent is not None else 0
        if depth[id(element)] > MOST_DEPTH:
            raise Refused(Phrase("This is nested deeper than any text. Paste it as plain text."))
    if len(depth) > MOST_ELEMENTS:
        raise Refused(Phrase("This is too much at once. Bring it over in parts."))
    return soup


def present(tags: Iterable[Tag]) -> Iterator[Tag]:
    """Those of the tags that are still in the page when it is their turn: one may go with another."""
    return (tag for tag in tags if not tag.decomposed)


def _without_comments(html: str, losses: Losses) -> str:
    """Word hides its equations in comments, of which nothing else is missed."""
    first, *rest = html.split("<!--")
    kept = [first]
    for piece in rest:
        comment, end, after = piece.partition("-->")
        if "oMath" in comment:
            kept.append(losses.cannot_be_kept(EQUATION))
        kept.append(after if end else "")
    return "".join(kept)
