"""Markdown as Notion exports it, and other programs with it, as ours."""

import re
from collections.abc import Callable
from urllib.parse import unquote

from course.content.files.frame import frame_of
from course.content.files.values import read_values
from course.content.markup.structure import code_lines, structure
from course.incoming.losses import DATABASE, EQUATION, Losses, without_marks
from course.incoming.tidy import tidied

ID = re.compile(r"[ _-]+[0-9a-f]{32}(?=$|[./])")
LINK = re.compile(r"(!?)\[((?:[^\[\]\n]|\[[^\[\]\n]*\]){0,500})\]\(([^()\n]*(?:\([^()\n]*\)[^()\n]*)*)\)")
TAGS = re.compile(
    r"</?(?:u|span|font|b|i|mark|div|center|p|details|aside|ul|li|hr|h[1-6]|br)\b[^<>\n]{0,300}>", re.I
)
SUMMARY = re.compile(r"<summary>(.*?)</summary>", flags=re.I)
PROPERTY = re.compile(r"[A-Z][\w ]{0,40}: \S.*")

Target = Callable[[str], str | None]
"""From a path as the text has it to ours: `media/a.png`; empty for a page without a path, None for nothing."""


def plain_name(path: str) -> str:
    """The name that a page had in Notion: `Day 1 0a1b...9f.md` is `Day 1`."""
    name = path.rpartition("/")[2]
    return ID.sub("", re.sub(r"\.(?:md|markdown|csv)$", "", name, flags=re.I)).strip()


def notion_markdown(text: str, target: Target, losses: Losses) -> str:
    """The marked Markdown of one page."""
    text = _without_matter(without_marks(text))
    hidden = code_lines(structure(text))
    lines = text.split("\n")
    kept: list[str] = []
    aside, formula = False, False
    properties = bool(lines and lines[0].startswith("# "))
    for at, line in enumerate(lines):
        plain = line.strip()
        if at in hidden:
            kept.append(line)
        elif plain.startswith("<aside>"):
            aside = True
            kept += ["", *_quoted(plain[7:], target, losses)] if plain[7:] else [""]
        elif plain.endswith("</aside>"):
            kept += [*_quoted(plain[:-8], target, losses), ""] if plain[:-8] else [""]
            aside = False
        elif plain == "$$":
            formula = not formula
            kept.append(losses.cannot_be_kept(EQUATION) if formula else "")
        elif not formula:
            # What a row of a database says of itself stands right below the title.
            if properties and at and plain and not PROPERTY.fullmatch(plain):
                properties = False
            if not (properties and PROPERTY.fullmatch(plain)):
                kept += _quoted(line, target, losses) if aside else [_line(line, target, losses)]
    return tidied("\n".join(kept))


def _quoted(line: str, target: Target, losses: Losses) -> list[str]:
    return [f"> {_line(line.strip(), target, losses)}".rstrip()] if line.strip() else [">"]


def _without_matter(text: str) -> str:
    """Front matter of another program; its title becomes a heading, if the text has none."""
    frame = frame_of(text)
    if frame is None:
        return text
    body, title = text[frame.end :], read_values(frame.source).values.get("title")
    has_title = re.match(r"# \S", body.lstrip())
    return f"# {title}\n\n{body}" if isinstance(title, str) and title and not has_title else body


def _line(line: str, target: Target, losses: Losses) -> str:
    line = SUMMARY.sub(r"**\1**", line)
    line = LINK.sub(lambda found: _link(found, target, losses), line)
    if re.fullmatch(r"\s*\$[^$]+\$\s*", line):
        return losses.cannot_be_kept(EQUATION)
    return TAGS.sub("", line)


def _link(found: re.Match[str], target: Target, losses: Losses) -> str:
    picture, words, address = found[1], found[2], found[3].strip()
    if re.match(r"[a-z][a-z0-9+.-]*:|//|#", address, flags=re.I):
        if address.startswith(("#", "https://www.notion.so/", "https://notion.so/")):
            return words
        return losses.picture(words) if picture and not address.startswith("https://") else found[0]
    path = unquote(address.partition("#")[0])
    ours = target(path)
    if ours:
        return f"{picture}[{words}]({ours})"
    if ours is not None:
        return words
    if path.lower().endswith(".csv"):
        return f"{words}{losses.cannot_be_kept(DATABASE)}"
    return losses.picture(plain_name(path)) if picture else f"{words}{losses.file(plain_name(path))}"
