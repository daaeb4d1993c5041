"""Texts made to be slow: twice the text takes no more than two and a half times as long, whatever it is."""

import gc
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from course.content.parse import parse_course
from course.drafts.check import check_files
from course.drafts.folder import Folder
from course.enrolment.many.csv_rows import open_csv, read_rows
from course.enrolment.registration import read_registration
from course.errors import DayletterError, Invalid
from course.incoming.clipboard import pasted
from course.incoming.from_html import markdown_of
from mailer.bounces.understand import understand
from mailer.providers.sendgrid.events import read_events
from tests.hostile.scale import FULL, note
from web.site.proxies import hops, read_address

NOW = datetime(2026, 3, 23, tzinfo=UTC)
SMALL, GREATER = 3_000, 4
"""Characters to begin with, and how many times as many are tried: what grows by the square takes sixteen times as
long with four times as many."""

MOST = 2.5**2
"""Twice the text may take two and a half times as long; so four times the text this."""


def lesson(body: str) -> str:
    return f"---\ntitle: A\nsubject: B\npreheader: C\n---\n{body}\n"


def drafted(text: str, path: str = "1-first.md") -> None:
    check_files(Folder("x", {"course.md": "---\ntitle: A\n---\nB\n", path: text}, {}, ()))


def in_matter(value: str) -> None:
    parse_course("x", {"course.md": f"---\ntitle: {value}\n---\nB\n", "1-first.md": lesson("C")})


def in_body(value: str) -> None:
    drafted(lesson(value))


def in_csv(value: str) -> None:
    with suppress(DayletterError):
        list(read_rows(open_csv("a.csv", f"email,name\n{value}".encode()), tracking=False, staff=(), now=NOW))


def in_html(value: str) -> None:
    with suppress(DayletterError):  # nested deeper than any text
        markdown_of(f"<html><body>{value}")


def in_clipboard(value: str) -> None:
    with suppress(DayletterError):
        pasted(f"<meta charset=utf-8><b style='font-weight:normal'>{value}")


def in_form(value: str) -> None:
    with suppress(Invalid):
        read_registration({"email": value, "name": value, "zone": value, "hour": value})


def in_header(value: str) -> None:
    for hop in hops(value, None) + hops(None, value):
        read_address(hop)
    read_address(value)


def in_webhook(value: str) -> None:
    read_events(value.encode())


def in_bounce(value: str) -> None:
    understand(f"From: a@b.example\r\nTo: c@d.example\r\nSubject: failed\r\n\r\n{value}".encode(), None, NOW)


