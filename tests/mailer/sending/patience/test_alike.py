"""Refusals that say the same, and how many of them stand in a row."""

import pytest

from mailer.sending.patience.alike import are_all_alike, in_other_words, open_row, rows


def test_what_changes_with_each_mail_is_not_in_the_words_and_the_code_is() -> None:
    told = "RCPT: 550 Domain has exceeded the max emails per hour ({}/25 ({}%)) allowed. a1{}gsmtp"
    assert in_other_words(told.format(25, 100, "x7")) == in_other_words(told.format(31, 124, "y9"))
    assert in_other_words("RCPT: 550 no") != in_other_words("RCPT: 554 no")


@pytest.mark.parametrize(
    ("told", "places"),
    [
        ("aaaaa", {0, 1, 2, 3, 4}),
        ("aaaa", set()),
        ("aa-aaa", set()),
        ("-abbbbbb-", {2, 3, 4, 5, 6, 7}),
        ("aaaaabbbbb", set(range(10))),
        ("-----", set()),
        ("", set()),
    ],
)
def test_a_row_is_five_alike_with_nothing_in_between(told: str, places: set[int]) -> None:
    assert rows([None if letter == "-" else letter for letter in told]) == places


@pytest.mark.parametrize(("told", "count"), [("baaa", 3), ("a-", 0), ("aaaaa", 0), ("baaaa", 4), ("", 0)])
def test_the_beginning_of_a_row_waits_for_the_next_answers(told: str, count: int) -> None:
    assert open_row([None if letter == "-" else letter for letter in told]) == count


def test_one_letter_is_no_batch() -> None:
    assert are_all_alike(["a 1", "a 2"])
    others: list[list[str | None]] = [["a"], [], ["a", "b"], ["a", None], [None, None]]
    assert not any(are_all_alike(told) for told in others)
