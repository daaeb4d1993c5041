"""How good the verdicts are at sessions made up from published behaviour: the figures of docs/numbers.md."""

from random import Random

import pytest

from tests.support.evidence.draw import CASES, SEEDS, drawn
from tests.support.evidence.matrix import counts, judged, share, table
from tests.support.evidence.sessions import Part, sessions
from tests.support.project import ROOT

PARTS: tuple[Part, Part] = ("tuning", "held_out")
both = pytest.mark.parametrize("part", PARTS)


@both
def test_scanners_clicks_are_caught(part: Part) -> None:
    assert share(judged(sessions(part)), "clicked", "machines", "machine") >= 97


@both
def test_hardly_a_persons_click_or_visit_is_called_a_machines(part: Part) -> None:
    found = judged(sessions(part))
    assert share(found, "clicked", "people", "machine") <= 1
    assert share(found, "visited", "people", "machine") <= 1


@both
def test_no_machine_is_called_a_person(part: Part) -> None:
    found = judged(sessions(part))
    assert [share(found, act, "machines", "human") for act in ("opened", "clicked", "visited")] == [0, 0, 0]


@both
def test_the_files_are_what_their_kinds_give(part: Part) -> None:
    kinds = (CASES / f"{part}_kinds.txt").read_text()
    assert (CASES / f"{part}.txt").read_text() == "\n".join(drawn(kinds, Random(SEEDS[part]))) + "\n"


def test_there_are_sessions_enough_and_a_third_of_them_is_held_out() -> None:
    tuning, held_out = (len(sessions(part)) for part in PARTS)
    assert tuning + held_out >= 400
    assert 3 * held_out >= tuning + held_out


@both
def test_each_kind_says_where_it_is_told_or_that_it_is_a_guess(part: Part) -> None:
    kinds = (CASES / f"{part}_kinds.txt").read_text().split("\n== ")[1:]
    assert all(text.splitlines()[1].startswith(("   https://", "   http://", "   (people")) for text in kinds)


@both
def test_the_document_shows_the_figures_as_they_are(part: Part) -> None:
    told = (ROOT / "docs/numbers.md").read_text()
    assert "\n".join(table(judged(sessions(part)))) in told


def test_unclear_is_counted_as_such() -> None:
    found = judged(sessions("tuning"))
    assert counts(found, "clicked", "people").get("unclear", 0) > 0