IN_LESSONS = {
    "stars": "*a* ", "stars open": "**a*_", "brackets": "[[", "brackets both": "[a](", "links": "[a](b) ",
    "notes": "[^a] ", "notes told": "[^a]: x\n\n", "ticks": "`a``", "angles": "<a ", "tags": "<b>",
    "tags closed": "</b>", "quotes": "> ", "items": "- ", "items deep": "- a\n  ", "tables": "|a|\n|-|\n",
    "strokes": "|", "slots": "{{ name }}", "slots open": "{{ ", "entities": "&#x",
    "addresses": "http://a.b/c?d=e&",
    "mails": "a@b.c.", "films": '![a](media/a.mp4 "1:00")\n\n', "tasks": "- [ ] (1 min) a\n", "marks": "~~",
    "spaces": "a  \n", "no break": "\u00a0", "emoji": "👩‍👩‍👧‍👦", "combining": "e\u0301\u0301", "arabic": "ﷺ",
    "quotes set": "\"'a", "headings": "#", "rules": "- - ", "escapes": "\\\\", "definitions": "[a]: b 'c'\n",
    "comments": "<!-- ", "cdata": "<![CDATA[", "lines": "\n", "carriage": "\r", "alerts": "> [!TIP]\n> a\n\n",
}  # fmt: skip
IN_FRONT_MATTER = {
    "lists": "[", "lists both": "[a, ", "maps": "{a: ", "tags": "!!str ", "anchors": "&a ", "quotes": '"',
    "keys": "a: ", "question": "? ", "folds": ">\n  a\n", "colons": ":", "comments": " #", "dashes": "- ",
    "fields": "b\nc: ", "escapes": '"\\u0041', "stars": "*", "documents": "\n---\n", "percent": "%",
    "digits": "9",
}  # fmt: skip
# Not a tag with endless quotes: there Python's own reader grows by the square (CVE-2025-6069, mended since).
IN_PAGES = {
    "tags": "<b>", "tables": "<table><tr><td>", "items": "<ul><li>", "bold": "<span style='font-weight:bold'>a",
    "quotes": "<blockquote>", "closed": "</p>", "links": "<a href=b>c", "entities": "&amp", "comments": "<!--",
    "paragraphs": "<p>a", "cells": "<td colspan=9 rowspan=9>a", "pre": "<pre>",
}  # fmt: skip
IN_CLIPBOARDS = {
    "tags": "<b>", "lists": "<ol><li>", "words": "a ", "word items": "<p style='mso-list:l0 level1'>a",
}  # fmt: skip
IN_FORMS = {
    "ats": "@", "dots": "a.", "quotes": '"a" ', "idn": "ü", "signs": "\u200b", "slashes": "a/", "digits": "8",
}  # fmt: skip
IN_HEADERS = {"commas": "1.2.3.4, ", "pairs": 'for="[::1]";', "quotes": '"', "colons": ":", "semicolons": ";"}
IN_TABLES = {"quotes": '"', "commas": ",", "lines": "a@b.example,x\n", "semicolons": ";", "ats": "@"}
IN_WEBHOOKS = {"lists": "[", "maps": '[{"a":', "digits": "9", "strings": '"', "escapes": '"\\u0041'}
IN_BOUNCES = {
    "ats": "<a@b.example> ",
    "codes": "550 5.1.1 ",
    "lines": ">\n",
    "words": "not delivered ",
    "angles": "<",
}
PLACES: dict[str, tuple[Callable[[str], None], dict[str, str]]] = {
    "a lesson": (in_body, IN_LESSONS),
    "front matter": (in_matter, IN_FRONT_MATTER),
    "a table of learners": (in_csv, IN_TABLES),
    "a page to bring over": (in_html, IN_PAGES),
    "the clipboard": (in_clipboard, IN_CLIPBOARDS),
    "a form": (in_form, IN_FORMS),
    "headers": (in_header, IN_HEADERS),
    "a webhook": (in_webhook, IN_WEBHOOKS),
    "a bounce": (in_bounce, IN_BOUNCES),
}
SHAPES = [(place, name) for place, (_, shapes) in PLACES.items() for name in shapes]


def seconds(read: Callable[[str], None], text: str, times: int) -> float:
    taken: list[float] = []
    for _ in range(times):
        begun = time.process_time()
        read(text)
        taken.append(time.process_time() - begun)
    return min(taken)


def growth(read: Callable[[str], None], piece: str, size: int) -> float:
    """How many times as long four times the text takes; less than a hundredth of a second is as good as none."""
    short, long = (piece * (length // len(piece) + 1) for length in (size, size * GREATER))
    gc.disable()
    try:
        read(short)  # once for what is made only once
        return (seconds(read, long, 3) + 0.001) / max(seconds(read, short, 3), 0.004)
    finally:
        gc.enable()


@pytest.mark.parametrize(("place", "shape"), SHAPES)
def test_twice_the_text_takes_no_more_than_in_proportion(place: str, shape: str) -> None:
    read, shapes = PLACES[place]
    sizes = [SMALL, SMALL * GREATER] if FULL else [SMALL]
    for size in sizes:
        # What is only a step, such as another way for long texts, does not go on; nor does a busy machine.
        times = min(growth(read, shapes[shape], size), MOST)
        if times == MOST:
            times = growth(read, shapes[shape], size * GREATER)
        seen = {"tries": size * GREATER, "findings": int(times > MOST), "ratio": round(times, 1)}
        note(f"growth of {place} by {shape}", **seen)
        assert times <= MOST, f"{times:.1f} times as long for {GREATER} times {size} characters"
