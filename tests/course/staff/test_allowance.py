"""How many links may be mailed: a table of who asked before, and who asks now."""

from datetime import UTC, datetime, timedelta

import pytest

from course.staff.allowance import (
    KNOWN_AN_HOUR,
    ONE_ASKER_AN_HOUR,
    STRANGERS_A_DAY,
    STRANGERS_AN_HOUR,
    Asker,
    may_have_one,
)
from course.times import RealTime

NOW = RealTime(datetime(2026, 3, 27, 12, tzinfo=UTC))


def stranger(network: str = "home", browser: str = "new", minutes: float = 0) -> Asker:
    return Asker(network, browser, "", RealTime(NOW - timedelta(minutes=minutes)))


def known(name: str = "mine", minutes: float = 0) -> Asker:
    return Asker("home", "new", name, RealTime(NOW - timedelta(minutes=minutes)))


FLOOD = [stranger(f"network {n}", f"browser {n}", 1) for n in range(STRANGERS_AN_HOUR)]
SLOW_FLOOD = [stranger(f"network {n}", f"browser {n}", 70 + n) for n in range(STRANGERS_A_DAY)]
OWN = ONE_ASKER_AN_HOUR

CASES = {
    "nobody asked before": (stranger(), [], True),
    "a stranger's network has had its part": (stranger(browser="x"), [stranger(minutes=1)] * OWN, False),
    "a stranger's browser has, elsewhere": (stranger("train"), [stranger(minutes=1)] * OWN, False),
    "another network and browser has": (stranger("train", "x"), [stranger(minutes=1)] * OWN, True),
    "an hour has gone by": (stranger(), [stranger(minutes=60)] * OWN, True),
    "strangers have had all that is for strangers": (stranger(), FLOOD, False),
    "strangers have had all of a day": (stranger(), SLOW_FLOOD, False),
    "strangers leave a known browser its own": (known(), FLOOD + SLOW_FLOOD, True),
    "strangers on the same network do too": (known(), [stranger(minutes=1)] * OWN, True),
    "a known browser uses up its own": (known(), [known(minutes=1)] * OWN, False),
    "and no other's": (known("another"), [known(minutes=1)] * OWN, True),
    "nor a stranger's": (stranger(), [known(minutes=1)] * OWN, True),
    "all known browsers together are bounded too": (
        known("one more"),
        [known(f"browser {n}", 1) for n in range(KNOWN_AN_HOUR)],
        False,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_who_may_have_one_more(case: str) -> None:
    asker, mailed, expected = CASES[case]
    assert may_have_one(asker, mailed) is expected
