"""The tests of every zone fail once the arithmetic of days lacks a safeguard."""

import pytest

from tests.faults import test_every_zone
from tests.faults.mutations import days
from tests.faults.scale import FULL
from tests.faults.scripted import ScriptedWorld
from tests.support.servers.nursery import Mutation
from tests.support.world.databases import KINDS

TELLING = frozenset({"Antarctica/Troll", "Australia/Lord_Howe", "Europe/Berlin", "America/Nuuk", "Africa/Cairo"})
"""Zones whose clocks change at unlike times, and unlike far."""

CASES = [
    (days.an_hour_left_out_leaves_out_the_lesson, "is followed by"),
    (days.the_second_of_two_hours, "is followed by|is not in the hour"),
    (days.a_jump_is_measured_from_its_hour, "is not in the hour"),
    (days.a_lesson_every_twenty_four_hours, "is not in the hour"),
]


@pytest.fixture(autouse=True)
def few_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_every_zone, "available_zones", lambda: TELLING)


def test_these_zones_have_one_lesson_a_day() -> None:
    test_every_zone.test_the_plan_of_every_zone_has_one_lesson_a_day_through_its_clock_changes()


@pytest.mark.parametrize(("mutation", "complaint"), CASES)
def test_the_plan_shows_that_a_safeguard_is_gone(
    monkeypatch: pytest.MonkeyPatch, mutation: Mutation, complaint: str
) -> None:
    mutation(monkeypatch)
    with pytest.raises(AssertionError, match=complaint):
        test_every_zone.test_the_plan_of_every_zone_has_one_lesson_a_day_through_its_clock_changes()


@pytest.mark.parametrize("empty_database_url", KINDS if FULL else ["sqlite"], indirect=True)
@pytest.mark.parametrize(("mutation", "complaint"), CASES if FULL else CASES[2:3])
def test_the_house_shows_that_a_safeguard_is_gone(
    zone_world: ScriptedWorld, monkeypatch: pytest.MonkeyPatch, mutation: Mutation, complaint: str
) -> None:
    mutation(monkeypatch)
    with pytest.raises(AssertionError, match=complaint):
        test_every_zone.test_the_house_keeps_to_it_in_every_zone(zone_world)
