"""What is recorded of opens and clicks is bounded, says nothing about programs, and ends when it is taken back."""

import pytest

from course.consent.recorded import HITS
from tests.support.world.world import World
from tests.web.site.test_tracking import READER, outward, pixel

SCANNER = {"User-Agent": "BarracudaCentral/1.0 scanner"}


def hits(world: World) -> list[tuple[str, str]]:
    found = [row for row in world.rows()["event"] if row["kind"] in HITS]
    return sorted((row["kind"], row["verdict"]) for row in found)


def test_a_thousand_requests_in_an_hour_are_one_row(world: World) -> None:
    world.enrol()
    link = outward(world)
    machine = hits(world)
    world.clock.forward(minutes=5)
    client = world.app.test_client()
    for _ in range(500):
        client.get(pixel(world), headers=READER)
        client.get(link, headers=READER)
    assert sorted({*hits(world)} - {*machine}) == [("clicked", "human"), ("opened", "human")]
    assert len(hits(world)) == len(machine) + 2
    world.clock.forward(hours=1)
    client.get(link, headers=READER)
    assert len(hits(world)) == len(machine) + 3


def test_a_machine_does_not_stand_for_the_person_who_comes_after_it(world: World) -> None:
    world.enrol()
    world.clock.forward(minutes=5)
    client = world.app.test_client()
    for headers in (SCANNER, READER, SCANNER):
        client.get(pixel(world), headers=headers)
    assert hits(world) == [("opened", "human"), ("opened", "machine")]


def test_no_program_is_kept(world: World) -> None:
    world.enrol()
    world.clock.forward(minutes=5)
    world.app.test_client().get(pixel(world), headers={"User-Agent": "Canary/7 " * 9000})
    assert hits(world)
    assert "Canary" not in repr(world.rows())


def test_what_is_taken_back_is_not_recorded_for_mails_already_sent(world: World) -> None:
    world.enrol()
    link = outward(world)
    world.person.post(f"{world.learn_url()}/settings", {"tracking": "0"})
    before = world.rows()["event"]
    client = world.app.test_client()
    assert client.get(link, headers=READER).headers["Location"].startswith("https://mill.example.com")
    assert client.get(pixel(world), headers=READER).status_code == 200
    assert world.rows()["event"] == before
    world.person.post(f"{world.learn_url()}/settings", {"tracking": "1"})
    client.get(pixel(world), headers=READER)
    assert len(world.rows()["event"]) == len(before) + 1


def test_it_holds_for_the_mails_of_an_earlier_round(world: World) -> None:
    world.enrol()
    link = outward(world)
    world.person.post(f"{world.learn_url()}/dough-1/complete")
    world.person.post(f"{world.learn_url()}/restart")
    assert world.look_up().round == 2
    world.person.post(f"{world.learn_url()}/settings", {"tracking": "0"})
    before = world.rows()["event"]
    world.app.test_client().get(link, headers=READER)
    assert world.rows()["event"] == before


@pytest.mark.parametrize(("tracking", "left"), [("0", 0), ("1", 1)])
def test_what_was_recorded_is_deleted_on_request_once_no_more_is(world: World, tracking: str, left: int) -> None:
    world.enrol()
    world.clock.forward(minutes=5)
    world.app.test_client().get(pixel(world), headers=READER)
    world.person.post(f"{world.learn_url()}/dough-1/complete")
    done = world.rows()["completion"]
    world.person.post(f"{world.learn_url()}/settings", {"tracking": tracking, "forget": "1"})
    assert len(hits(world)) == left
    assert world.rows()["completion"] == done
