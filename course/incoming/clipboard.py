"""What is pasted into the editor: Markdown where the clipboard holds a text with structure, else nothing."""

import re

from bs4 import BeautifulSoup, Tag

from course.incoming.clean import clean
from course.incoming.from_html import Converted, markdown_of
from course.incoming.html_source import read_html
from course.incoming.losses import Losses, without_marks
from course.incoming.styles import FIXED, HEADINGS, style_of

STRUCTURE = (
    *HEADINGS, "a", "strong", "em", "del", "code", "pre", "img", "ul", "ol", "table", "blockquote", "hr", "fnref",
)  # fmt: skip
BLOCKS = ("p", "div", "br")
AS_IT_STANDS = re.compile(r"white-space\s*:\s*pre", flags=re.I)


def pasted(html: str) -> Converted | None:
    """Convert what lies on a clipboard; None where its plain text says as much: code in an editor's colours, or a
    line without structure. Raises Refused for what is too big."""
    soup = read_html(without_marks(html), Losses())
    if _is_code(soup):
        return None
    losses = Losses()
    clean(soup, losses)
    if losses.found or soup.find(STRUCTURE) or len(_lines(soup)) > 1:
        return markdown_of(html)
    return None


def _is_code(soup: BeautifulSoup) -> bool:
    """All of it stands in one box of fixed width, as code editors and terminals copy it."""
    for tag in soup.find_all(["head", "style", "meta", "title"]):
        tag.decompose()
    holder: Tag = soup.body or soup
    boxes = [child for child in holder.children if isinstance(child, Tag) and child.name != "br"]
    if not boxes or any(str(child).strip() for child in holder.children if not isinstance(child, Tag)):
        return False
    return all(
        box.name in ("div", "pre", "span")
        and FIXED.search(style_of(box))
        and (box.name == "pre" or AS_IT_STANDS.search(style_of(box)))
        for box in boxes
    )


def _lines(soup: BeautifulSoup) -> list[Tag]:
    return [tag for tag in soup.find_all(BLOCKS) if tag.name == "br" or tag.get_text(strip=True)]
