"""The weekdays of a course, as authors write them."""

import pytest

from course.content.weekdays import read_weekdays

WORKING, WEEKEND = {0, 1, 2, 3, 4}, {5, 6}


@pytest.mark.parametrize(
    ("written", "language", "days"),
    [
        ("mon-fri", "en", WORKING),
        ("Mon – Fri", "en", WORKING),
        ("monday-friday", "en", WORKING),
        ("weekdays", "en", WORKING),
        ("weekends", "en", WEEKEND),
        ("sat, sun", "en", WEEKEND),
        ("fri-mon", "en", {4, 5, 6, 0}),
        ("mon, wed-fri", "en", {0, 2, 3, 4}),
        ("mon tue fri", "en", {0, 1, 4}),
        ("Monday and Thursday", "en", {0, 3}),
        (["mon", "Tuesday", 4], "en", {0, 1, 4}),
        (3, "en", {3}),
        ("Montag-Freitag", "de", WORKING),
        ("Mo-Fr", "de", WORKING),
        ("Samstag und Sonntag", "de", WEEKEND),
        ("mon-fri", "de", WORKING),
        ("lundi, mercredi", "fr", {0, 2}),
        ("lun.-ven.", "fr", WORKING),
        ("miércoles", "es", {2}),
        ("segunda-feira", "pt", {0}),
        ("segunda-feira, sexta-feira", "pt-BR", {0, 4}),
    ],
)
def test_days_are_read_as_they_are_written(written: object, language: str, days: set[int]) -> None:
    assert read_weekdays(written, language) == days


@pytest.mark.parametrize(
    ("written", "language", "word"),
    [
        ("monsoon", "en", "monsoon"),
        ("mon, someday", "en", "someday"),
        ("7", "en", "7"),
        ("", "en", "^$"),
        ([], "en", r"\[\]"),
        ("mon-", "en", "mon-"),
        ("mon-someday", "en", "mon-someday"),
        ("lundi", "en", "lundi"),
        ("Montag bis", "de", "bis"),
        ({"mon": "tue"}, "en", "mon"),
    ],
)
def test_any_other_word_is_refused_and_named(written: object, language: str, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        read_weekdays(written, language)
