"""A course's one colour, and the tones of it that can be read where they stand, in light and in dark."""

import re
from collections.abc import Iterable
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass
from functools import lru_cache

COLOUR = re.compile("#[0-9a-f]{6}")
ENOUGH = 4.5
"""The least contrast of text: WCAG 2.2, 1.4.3."""
STEP = 1 / 512


@dataclass(frozen=True, slots=True)
class Tones:
    """`accent` is for links and buttons, `deep` for the same under a pointer, `wash` lies below text."""

    accent: str
    deep: str
    wash: str


@dataclass(frozen=True, slots=True)
class Mode:
    """One mode, light or dark: what accents stand on, the contrast they need there, and the tones used without an
    accent."""

    page: str
    card: str
    least: float
    default: Tones


LIGHT = Mode("#faf7f2", "#ffffff", ENOUGH, Tones("#b4431f", "#94350f", "#fbeee7"))
# More than enough: a tone that just passes looks murky in the dark.
DARK = Mode("#16181d", "#1f2229", 6.0, Tones("#f0926b", "#f6ab8b", "#33251f"))


@dataclass(frozen=True, slots=True)
class Palette:
    light: Tones
    dark: Tones


@lru_cache
def palette(accent: str) -> Palette:
    """The house's tones for an empty `accent`; else those nearest to it that can be read."""
    if not accent:
        return Palette(LIGHT.default, DARK.default)
    light, dark = darkened(accent), _first(accent, STEP, DARK)
    return Palette(
        Tones(light, _with_lightness(light, _lightness(light) * 0.8), _mixed(light, LIGHT.card)),
        Tones(dark, _with_lightness(dark, 1 - (1 - _lightness(dark)) * 0.75), _mixed(dark, DARK.card)),
    )


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (`#rrggbb`), from 1 to 21, as WCAG 2.2 defines it (contrast ratio)."""
    dim, bright = sorted((_luminance(one), _luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


def darkened(colour: str) -> str:
    """The colour itself where it can be read in light, with white text on it too; else the nearest darker tone."""
    return _first(colour, -STEP, LIGHT)


def _first(colour: str, step: float, mode: Mode) -> str:
    """At the end stands black or white, which can be read."""
    tone, lightness = colour, _lightness(colour)
    while min(contrast(tone, mode.page), contrast(tone, mode.card)) < mode.least:
        lightness += step
        tone = _with_lightness(colour, lightness)
    return tone


def _lightness(colour: str) -> float:
    return rgb_to_hls(*_parts(colour))[1]


def _with_lightness(colour: str, lightness: float) -> str:
    hue, _, saturation = rgb_to_hls(*_parts(colour))
    return _hex(hls_to_rgb(hue, min(max(lightness, 0), 1), saturation))


def _mixed(colour: str, ground: str) -> str:
    """A tenth of the colour on the ground."""
    pairs = zip(_parts(colour), _parts(ground), strict=True)
    return _hex(0.1 * above + 0.9 * below for above, below in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = bytes.fromhex(colour[1:])
    return red / 255, green / 255, blue / 255


def _hex(parts: Iterable[float]) -> str:
    return "#" + bytes(round(255 * part) for part in parts).hex()
