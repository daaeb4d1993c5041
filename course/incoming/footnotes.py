"""Footnotes as tags of our own, which the Markdown is made from: `fnref` where one is named, `fnote` its words."""

import re

from bs4 import BeautifulSoup, Tag

from course.incoming.html_source import present

NAMED = re.compile(r"#(?:_ftn|_edn|footnote-|endnote-|.*-footnote-|.*-endnote-)(\d{1,4})")
NOTE = re.compile(r"(?:ftn|edn|(?:.*-)?footnote-|(?:.*-)?endnote-)(\d{1,4})")
BACK = re.compile(r"#(?:_ftnref|_ednref|.*(?:footnote|endnote)-ref-)\d{1,4}")


def footnotes_to_tags(soup: BeautifulSoup) -> None:
    numbers: dict[str, str] = {}
    for link in present(soup.find_all("a", href=NAMED)):
        found = NAMED.fullmatch(str(link["href"]))
        if found:
            _replace(soup, link, "fnref", numbers.setdefault(_key(found[0]), str(len(numbers) + 1)))
    for note in present(soup.find_all(["li", "div"], id=NOTE)):
        key = _key(f"#{note['id']}")
        if NOTE.fullmatch(str(note["id"])) and key in numbers:
            for back in note.find_all("a", href=BACK):
                back.decompose()
            made = _replace(soup, note, "fnote", numbers[key])
            if made.parent is not None and made.parent.name in ("ol", "ul"):
                made.parent.insert_before(made.extract())
    for holder in present(soup.find_all(["ol", "ul"])):
        if not holder.get_text(strip=True):
            holder.decompose()


def _key(address: str) -> str:
    """The kind and the number: `#_edn2` and `endnote-2` are the same."""
    kind = "e" if "edn" in address or "endnote" in address else "f"
    return f"{kind}{address.rstrip()[len(address.rstrip('0123456789')) :]}"


def _replace(soup: BeautifulSoup, tag: Tag, name: str, number: str) -> Tag:
    made = soup.new_tag(name, attrs={"n": number})
    if name == "fnote":
        for child in list(tag.contents):
            made.append(child.extract())
    around = tag.parent if tag.parent is not None and tag.parent.name == "sup" else tag
    around.replace_with(made)
    return made
