"""What Word, Google Docs and others say by styles, said by tags."""

import re
from itertools import groupby, pairwise

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from course.incoming.html_source import present

BOLD = re.compile(r"(?<![\w-])font-weight\s*:\s*(bold|[6-9]00)", flags=re.I)
NOT_BOLD = re.compile(r"(?<![\w-])font-weight\s*:\s*(normal|[1-5]00)", flags=re.I)
ITALIC = re.compile(r"font-style\s*:\s*(italic|oblique)", flags=re.I)
STRUCK = re.compile(r"text-decoration[a-z-]*\s*:[^;]*line-through", flags=re.I)
FIXED = re.compile(
    r"font-family\s*:[^;]*(courier|consolas|menlo|monaco|mono|source code|fira code|cascadia)", flags=re.I
)
HIDDEN = re.compile(r"(display\s*:\s*none|mso-hide\s*:\s*all)", flags=re.I)
SAME = {"b": "strong", "i": "em", "strike": "del", "s": "del", "tt": "code", "cite": "em", "dfn": "em"}
MARKED = ("strong", "em", "del", "code")
WRAPPERS = (
    "span",
    "font",
    "u",
    "ins",
    "center",
    "big",
    "small",
    "mark",
    "abbr",
    "bdi",
    "bdo",
    "label",
    "time",
    "var",
)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


RULE = re.compile(r"(?:span)?\.([\w-]{1,60})\s*\{([^{}]{0,2000})\}")


def classes_to_styles(soup: BeautifulSoup) -> None:
    """Put on each span what the page's own style sheet says of its class, as Google Docs saves its pages."""
    rules = {name: style for sheet in soup.find_all("style") for name, style in RULE.findall(sheet.get_text())}
    for span in soup.find_all("span", class_=True) if rules else ():
        said = [rules[name] for name in span.get("class") or [] if name in rules]
        span["style"] = ";".join([*said, style_of(span)])


def style_of(tag: Tag) -> str:
    return str(tag.get("style") or "")


def styles_to_tags(soup: BeautifulSoup) -> None:
    """Bold, italic, struck and fixed-width spans become `strong`, `em`, `del` and `code`; all others go."""
    for tag in present(soup.find_all(True)):
        style = style_of(tag)
        if style and HIDDEN.search(style):
            tag.decompose()
            continue
        tag.name = SAME.get(tag.name, tag.name)
        if tag.name == "strong" and NOT_BOLD.search(style):
            tag.name = "span"
        if tag.name in WRAPPERS and style:
            _wrap(soup, tag, style)
    for tag in present(soup.find_all(WRAPPERS) + soup.find_all(lambda tag: ":" in tag.name)):
        tag.unwrap()
    join_words(soup)
    for heading in present(soup.find_all(HEADINGS)):
        for tag in heading.find_all(["strong", "code"]):
            tag.unwrap()
    for name in MARKED:
        _once(soup, name)
    join_words(soup)


def join_words(soup: BeautifulSoup) -> None:
    """Neighbouring words become one, whatever stood between them; in linear time, which `smooth` does not take."""
    for tag in [soup, *soup.find_all(True)]:
        children = list(tag.contents)
        if any(_are_words(one) and _are_words(other) for one, other in pairwise(children)):
            for child in children:
                child.extract()
            for are_words, run in groupby(children, _are_words):
                for child in [NavigableString("".join(map(str, run)))] if are_words else run:
                    tag.append(child)


def _are_words(child: PageElement) -> bool:
    return type(child) is NavigableString


def _wrap(soup: BeautifulSoup, tag: Tag, style: str) -> None:
    in_code = tag.find_parent(["pre", "code"])
    for name, pattern in (("strong", BOLD), ("em", ITALIC), ("del", STRUCK), ("code", FIXED)):
        if pattern.search(style) and tag.get_text(strip=True) and not in_code:
            inner = soup.new_tag(name)
            for child in list(tag.contents):
                inner.append(child.extract())
            tag.append(inner)


def _once(soup: BeautifulSoup, name: str) -> None:
    """Neighbours become one, what is within its like goes: `**a****b**` would be neither."""
    for tag in present(soup.find_all(name)):
        if tag.find_parent(name) or not (tag.get_text(strip=True) or tag.find(["img", "fnref"])):
            tag.unwrap()
    for tag in present(soup.find_all(name)):
        following = tag.next_sibling
        while isinstance(following, Tag) and following.name == name:
            for child in list(following.contents):
                tag.append(child.extract())
            following.decompose()
            following = tag.next_sibling
