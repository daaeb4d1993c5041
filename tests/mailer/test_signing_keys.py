"""Whether every key that signed a mail is still there."""

from datetime import UTC, datetime, timedelta

import pytest

from course.times import RealTime
from mailer.signing_keys import MISSED_FOR, KeyUse, after_signing, missed, read_uses, without_missing, written

NOW = RealTime(datetime(2026, 3, 27, 12, tzinfo=UTC))
A_WEEK = timedelta(days=7)


def used(name: str, since_days: int | None, last_days: int) -> KeyUse:
    since = None if since_days is None else NOW - timedelta(days=since_days)
    return KeyUse(name, since, NOW - timedelta(days=last_days))


OLD, NEW = used("old", None, 30), used("new", 30, 0)
LONG_AGO = KeyUse("older", None, NOW - MISSED_FOR - timedelta(days=1))

CASES = {
    "nothing was signed yet": ((), ["any"], []),
    "the same key": ((OLD,), ["old"], []),
    "rotated, the old one kept": ((OLD,), ["new", "old"], []),
    "changed, the old one gone": ((OLD,), ["new"], ["old"]),
    "rotated, and the old one taken away a month later": ((OLD, NEW), ["new"], ["old"]),
    "rotated, and back to the old one alone": ((OLD, NEW), ["old"], ["new"]),
    "the old one first again": ((OLD, NEW), ["old", "new"], []),
    "taken away long after it signed": ((LONG_AGO, NEW), ["new"], []),
}


@pytest.mark.parametrize("case", CASES)
def test_which_keys_are_missed(case: str) -> None:
    uses, present, expected = CASES[case]
    assert [use.fingerprint for use in missed(uses, present, NOW, NOW)] == expected


def test_a_process_that_was_not_started_anew_yet_misses_no_newer_key() -> None:
    began_at = RealTime(NOW - timedelta(days=31))
    assert missed((OLD, NEW), ["old"], began_at, NOW) == ()


def test_the_first_key_is_noted_from_the_beginning_and_a_later_one_from_when_it_came() -> None:
    first = after_signing((), ["old"], NOW)
    assert first == (KeyUse("old", None, NOW),)
    second = after_signing(first, ["new", "old"], RealTime(NOW + A_WEEK))
    assert second == (*first, KeyUse("new", NOW + A_WEEK, NOW + A_WEEK))


def test_when_a_key_last_signed_is_noted_once_a_day() -> None:
    first = after_signing((), ["old"], NOW)
    assert after_signing(first, ["old"], RealTime(NOW + timedelta(hours=23))) == first
    assert after_signing(first, ["old"], RealTime(NOW + A_WEEK)) == (KeyUse("old", None, NOW + A_WEEK),)


def test_what_is_written_is_read_back_and_what_was_given_up_is_forgotten() -> None:
    assert read_uses(written((OLD, NEW))) == (OLD, NEW)
    assert read_uses(None) == ()
    assert without_missing((OLD, NEW), ["new"]) == (NEW,)
