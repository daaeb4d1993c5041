"""When to try again."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mailer.sending.patience.backoff import FIRST_SECONDS, LONGEST_SECONDS, wait_after

KEYS = st.text(max_size=40)
REFUSALS = st.integers(1, 10_000)


@given(REFUSALS, KEYS)
def test_the_wait_doubles_up_to_an_hour_with_a_quarter_of_jitter(refusals: int, key: str) -> None:
    doubled = min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** min(refusals, 100) / 2)
    assert doubled <= wait_after(refusals, key) < doubled * 1.25


@given(REFUSALS, KEYS, st.floats(0, 3600))
def test_a_wait_the_provider_asks_for_is_kept_even_where_it_is_longer(
    refusals: int, key: str, asked: float
) -> None:
    assert wait_after(refusals, key, asked) == max(asked, wait_after(refusals, key))


def test_the_waits_grow_while_they_double() -> None:
    waits = [wait_after(refusals, "batch") for refusals in range(1, 10)]
    assert all(earlier < later for earlier, later in pairwise(waits))


def test_the_same_letter_waits_the_same_time_every_time() -> None:
    assert wait_after(3, "batch") == wait_after(3, "batch")


def test_letters_refused_together_do_not_return_together() -> None:
    waits = sorted(wait_after(8, f"letter {number}") for number in range(1000))
    assert len(set(waits)) > 500
    assert waits[-1] - waits[0] > 0.2 * waits[0]


def test_a_wait_asked_for_that_lies_in_the_past_shortens_nothing() -> None:
    assert wait_after(1, "a", -5.0) == wait_after(1, "a", 0.0) == wait_after(1, "a")


@given(REFUSALS, KEYS, st.floats(3600))
def test_what_the_provider_asks_for_is_an_hour_at_the_most(refusals: int, key: str, asked: float) -> None:
    assert wait_after(refusals, key, asked) == max(3600.0, wait_after(refusals, key))
