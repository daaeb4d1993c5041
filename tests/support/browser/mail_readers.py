"""What clients are known to do to a mail before they show it: each function makes what one of them shows."""

import re
from collections.abc import Callable, Mapping
from colorsys import hls_to_rgb, rgb_to_hls

DOCTYPE = "<!doctype html>"
SHEET = re.compile(r"<style[^>]*>(.*?)</style>", re.S)
WORDS_OWN = re.compile(r"<!--\[if mso\]>.*?<!\[endif\]-->", re.S)
DARK_RULES = re.compile(r"@media \(prefers-color-scheme: dark\) {(?:[^{}]*{[^{}]*})*\s*}")
COLOURED = re.compile(r"<(\w+)([^>]* style=\"[^\"]*(?<![-\w])color: #[^>]*)>")
OWN_COLOUR = re.compile(r'((?:style="|;\s*)(background-color|color): |(bgcolor)=")(#[0-9a-f]{6})')
LIGHT = 0.5
"""Of a colour's lightness, from 0 to 1: above it backgrounds are darkened, below it text is lightened."""


def without_sheets(html: str) -> str:
    """Gmail's app with an address of another provider: no style sheet, no head, and the body a division."""
    return _within(SHEET.sub("", html))


def without_queries(html: str) -> str:
    """Thunderbird: style sheets lose what stands in `@media`."""
    return SHEET.sub(lambda sheet: "" if "@media" in sheet[1] else sheet[0], html)


def prefixed(html: str) -> str:
    """Yahoo and AOL: classes renamed in mail and sheets, rules below an id, no `height`, no doctype on Android."""
    html = re.sub(r'class="([^"]*)"', lambda found: f'class="{_renamed(found[1])}"', html)
    html = SHEET.sub(lambda sheet: f"<style>{_below_an_id(sheet[1])}</style>", html)
    html = re.sub(r"(?<![\w-])height: [^;\"]*;?", "", html)
    return _within(html, 'id="yiv1"').removeprefix(DOCTYPE)


def outlook_dark(html: str) -> str:
    """Outlook on the web and phones in the dark: own colours replaced, and marked as replaced."""
    return _within(darkened(COLOURED.sub(r"<\1 data-ogsc=''\2>", html)), "data-ogsc data-ogsb")


def darkened(html: str) -> str:
    """Gmail on Android in the dark: light backgrounds become dark, dark text light, the rest stays."""
    return _recoloured(html, lambda lightness, behind: lightness > LIGHT if behind else lightness < LIGHT)


def inverted(html: str) -> str:
    """Gmail on iPhones in the dark: every colour becomes as light as it was dark."""
    return _recoloured(html, lambda _lightness, _behind: True)


READERS: Mapping[str, Callable[[str], str]] = {
    "without sheets": without_sheets,
    "without queries": without_queries,
    "prefixed": prefixed,
    "outlook, dark": outlook_dark,
    "darkened": darkened,
    "inverted": inverted,
}


def _within(html: str, marked: str = "") -> str:
    """The client's own page, which keeps of the head the sheets alone; the body becomes a division."""
    kept = "".join(f"<style>{sheet}</style>" for sheet in SHEET.findall(WORDS_OWN.sub("", html)))
    body = html.partition("<body")[2].rpartition("</body>")[0]
    return f'{DOCTYPE}<html lang="en"><title>Mail</title>{kept}<div {marked}><div{body}</div></div>'


def _renamed(classes: str) -> str:
    return " ".join(f"yiv1{name}" for name in classes.split())


def _below_an_id(sheet: str) -> str:
    sheet = re.sub(r"\.([a-z])", r".yiv1\1", sheet)
    return re.sub(r"(?m)^(\s*)([^@{}\n][^{}\n]*){", lambda rule: f"{rule[1]}{_each_below(rule[2])} {{", sheet)


def _each_below(selectors: str) -> str:
    return ", ".join(f"#yiv1 {selector.strip()}" for selector in selectors.split(","))


def _recoloured(html: str, is_changed: Callable[[float, bool], bool]) -> str:
    """Colours of elements alone: sheets for the dark are left out, as these clients leave them out."""

    def colour(found: re.Match[str]) -> str:
        behind = found[2] != "color"
        red, green, blue = (int(found[4][at : at + 2], 16) / 255 for at in (1, 3, 5))
        hue, lightness, saturation = rgb_to_hls(red, green, blue)
        if not is_changed(lightness, behind):
            return found[0]
        parts = hls_to_rgb(hue, 1 - lightness, saturation)
        return found[1] + "#" + "".join(f"{round(part * 255):02x}" for part in parts)

    return OWN_COLOUR.sub(colour, DARK_RULES.sub("", html))
