"""Mails use only what Gmail, Outlook, Apple Mail and Yahoo know, or what they can do without."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.author.mail_samples import COURSE_MD, KINDS, compiled, course, elements, parts

TABLE = tomllib.loads((Path(__file__).parent / "mail_clients.toml").read_text())
EVERYWHERE = "yes yes yes yes yes"
MARK = re.compile(r"(?<=\d)(?:[a-z]+|%)|![a-z]+|\b(?:system-ui|ui-[a-z]+)|[a-z]+\(")
"""What may trouble a client within a value: units, `!important`, the system's fonts, functions."""
RIGHT_TO_LEFT = COURSE_MD.replace("sender:", "language: ar\nsender:")
ALL_OF_MARKDOWN = """---
title: Everything an author may write
preheader: In one lesson.
---
# One

## Two

### Three

#### Four

##### Five

###### Six

> Said by **somebody** else, *slowly*, in `code`.\x20\x20
> On a second line.

- a point

3. a third point

```
a fence
```

| left | right |
|------|------:|
| 1    | 2     |

~~Struck~~, and mentioned.[^1]

[^1]: At the end.

---

![A bowl of dough.](media/bowl.jpg) [Write](mailto:a@example.org) or [read](https://x.example.org "A hint").

![Kneading](media/knead.mp4 "4:30")

[Flour in short](articles/flour.md)

- [ ] Weigh the **flour**
"""


@pytest.fixture(scope="module")
def mails() -> list[str]:
    courses = (course(lesson_md=ALL_OF_MARKDOWN), course(lesson_md=ALL_OF_MARKDOWN, course_md=RIGHT_TO_LEFT))
    # What only Word reads stands in comments.
    return [re.sub("<!--.*?-->", "", parts(compiled(kind, of))[1], flags=re.S) for kind in KINDS for of in courses]


def sheets(html: str) -> str:
    return " ".join(re.findall(r"<style[^>]*>(.*?)</style>", html, re.S))


def declarations(html: str) -> Iterator[str]:
    inline = (given.get("style", "") for _, given in elements(html))
    for block in (*inline, *re.findall(r"{([^{}]*)}", sheets(html))):
        yield from (part.strip() for part in block.split(";") if part.strip())


def selectors(html: str) -> Iterator[str]:
    for selector in re.findall(r"([^{}@;]+){[^{}]*}", sheets(html)):
        if "[" in selector:
            yield "attribute"
        if "." in selector:
            yield "class"
        if " " in selector.strip():
            yield "descendant"
        if re.search(r"(^|[\s,])[a-z]", selector):
            yield "type"
        if "," in selector:
            yield "grouping"
        assert not re.search(r"[>+~:#*]|[\w\]][.\[]", selector), "Word and Outlook on the web misread a chain"


def used(section: str, html: str) -> set[str]:
    match section:
        case "properties":
            return {declaration.partition(":")[0] for declaration in declarations(html)}
        case "values":
            plain = (re.sub("#[0-9a-f]{6}", "", declaration) for declaration in declarations(html))
            return {mark for value in plain for mark in MARK.findall(value)}
        case "at-rules":
            return {rule.strip() for rule in re.findall(r"@[^{;]+", sheets(html))}
        case "selectors":
            return set(selectors(html))
        case "elements":
            return {tag for tag, _ in elements(html)} | set(re.findall("^<(!DOCTYPE) html>", html))
        case "meta":
            return {given["name"] for tag, given in elements(html) if tag == "meta" and "name" in given}
        case _:
            return {name for _, given in elements(html) for name in given}


@pytest.mark.parametrize("section", TABLE)
def test_mails_use_what_the_table_lists_and_nothing_else(mails: list[str], section: str) -> None:
    assert set().union(*(used(section, html) for html in mails)) == set(TABLE[section])


@pytest.mark.parametrize("section", TABLE)
def test_what_some_client_does_not_know_has_a_reason_to_be_used_all_the_same(section: str) -> None:
    for name, row in TABLE[section].items():
        assert row.get("known") == EVERYWHERE or row["why"], name
        assert ("known" in row) == ("source" in row) == ("tested" in row), name


def test_values_are_those_that_old_clients_know(mails: list[str]) -> None:
    values = {declaration for html in mails for declaration in declarations(html)}
    assert {value for value in values if value.startswith("text-align")} <= {
        "text-align: left",
        "text-align: right",
        "text-align: center",
    }
    assert not [value for value in values if re.search(r": -\d", value)]
    assert not [value for value in values if "!important" in value and " !important" not in value]


def test_style_sheets_stay_within_what_gmail_reads(mails: list[str]) -> None:
    for html in mails:
        assert "/*" not in sheets(html)
        assert len(sheets(html).encode()) < 16 * 1024
