"""An author gives one colour, any; what is shown of it can be read."""

from hypothesis import example, given
from hypothesis import strategies as st

from course.content.colour import DARK, ENOUGH, LIGHT, Tones, contrast, darkened, palette

TEXT, TEXT_IN_DARK, ON_ACCENT_IN_DARK = "#1d2330", "#eceef2", "#16181d"
some_colour = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(some_colour)
@example("#000000")
@example("#ffffff")
@example("#ffff00")
@example("#00ff00")
@example("#0000ff")
def test_of_any_colour_links_buttons_and_washes_can_be_read_in_light_and_in_dark(colour: str) -> None:
    tones = palette(colour)
    for tone in (tones.light.accent, tones.light.deep):
        assert min(contrast(tone, ground) for ground in (LIGHT.page, LIGHT.card)) >= ENOUGH
        assert contrast("#ffffff", tone) >= ENOUGH
    for tone in (tones.dark.accent, tones.dark.deep):
        assert min(contrast(tone, ground) for ground in (DARK.page, DARK.card)) >= ENOUGH
        assert contrast(ON_ACCENT_IN_DARK, tone) >= ENOUGH
    assert contrast(TEXT, tones.light.wash) >= ENOUGH
    assert contrast(TEXT_IN_DARK, tones.dark.wash) >= ENOUGH
    # A sign on a wash is no text (1.4.11).
    assert contrast(tones.light.accent, tones.light.wash) >= 3
    assert contrast(tones.dark.accent, tones.dark.wash) >= 3


@given(some_colour)
def test_a_tone_that_was_suggested_is_shown_as_it_is(colour: str) -> None:
    tone = darkened(colour)
    assert darkened(tone) == palette(tone).light.accent == palette(colour).light.accent == tone


@given(some_colour)
def test_a_darker_tone_is_no_darker_than_it_must_be(colour: str) -> None:
    tone = darkened(colour)
    assert tone == colour or contrast(tone, LIGHT.page) < ENOUGH + 0.15


def test_a_colour_stays_where_it_can_be_read() -> None:
    assert palette("#2e6b4f").light.accent == "#2e6b4f"
    assert palette("#ffd84d").dark.accent == "#ffd84d"


def test_a_colour_too_light_for_white_words_becomes_a_darker_one_of_its_hue() -> None:
    assert palette("#ffd84d").light == Tones("#8d6e00", "#715800", "#f4f0e6")


def test_without_a_colour_the_house_s_own_is_shown() -> None:
    assert palette("").light == LIGHT.default
    assert palette("").dark == DARK.default


def test_contrast_is_what_the_guidelines_say() -> None:
    assert contrast("#ffffff", "#000000") == 21
    assert contrast("#777777", "#777777") == 1
    assert 4.47 < contrast("#777777", "#ffffff") < 4.48 < 4.54 < contrast("#ffffff", "#767676") < 4.55
