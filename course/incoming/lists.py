"""Lists as other programs write them, as lists within lists: Word's paragraphs, Google's lists beside items."""

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from course.incoming.html_source import present
from course.incoming.styles import style_of

WORD_LIST = re.compile(r"mso-list\s*:\s*(?:l\d+ )?level(\d)", flags=re.I)
IGNORED = re.compile(r"mso-list\s*:\s*ignore", flags=re.I)
ORDERED = re.compile(r"\s*(?:\(?[0-9]{1,3}|\(?[a-z]|\(?[ivxlc]{1,5})[.)]", flags=re.I)
BULLET = re.compile(r"^[\s\xa0]*[•·▪◦‣●○■□§\uf0b7\uf0a7][\s\xa0]+")
BOX = re.compile(r"^[\s\xa0]*(?:\[([ xX]?)\]|([☐☑☒]))[\s\xa0]*")


@dataclass(frozen=True, slots=True)
class Item:
    """A paragraph that is an item, `level` 1 the outermost."""

    tag: Tag
    level: int
    ordered: bool


def lists_to_lists(soup: BeautifulSoup) -> None:
    _boxes(soup)
    _flat_to_nested(soup)
    for inner in present(soup.find_all(["ul", "ol"])):
        if inner.parent is not None and inner.parent.name in ("ul", "ol"):
            before = inner.find_previous_sibling("li")
            (before or _new_item(soup, inner)).append(inner.extract())
    _levels_said_only(soup)
    for item in present(soup.find_all("li")):
        paragraphs = item.find_all("p", recursive=False)
        first = next((child for child in item.children if isinstance(child, Tag) or str(child).strip()), None)
        if len(paragraphs) == 1 and paragraphs[0] is first:
            paragraphs[0].unwrap()


def _new_item(soup: BeautifulSoup, before: Tag) -> Tag:
    item = soup.new_tag("li")
    before.insert_before(item)
    return item


def _boxes(soup: BeautifulSoup) -> None:
    """Items to tick, of Google Docs, Notion, and whatever has an input."""
    for item in present(soup.find_all("li")):
        done = _ticked(item)
        if done is not None:
            for img in item.find_all("img", recursive=True):
                if "check" in f"{img.get('aria-roledescription')}{img.get('class')}{img.get('alt')}".lower():
                    img.decompose()
            item["data-box"] = "x" if done else " "
    for box in present(soup.find_all("input")):
        box.decompose()


def _ticked(item: Tag) -> bool | None:
    if item.get("role") == "checkbox":
        return item.get("aria-checked") == "true"
    if box := item.find("input", attrs={"type": "checkbox"}, recursive=True):
        return box.find_parent("li") is item and box.has_attr("checked") if box.find_parent("li") is item else None
    if box := item.find("div", class_="checkbox"):
        return "checkbox-on" in (box.get("class") or []) if box.find_parent("li") is item else None
    return None


def _flat_to_nested(soup: BeautifulSoup) -> None:
    run: list[Item] = []
    signs = {
        id(span.find_parent("p")): span
        for span in present(soup.find_all("span", style=IGNORED))
        if span.find_parent("p")
    }
    for paragraph in present(soup.find_all("p")):
        item = _item(paragraph, signs.get(id(paragraph)))
        if item and run and paragraph.find_previous_sibling(True) is not run[-1].tag:
            _nest(soup, run)
            run = []
        if item:
            run.append(item)
        elif run:
            _nest(soup, run)
            run = []
    if run:
        _nest(soup, run)


def _item(paragraph: Tag, sign: Tag | None) -> Item | None:
    found = WORD_LIST.search(style_of(paragraph))
    if found or sign:
        ordered = bool(sign and ORDERED.match(sign.get_text()))
        if sign:
            sign.decompose()
        return Item(paragraph, int(found[1]) if found else 1, ordered)
    first = next((words for words in paragraph.descendants if isinstance(words, NavigableString)), None)
    if first and BULLET.match(first) and paragraph.find_parent(["li", "td", "th"]) is None:
        first.replace_with(BULLET.sub("", first, count=1))
        return Item(paragraph, 1, False)
    return None


def _nest(soup: BeautifulSoup, run: list[Item]) -> None:
    open_lists: list[Tag] = []
    for item in run:
        name = "ol" if item.ordered else "ul"
        del open_lists[item.level :]
        if len(open_lists) == item.level and open_lists[-1].name != name:
            open_lists.pop()
        while len(open_lists) < item.level:
            made = soup.new_tag(name)
            last = open_lists[-1].find_all("li", recursive=False)[-1:] if open_lists else []
            if last:
                last[0].append(made)
            elif open_lists:
                holder = soup.new_tag("li")
                open_lists[-1].append(holder)
                holder.append(made)
            else:
                item.tag.insert_before(made)
            open_lists.append(made)
        entry = item.tag.extract()
        entry.name = "li"
        entry.attrs = {}
        open_lists[-1].append(entry)


def _levels_said_only(soup: BeautifulSoup) -> None:
    """Word on the web writes each item as a list of its own, and says the level beside it."""
    for wrapper in present(soup.find_all("div", class_=re.compile("ListContainerWrapper"))):
        wrapper.unwrap()
    for one in present(soup.find_all(["ul", "ol"])):
        items = one.find_all("li", recursive=False)
        level = str(items[0].get("data-aria-level") or items[0].get("aria-level") or "") if items else ""
        before = one.find_previous_sibling(True)
        if not level.isdecimal() or one.find_parent("li") or before is None or before.name not in ("ul", "ol"):
            continue
        target, depth = before, 1
        while depth < min(int(level), 9):
            last = target.find_all("li", recursive=False)[-1:]
            inner = last[0].find(["ul", "ol"], recursive=False) if last else None
            if inner is None:
                break
            target, depth = inner, depth + 1
        if depth == int(level) and target.name == one.name:
            for item in items:
                target.append(item.extract())
            one.decompose()
        elif depth < int(level):
            last = target.find_all("li", recursive=False)[-1:]
            (last[0] if last else target).append(one.extract())
