"""Our own colours can be read, in mails and on pages, in light and in dark (WCAG 2.2, 1.4.3); and those made of an
author's one colour."""

import re
from itertools import product

import pytest

from course.content.colour import DARK, LIGHT, Mode, Tones, contrast, palette
from mailer.compose.layouts import render
from tests.support.project import ROOT

SITE = (ROOT / "web" / "styles" / "site" / "tokens.css").read_text()
IN_LIGHT, IN_DARK, _ON_PAPER = SITE.split("@media")
COLOUR = re.compile(r"#[0-9a-f]{6}\b")


def tokens(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", css))


LIGHT_TOKENS = tokens(IN_LIGHT)
DARK_TOKENS = LIGHT_TOKENS | tokens(IN_DARK)


@pytest.mark.parametrize("mode", [LIGHT_TOKENS, DARK_TOKENS], ids=["light", "dark"])
def test_every_pair_of_a_page_can_be_read(mode: dict[str, str]) -> None:
    pairs = [
        *product(("text", "quiet", "accent", "good", "warn", "wrong"), ("page", "card")),
        ("on-accent", "accent"),
    ]
    pairs += [("text", "wash"), ("on-accent", "accent-deep")]
    assert [(pair, mode) for pair in pairs if contrast(mode[pair[0]], mode[pair[1]]) < 4.5] == []
    assert contrast(mode["edge"], mode["card"]) >= 3
    assert contrast(mode["edge"], mode["page"]) >= 3


@pytest.mark.parametrize(("mode", "known"), [(LIGHT_TOKENS, LIGHT), (DARK_TOKENS, DARK)], ids=["light", "dark"])
def test_the_tones_of_an_author_s_colour_are_made_for_the_grounds_that_pages_have(
    mode: dict[str, str], known: Mode
) -> None:
    assert (mode["page"], mode["card"]) == (known.page, known.card)
    assert Tones(mode["accent"], mode["accent-deep"], mode["wash"]) == known.default


def ink(css: str, selector: str, what: str) -> str:
    """The colour that a rule of the mail's sheet sets last."""
    rules = re.findall(
        rf"^\s*(?:[^{{}}\n]*,\s*)?{re.escape(selector)}(?:,[^{{}}\n]*)? \{{([^}}]*)\}}", css, flags=re.M
    )
    found = [colour for rule in rules for colour in re.findall(rf"(?<![a-z-]){what}: (#[0-9a-f]{{6}})", rule)]
    return str(found[-1])


@pytest.mark.parametrize("accent", ["", "#2e6b4f", "#1d4ed8", "#ffd84d"])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_pair_of_a_mail_can_be_read(mode: str, accent: str) -> None:
    light, link, within = (
        mode == "light",
        "a" if mode == "light" else ".card a",
        "" if mode == "light" else ".card ",
    )
    sheet = "layout/mail.css" if light else "layout/dark.css"
    css = render(sheet, {"palette": palette(accent), "start": "left", "end": "right"})
    page, card = ink(css, ".page", "background-color"), ink(css, ".card", "background-color")
    pairs = [
        (ink(css, ".card", "color"), card),
        *product([ink(css, ".quiet", "color"), ink(css, link, "color")], [page, card]),
        (ink(css, f"{within}.button-link", "color"), ink(css, ".button", "background-color")),
        (ink(css, f"{within}.still-link", "color"), ink(css, ".still", "background-color")),
    ]
    assert all(COLOUR.fullmatch(colour) for pair in pairs for colour in pair)
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []
