"""Our own colours can be read, in mails and on pages, in light and in dark (WCAG 2.2, 1.4.3). Authors set none."""

import re
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "web" / "static" / "style.css").read_text()
MAILS = (ROOT / "mailer" / "templates" / "layout" / "mail.css").read_text()
DARK = "@media (prefers-color-scheme: dark)"
COLOUR = re.compile(r"#[0-9a-f]{6}\b")


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def tokens(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", css))


LIGHT_TOKENS = tokens(PAGES.partition(DARK)[0])
DARK_TOKENS = LIGHT_TOKENS | tokens(PAGES.partition(DARK)[2].partition("/* ---- Ground")[0])


@pytest.mark.parametrize("mode", [LIGHT_TOKENS, DARK_TOKENS], ids=["light", "dark"])
def test_every_pair_of_a_page_can_be_read(mode: dict[str, str]) -> None:
    pairs = [*product(("text", "quiet", "accent", "good", "warn"), ("page", "card")), ("on-accent", "accent")]
    pairs += [("text", "wash"), ("on-accent", "accent-deep")]
    assert [(pair, mode) for pair in pairs if contrast(mode[pair[0]], mode[pair[1]]) < 4.5] == []
    assert contrast(mode["edge"], mode["card"]) >= 3
    assert contrast(mode["edge"], mode["page"]) >= 3


def ink(css: str, selector: str, what: str) -> str:
    """The colour that a rule of the mail's sheet sets last."""
    rules = re.findall(
        rf"^\s*(?:[^{{}}\n]*,\s*)?{re.escape(selector)}(?:,[^{{}}\n]*)? \{{([^}}]*)\}}", css, flags=re.M
    )
    found = [colour for rule in rules for colour in re.findall(rf"(?<![a-z-]){what}: (#[0-9a-f]{{6}})", rule)]
    return str(found[-1])


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_pair_of_a_mail_can_be_read(mode: str) -> None:
    light, _, dark = MAILS.partition(DARK)
    dark = dark or (MAILS if mode == "light" else (ROOT / "mailer/templates/layout/dark.css").read_text())
    css, link = (light, "a") if mode == "light" else (dark, ".card a")
    page, card = ink(css, ".page", "background-color"), ink(css, ".card", "background-color")
    pairs = [(ink(css, ".card", "color"), card), (ink(css, ".quiet", "color"), card)]
    pairs += [
        (ink(css, ".quiet", "color"), page),
        (ink(css, link, "color"), card),
        (ink(css, link, "color"), page),
    ]
    pairs += [(ink(css, ".button-link" if mode == "light" else ".card .button-link", "color"),
               ink(css, ".button", "background-color"))]  # fmt: skip
    pairs += [(ink(css, ".still-link" if mode == "light" else ".card .still-link", "color"),
               ink(css, ".still", "background-color"))]  # fmt: skip
    assert all(COLOUR.fullmatch(colour) for pair in pairs for colour in pair)
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []
