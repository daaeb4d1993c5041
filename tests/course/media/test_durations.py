"""How long films last, as people write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.media.durations import seconds_into, seconds_meant, seconds_written, spelt


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("4:30", 270), ("0:05", 5), ("120:00", 7200), ("1:02:03", 3723), (" 3:32 ", 212), ("62:03", 3723)],
)
def test_a_duration_is_read(written: str, seconds: int) -> None:
    assert seconds_written(written) == seconds


@pytest.mark.parametrize("written", ["", "4", "4:3", "4:75", "1:62:03", "3 min", "1:2:3:4", "-1:00", "٣:٣٢x"])
def test_nothing_else_is_a_duration(written: str) -> None:
    assert seconds_written(written) is None


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("3 min", 180), ("3min.", 180), ("3 minutes", 180), ("90 s", 90), ("1h 2m", 3720), ("4'30\"", 270),
        ("PT4M30S", 270), ("pt1h", 3600), ("5 Minuten", 300), ("2 h 5 min 3 s", 7503), ("1 hour", 3600),
        ("", None), ("soon", None), ("4.5", None), ("three minutes", None),
    ],
)  # fmt: skip
def test_what_was_meant_is_guessed(written: str, seconds: int | None) -> None:
    assert seconds_meant(written) == seconds


@pytest.mark.parametrize(
    ("offset", "seconds"),
    [
        ("90", 90), ("90s", 90), ("1m30s", 90), ("1h2m3s", 3723), ("1:30", 90), ("0:01:30.5", 90), ("90.5", 90),
        ("90,120", 90), ("npt:90", 90), ("", 0), ("soon", 0), ("-5", 0),
    ],
)  # fmt: skip
def test_an_address_says_where_to_begin(offset: str, seconds: int) -> None:
    assert seconds_into(offset) == seconds


@given(st.integers(0, 359_999))
def test_what_is_spelt_is_read_again(seconds: int) -> None:
    assert seconds_written(spelt(seconds)) == seconds
