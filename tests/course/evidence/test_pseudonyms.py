"""A browser and an address have a name for a day, and nobody knows whose it was."""

import pytest

from course.evidence.pseudonyms import session_of, source_of

SALT, TOMORROWS = b"a" * 32, b"b" * 32
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def test_a_name_holds_for_a_day_and_not_for_the_next() -> None:
    assert source_of(SALT, "203.0.113.9") == source_of(SALT, "203.0.113.9") != source_of(TOMORROWS, "203.0.113.9")
    assert session_of(SALT, "ada", AGENT, "203.0.113.9") != session_of(TOMORROWS, "ada", AGENT, "203.0.113.9")


def test_a_name_shows_nothing_of_what_it_stands_for() -> None:
    assert len(source_of(SALT, "203.0.113.9")) == len(session_of(SALT, "ada", AGENT, "203.0.113.9")) == 16


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2:bbbb::2"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        (" 203.0.113.9", "203.0.113.9"),
    ],
)
def test_one_household_has_one_name(one: str, other: str) -> None:
    assert source_of(SALT, one) == source_of(SALT, other)
    assert session_of(SALT, "ada", AGENT, one) == session_of(SALT, "ada", AGENT, other)


@pytest.mark.parametrize(
    ("one", "other"), [("203.0.113.9", "203.0.113.8"), ("2001:db8:1:2::1", "2001:db8:1:3::1")]
)
def test_two_households_have_two(one: str, other: str) -> None:
    assert source_of(SALT, one) != source_of(SALT, other)


def test_readers_behind_one_address_with_the_same_browser_have_sessions_of_their_own() -> None:
    assert session_of(SALT, "ada", AGENT, "203.0.113.9") != session_of(SALT, "bea", AGENT, "203.0.113.9")


def test_parts_do_not_run_into_each_other() -> None:
    assert session_of(SALT, "ada", "bx", "203.0.113.9") != session_of(SALT, "adab", "x", "203.0.113.9")
    assert session_of(SALT, "a\0", "1:b", "203.0.113.9") != session_of(SALT, "a", "\0" + "1:b", "203.0.113.9")


@pytest.mark.parametrize("address", ["", "unix:", "203.0.113.9, 10.0.0.1", "somewhere"])
def test_who_has_no_address_has_no_name(address: str) -> None:
    assert source_of(SALT, address) == session_of(SALT, "ada", AGENT, address) == ""
