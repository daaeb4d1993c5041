"""Who has shown to be a person goes at once; the others wait evenly, and never for ever."""

from datetime import timedelta

import pytest

from course.enrolment.allowance.rates import (
    GAP,
    GAP_AT_BIG,
    GAP_AT_SMALL,
    LONGEST_WAIT,
    RATES,
    Lately,
    Proof,
    wait_of,
)

CALM = Lately(0, 0, 0, 0)
NONE = RATES["none"]


@pytest.mark.parametrize("proof", RATES)
@pytest.mark.parametrize("big", [False, True])
def test_while_few_come_nobody_waits(proof: Proof, big: bool) -> None:
    assert wait_of(proof, CALM, big=big) == timedelta()


@pytest.mark.parametrize(
    ("lately", "big", "wait"),
    [
        (Lately(NONE.in_all - 1, 0, 0, 0), False, timedelta()),
        (Lately(NONE.in_all, 0, 0, 0), False, GAP),
        (Lately(NONE.in_all, 0, 9, 0), False, 10 * GAP),
        (Lately(0, NONE.small - 1, 0, 0), False, timedelta()),
        (Lately(0, NONE.small, 0, 0), False, GAP_AT_SMALL),
        (Lately(0, NONE.small, 0, 0), True, timedelta()),
        (Lately(0, NONE.big, 0, 3), True, 4 * GAP_AT_BIG),
        (Lately(0, NONE.small, 0, 29), False, LONGEST_WAIT),
        (Lately(0, NONE.small, 0, 30), False, None),
        (Lately(NONE.in_all, 0, LONGEST_WAIT // GAP, 0), False, None),
        (Lately(NONE.in_all, NONE.small, 2, 3), False, 4 * GAP_AT_SMALL),
    ],
)
def test_the_next_waits_as_long_as_those_before_need(lately: Lately, big: bool, wait: timedelta | None) -> None:
    assert wait_of("none", lately, big=big) == wait


def test_who_proves_more_may_do_more() -> None:
    in_order = [RATES[proof] for proof in ("none", "form", "work")]
    assert [rates.in_all for rates in in_order] == sorted(rates.in_all for rates in in_order)
    assert all(rates.small < rates.big for rates in in_order)
