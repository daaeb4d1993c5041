"""When a doubt is settled: by plain values."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from course.times import RealTime
from mailer.sending.patience.giving_up import COPIES_IN_DOUBT, DOUBTED_FOR
from mailer.sending.settle import Doubt, Heard, Rule, Verdict, judge, telling

BEGAN = datetime(2026, 3, 23, 6, 0, tzinfo=UTC)
WAIT = timedelta(minutes=30)


def after(minutes: float) -> RealTime:
    return RealTime(BEGAN + timedelta(minutes=minutes))


def doubt(rounds: int = 0, first: datetime | None = None) -> Doubt:
    """Begun at the minute 0, and in doubt since the minute 1."""
    return Doubt("delivery", "attempt", BEGAN, after(1), first, rounds)


@pytest.mark.parametrize(
    ("heard", "minute", "verdict"),
    [
        ((), 60, "waits"),
        ((Heard(after(2), after(3)),), 60, "once more"),
        ((Heard(after(2), after(3)),), 30, "waits"),
        ((Heard(after(0.5), after(3)),), 60, "once more"),
        ((Heard(after(0), after(3)),), 60, "waits"),
        ((Heard(after(0.5), after(1)),), 60, "waits"),
        ((Heard(after(-9), after(9)), Heard(after(0.5), after(1))), 60, "waits"),
    ],
)
def test_silence_speaks_once_a_later_mail_was_heard_of(
    heard: tuple[Heard, ...], minute: float, verdict: Verdict
) -> None:
    assert judge(doubt(), None, Rule(True, WAIT, heard), after(minute)) == verdict


def test_where_nothing_is_confirmed_the_wait_is_enough() -> None:
    assert judge(doubt(), None, Rule(False, WAIT, ()), after(31)) == "once more"
    assert judge(doubt(COPIES_IN_DOUBT), None, Rule(False, WAIT, ()), after(31)) == "given up"


def test_where_each_is_confirmed_days_of_doubt_are_enough() -> None:
    rule = Rule(True, WAIT, (Heard(after(2), after(3)),))
    assert judge(doubt(9, after(1) - DOUBTED_FOR), None, rule, after(60)) == "given up"
    assert judge(doubt(9, after(1)), None, rule, after(60)) == "once more"


@pytest.mark.parametrize(("taken", "verdict"), [(True, "taken"), (False, "not taken")])
def test_what_the_provider_knows_needs_no_wait(taken: bool, verdict: Verdict) -> None:
    assert judge(doubt(), taken, Rule(True, WAIT, ()), after(2)) == verdict


def test_the_few_that_are_told_apart_prove_what_all_of_them_prove() -> None:
    heard = [Heard(after(a * 7 % 10), after(a * 3 % 11)) for a in range(40)]
    assert len(telling(heard)) < 10
    for began, since in product(range(-1, 12), repeat=2):
        one = Doubt("delivery", "attempt", after(began), after(since), None, 0)
        all_of_them, few = (Rule(True, WAIT, mails) for mails in (heard, telling(heard)))
        assert judge(one, None, all_of_them, after(99)) == judge(one, None, few, after(99))
