"""A hit is kept in a few signs, and read again as it was: so its verdict can be worked out anew."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from course.evidence.hits import Hit, Traits
from course.evidence.judging import judge
from course.evidence.keeping import kept_of, recalled
from tests.support.evidence.sessions import Part, sessions

COLUMNS = Hit("it", "clicked", datetime(2026, 11, 2, 8, tzinfo=UTC), "ada", "mail", "link", 600.0)
WHOLE = replace(
    COLUMNS,
    traits=Traits(program="browser", followed=True, lacks=frozenset({"language"})),
    session="5e55",
    source="50ce",
    trap=True,
    flagged=True,
)


@pytest.mark.parametrize("hit", [COLUMNS, WHOLE])
def test_a_hit_is_read_again_as_it_was(hit: Hit) -> None:
    assert recalled(COLUMNS, json.loads(json.dumps(kept_of(hit)))) == hit


def test_what_is_as_usual_takes_no_room() -> None:
    assert kept_of(COLUMNS) == {}


@pytest.mark.parametrize("part", ["tuning", "held_out"])
def test_verdicts_are_the_same_by_what_is_kept(part: Part) -> None:
    for session in sessions(part):
        bare = [replace(h, traits=Traits(), session="", source="", trap=False) for h in session.hits]
        again = [recalled(one, kept_of(hit)) for one, hit in zip(bare, session.hits, strict=True)]
        assert judge(again, session.deeds) == judge(session.hits, session.deeds)


@pytest.mark.parametrize(
    ("kept", "rule"),
    [
        ({"agent": "Mozilla/5.0", "method": "GET"}, "apple-proxy"),
        ({"agent": "curl/8.5.0", "method": "GET"}, "library"),
        ({"agent": "", "method": "GET"}, "nameless"),
        ({"agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0.0.0", "method": "HEAD"}, "only-asked"),
        # Their headers were not kept: nobody can say that one was missing.
        ({"agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0.0.0", "method": "GET"}, "unproven"),
        ({"method": "GET"}, "unproven"),
        ({}, "unproven"),
    ],
)
def test_an_event_of_earlier_days_is_judged_by_what_it_holds(kept: Mapping[str, object], rule: str) -> None:
    assert judge([recalled(COLUMNS, kept)])["it"].rule == rule


@pytest.mark.parametrize("kept", [{"traits": "yes"}, {"traits": None, "session": None, "trap": "no", "source": 7}])
def test_what_cannot_be_read_costs_no_event(kept: Mapping[str, object]) -> None:
    assert recalled(COLUMNS, kept).traits == Traits()
