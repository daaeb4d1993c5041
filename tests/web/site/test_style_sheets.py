"""One scale each for type, space, corners and strokes, named in one sheet; no rule twice, and none for nothing."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import get_args

import pytest

from tests.support.project import ROOT
from tests.support.style_rules import style_rules
from tests.support.world.world import World
from web.learner.view.course_values import DayState
from web.site.style_sheets import FOLDER, ROOMS
from web.studio.plots import MARKS
from web.studio.writing.diffs import LINE_KINDS
from web.studio.writing.mail_views import VIEWS

WEB = ROOT / "web"
SHEETS = {f"{room}/{name}": (FOLDER / room / f"{name}.css").read_text() for room in ROOMS for name in ROOMS[room]}
TOKENS = SHEETS["site/tokens"]
OTHERS = "\n".join(css for name, css in SHEETS.items() if name != "site/tokens")

SCALES = (
    (re.compile(r"font-size"), "type"),
    (re.compile(r"line-height"), "leading"),
    (re.compile(r"(margin|padding|scroll-padding)(-.*)?|(row-|column-)?gap"), "space|nudge|around-box|box|stroke"),
    (re.compile(r"border(-.*)?-radius"), "radius"),
    (re.compile(r"(border|outline)(-(block|inline|top|bottom))?(-start|-end)?(-width)?"), "stroke|space"),
)
"""Which names a property may take its size from, by how they begin."""

FREE = r"(?<![\w.-])(0(?![\w.])|\d+%)|var\(--(line|edge|accent|good|warn|wrong)\)"
"""What needs no name: nothing, a share, and the colour of a line."""

FONT = re.compile(r"inherit|(\d{3} )?var\(--type-[a-z-]+\) / var\(--leading-[a-z-]+\) var\(--(serif|sans|mono)\)")
WINDOWS = {"30rem", "29.99rem", "48rem", "64rem", "63.99rem", "36rem"}
"""Three widths, and just below them; the last is that of a table, not of a window."""

SET_BY_CODE = {
    *(f"is-{state}" for state in get_args(DayState)),
    *(mark.rstrip("0123456789") for mark in MARKS),
    *(kind for _, kind in LINE_KINDS),
    *(view.name for view in VIEWS),
}
"""Classes that a template takes from a value."""


def sizes_off_the_scale(css: str) -> list[str]:
    """An `@page` is left out: it knows no custom properties, and measures paper."""
    return [
        f"{rule} {{{name}: {value}}}"
        for rule in style_rules(css)
        for name, value in rule.declarations
        if not rule.selectors[0].startswith("@page") and not _on_the_scale(name, value)
    ]


def _on_the_scale(name: str, value: str) -> bool:
    if name == "font":
        return FONT.fullmatch(value) is not None
    for properties, scale in SCALES:
        if properties.fullmatch(name):
            size = rf"var\(--({scale})[a-z0-9-]*\)"
            left = re.sub(rf"calc\((-?\d+ \* {size}|{size} \+ {size})\)|{size}|{FREE}", "", value)
            return re.search(r"\d|var\(", left) is None
    return True


def colours_without_a_name(css: str) -> list[str]:
    return [
        f"{rule} {{{value}}}"
        for rule in style_rules(css)
        for _, value in rule.declarations
        if "#" in value or "rgb" in value
    ]


def said_twice(css: str) -> list[str]:
    """A rule whose selectors stand together once more, or a property that a selector gets from two rules."""
    rules = list(style_rules(css))
    heads = Counter(str(rule) for rule in rules)
    properties = Counter(
        f"{rule.condition} {selector} {{{name}}}".strip()
        for rule in rules
        for selector in rule.selectors
        for name in {name for name, _ in rule.declarations}
    )
    return [said for said, times in (heads + properties).items() if times > 1]


def names_that_miss(css: str) -> set[str]:
    """Custom properties that are defined or used, and not both."""
    return set(re.findall(r"(--[a-z0-9-]+):", css)) ^ set(re.findall(r"var\((--[a-z0-9-]+)\)", css))


def classes_for_nothing(css: str, used: set[str]) -> set[str]:
    return {name for rule in style_rules(css) for selector in rule.selectors for name in _classes(selector)} - used


def _classes(selector: str) -> list[str]:
    return re.findall(r"\.([a-z][a-z-]*)", selector)


def classes_used() -> set[str]:
    templates = [file.read_text() for file in (WEB / "templates").rglob("*.html")]
    scripts = [file.read_text() for file in (WEB / "static").glob("*.js")]
    said = [
        *(found for text in templates for found in re.findall(r'\bclass="((?:{{.*?}}|[^"])*)"', text)),
        *(found for text in templates for found in re.findall(r"{% block head_class %}(.*?){%", text)),
        *(found for text in scripts for found in re.findall(r'className(?: =|:) "([^"]*)"', text)),
        *(found for text in scripts for found in re.findall(r'classList\.\w+\("([^"]*)"', text)),
    ]
    return SET_BY_CODE | {word for text in said for word in re.findall(r"[a-z][a-z-]*", text)}


def test_every_size_of_type_space_corners_and_strokes_is_one_of_the_scale() -> None:
    assert sizes_off_the_scale(OTHERS) == []


def test_every_colour_has_a_name() -> None:
    assert colours_without_a_name(OTHERS) == []


def test_no_rule_is_said_twice() -> None:
    assert said_twice("\n".join(SHEETS.values())) == []


def test_every_name_is_defined_and_used() -> None:
    assert names_that_miss("\n".join(SHEETS.values())) == set()


def test_no_rule_is_for_a_class_that_nothing_has() -> None:
    assert classes_for_nothing(OTHERS, classes_used()) == set()


def test_windows_change_a_page_at_three_widths() -> None:
    assert set(re.findall(r"@(?:media|container)[^{]*width: ([^)]+)\)", OTHERS)) <= WINDOWS


@pytest.mark.parametrize(
    "wrong",
    [
        "font-size: 15px", "font-size: 1em", "font: 600 1rem/1.5 var(--sans)", "line-height: 1.4", "margin: 0 5px",
        "margin: -2px 0", "padding: 1.5em var(--space-8)", "padding: var(--type-small)", "gap: 0.5rem",
        "border-radius: 3px", "border-start-start-radius: 50px", "border: 1px solid var(--line)",
        "font-size: calc(1px + var(--type-small))", "margin: calc(var(--space-8) * 1.5)",
    ],
)  # fmt: skip
def test_a_size_of_its_own_is_found(wrong: str) -> None:
    assert len(sizes_off_the_scale(f".a {{{wrong};}}")) == 1


@pytest.mark.parametrize(
    "right",
    [
        "font-size: var(--type-small)", "font: inherit",
        "font: 600 var(--type-text) / var(--leading-one) var(--sans)", "margin: 0 auto",
        "margin: calc(-1 * var(--space-8)) var(--space-4)", "padding: 0", "border: 0",
        "border-radius: var(--radius)", "border-top: var(--stroke) solid var(--line)", "padding: 50%",
        "border-color: var(--accent)", "width: 17px",
    ],
)  # fmt: skip
def test_a_size_of_the_scale_passes(right: str) -> None:
    assert sizes_off_the_scale(f".a {{{right};}}") == []


def test_what_is_said_twice_is_found() -> None:
    assert said_twice(".a { gap: 0; } .b { gap: 0; } @media print { .a { gap: 0; } }") == []
    assert said_twice(".a { gap: 0; } .a { margin: 0; }") == [".a"]
    assert said_twice(".a, .b { gap: 0; } .b { gap: 0; }") == [".b {gap}"]


def test_other_faults_are_found() -> None:
    assert len(colours_without_a_name(".a { color: #fff000; }")) == 1
    assert names_that_miss(":root { --a: 0; --b: 0; } .c { width: var(--b); height: var(--d); }") == {"--a", "--d"}
    assert classes_for_nothing(".a .b > .c:has(.d) { gap: 0; }", {"a", "c"}) == {"b", "d"}


def test_every_sheet_belongs_to_a_room() -> None:
    assert {str(file.relative_to(FOLDER).with_suffix("")) for file in FOLDER.rglob("*.css")} == SHEETS.keys()


def linked() -> Iterator[str]:
    for file in (WEB / "templates").rglob("*.html"):
        yield from re.findall(r"styles\('(\w+)'\)", file.read_text())


def test_every_room_is_linked_by_a_page() -> None:
    assert set(linked()) == ROOMS.keys()


def test_a_room_is_answered_whole_and_no_other_is(world: World) -> None:
    client = world.app.test_client()
    for room, names in ROOMS.items():
        answer = client.get(f"/styles/{room}.css")
        assert (answer.status_code, answer.mimetype) == (200, "text/css")
        assert answer.text == "\n".join(SHEETS[f"{room}/{name}"] for name in names)
    assert client.get("/styles/tokens.css").status_code == 404
    assert client.get("/styles/..%2Fsite.css").status_code == 404


def test_a_page_asks_for_two_sheets_at_most(world: World) -> None:
    world.enrol()
    for path in ("/", world.learn_url(), f"{world.learn_url()}/dough-1", "/inbox", "/learn/none"):
        assert world.person.look(path).text.count('rel="stylesheet"') <= 2
