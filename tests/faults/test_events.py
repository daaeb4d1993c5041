"""Events as SendGrid really sends them: repeated, shuffled, renamed, late; and as others would forge them."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest

from course.enrolments import settle
from tests.faults.oracle import complaints, extra_copies
from tests.faults.scale import dice, sized
from tests.faults.scripted import ScriptedHouse
from tests.support.event_return import MOST_COPIES
from tests.support.house import newest_enrolment
from tests.support.redis_server import RedisServer
from tests.support.sample_course import write_sample
from tests.support.sendgrid_events import EventSigner

LEARNERS = sized(12, 60)
KINDS = ("processed", "deferred", "delivered", "bounce", "dropped", "spamreport")
TOLD = ("state", "fate", "duplicates", "rounds", "refusals")


@pytest.fixture
def events_house(tmp_path: Path, database_url: str, redis_server: RedisServer) -> Iterator[ScriptedHouse]:
    write_sample(tmp_path / "lessons")
    with closing(ScriptedHouse(tmp_path, database_url, redis_server.url, events=True)) as house:
        yield house


def test_an_event_stops_a_copy_that_still_waits(events_house: ScriptedHouse) -> None:
    house = events_house
    learners = house.learners(3)
    house.provider.script = ["lose-after"]
    house.provider.meanwhile = [lambda: house.clock.forward(seconds=1)] * 3
    house.work()
    house.clock.forward(seconds=house.runtime.settings.uncertain_after)
    house.tell_of(house.provider.taken[1:])
    assert house.plan()
    house.tell_of(house.provider.taken[:1])
    house.work()
    assert complaints(house.provider.seen, learners, 1) == []
    assert house.states() == ["accepted"] * 3


def test_an_event_for_the_first_copy_counts_the_second(events_house: ScriptedHouse) -> None:
    house = events_house
    house.learners(3)
    house.provider.script = ["lose-after"]
    house.provider.meanwhile = [lambda: house.clock.forward(seconds=1)] * 3
    house.work()
    house.clock.forward(seconds=house.runtime.settings.uncertain_after)
    house.tell_of(house.provider.taken[1:])
    house.work()
    assert extra_copies(house.provider.seen) == 1
    assert house.duplicates() == 0, "nobody can know it yet"
    house.work_on(86_400 - 7200, 7200)
    house.tell_of(house.provider.taken)
    assert house.duplicates() == 1


def test_a_learner_whose_mail_was_stopped_does_not_stop_the_others(events_house: ScriptedHouse) -> None:
    house = events_house
    learners = house.learners(3)
    house.work()
    house.clock.forward(days=1, hours=3)
    house.plan()
    house.tell_of([one for one in house.provider.taken if one[0] == learners[0]], "spamreport")
    house.work()
    assert "cancelled" in house.states()
    with house.runtime.db.write() as session:
        enrolment = newest_enrolment(session, learners[0])
        published = house.runtime.shelf.course(session, enrolment.course_id)
        settle(session, enrolment, published, house.clock.now(), "Asia/Tokyo", "7", list("0123456"))
    house.work_on(3 * 86_400, 7200)
    assert complaints(house.provider.seen, learners[1:], 3) == []


def test_every_disorder_ends_as_the_clean_run(
    tmp_path: Path, database_url: str, redis_server: RedisServer
) -> None:
    """The same mails, some with lost replies; their events clean and in order, or in every disorder."""
    random = dice("events in disorder")
    write_sample(tmp_path / "lessons")
    with closing(_house(tmp_path / "clean", tmp_path, "sqlite", redis_server)) as clean:
        events = _events(clean, random)
        clean.tell(events)
        expected, suppressed = _told(clean), _suppressed(clean)
    for round_ in range(sized(3, 25)):
        place = tmp_path / f"{round_}"
        with closing(_house(place, tmp_path, "sqlite", redis_server)) as house:
            own = _events(house, random, like=events)
            copies = disordered(own, random)
            for begin in range(0, len(copies), 97):
                house.tell(copies[begin : begin + 97])
            assert _told(house) == expected
            assert _suppressed(house) == suppressed
    assert database_url
