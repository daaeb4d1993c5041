"""The weekdays in a course's front matter: `mon-fri`, `mon, tue`, `weekends`, also in the course's language."""

import re
from collections.abc import Iterable, Mapping

from babel import Locale, UnknownLocaleError

EVERY_DAY = frozenset(range(7))
GROUPS: Mapping[str, frozenset[int]] = {
    "weekdays": frozenset(range(5)),
    "weekends": frozenset({5, 6}),
    "weekend": frozenset({5, 6}),
    "every day": EVERY_DAY,
    "daily": EVERY_DAY,
}
RANGE = re.compile(r"\s*(?:-|–|—)\s*")


def read_weekdays(written: object, language: str) -> frozenset[int]:
    """The days, Monday is 0: names or their short forms in English or the course's language, numbers, ranges that
    may go over a week-end (`fri-mon`), and lists of them. Raises ValueError with the word that is none."""
    entries = written if isinstance(written, list) else re.split(r"[,;]|\s+(?:and|und|et|y|e)\s+", str(written))
    names = _names(language)
    days = frozenset(day for entry in entries for day in _entry(str(entry).strip().casefold(), names))
    if not days:
        raise ValueError(str(written))
    return days


def _entry(text: str, names: Mapping[str, int]) -> Iterable[int]:
    if text in GROUPS:
        return GROUPS[text]
    if _plain(text) in names:
        return [names[_plain(text)]]
    ends = [_plain(end) for end in RANGE.split(text)]
    if len(ends) == 2 and all(end in names for end in ends):
        first, last = (names[end] for end in ends)
        return [(first + n) % 7 for n in range((last - first) % 7 + 1)]
    # As it was written before there were ranges: `mon tue fri`.
    if len(words := text.split()) > 1:
        return [day for word in words for day in _entry(word, names)]
    raise ValueError(text)


def _names(language: str) -> Mapping[str, int]:
    names = {str(day): day for day in range(7)}
    for locale in (_locale(language), Locale("en")):
        for forms in locale.days["format"].values(), locale.days["stand-alone"].values():
            for by_day in forms:
                names |= {_plain(name): day for day, name in by_day.items() if len(_plain(name)) > 1}
    return names


def _plain(name: str) -> str:
    return name.casefold().removesuffix(".")


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale("en")
