"""The site's own files: `site.md`, and the texts `privacy.md` and `imprint.md` beside it. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from course.content.frontmatter import Fields
from course.content.problems import Problem
from course.language.words import Phrase

SITE_FILES: Mapping[str, str] = {"site": "site.md", "privacy": "privacy.md", "imprint": "imprint.md"}
"""By the name under which each is published."""

FIELDS = ("name", "contact", "privacy", "imprint", "logo", "accent", "issuer")
"""The last three are known, and not used yet."""

PAGE = re.compile(r"https://[^\s/?#@\\]+\.[^\s/?#@\\]+(?:[/?#][^\s\\]*)?", flags=re.I)
TITLE = re.compile(r"\A\s*#[ \t]+(\S.*?)[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Statement:
    """A page of the site: at an `address` elsewhere, or a `title` and its Markdown; empty where there is none."""

    address: str = ""
    title: str = ""
    markdown: str = ""


@dataclass(frozen=True, slots=True)
class SiteFile:
    """What the site says of itself. `contact` is a mailbox; `home` the Markdown of the front page."""

    name: str = ""
    contact: str = ""
    privacy: Statement = Statement()
    imprint: Statement = Statement()
    home: str = ""


def read_site_files(texts: Mapping[str, str]) -> tuple[SiteFile, tuple[Problem, ...]]:
    """Read the texts, by the names of `SITE_FILES`, with each problem at its file and line."""
    fields = Fields(SITE_FILES["site"], texts.get("site", "---\n---\n"))
    fields.allow_only(FIELDS)
    addresses = {name: _page(fields, name) for name in ("privacy", "imprint")}
    site = SiteFile(
        name=fields.text("name"),
        contact=fields.mailbox("contact"),
        privacy=_statement(addresses["privacy"], texts.get("privacy", "")),
        imprint=_statement(addresses["imprint"], texts.get("imprint", "")),
        home=fields.body.strip(),
    )
    unread = [_unread(name) for name, address in addresses.items() if address and name in texts]
    return site, tuple(sorted({*fields.problems, *unread}))


def _page(fields: Fields, name: str) -> str:
    """The address of a page elsewhere; empty where there is none."""
    address = fields.text(name)
    if address and not PAGE.fullmatch(address):
        message = Phrase(
            "`%(field)s` must be the address of a page, such as `https://example.org/%(field)s`; leave it out, and"
            " write the text into `%(file)s`.",
            {"field": name, "file": SITE_FILES[name]},
        )
        fields.note(name, "DL104", message)
        return ""
    return address


def _statement(address: str, text: str) -> Statement:
    if address:
        return Statement(address=address)
    found = TITLE.match(text)
    return Statement(title=found[1] if found else "", markdown=text[found.end() if found else 0 :].strip())


def _unread(name: str) -> Problem:
    message = Phrase(
        "Nobody reads this file, since `%(field)s` in `site.md` leads elsewhere; remove one of the two.",
        {"field": name},
    )
    return Problem(SITE_FILES[name], 1, "DL004", message)
