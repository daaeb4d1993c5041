"""Whoever asks with somebody's address learns nothing from how long the answer takes.

What is measured is the time that the answering thread was at work: what a stranger would see of a quiet machine
after any number of tries. The classes take turns, so that what slows one down slows all down. What counts is the
effect: how often an answer of one class takes longer than one of another (the common-language effect of the
Mann-Whitney test; half of the time is no difference), together with how far apart their medians are.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from statistics import median

import pytest

from course.enrolment.allowance.sign_ups import MOST_WAITING, slowed
from course.ids import new_id
from course.models import Suppression
from tests.hostile.ground.people import House
from tests.hostile.scale import dice, note, sized
from tests.support.world.person import FIREFOX, Page
from tests.support.world.world import World
from tests.web.signup.test_floods import COURSE, ENROL, answer_to, puzzle_of, slow_down

TRIES = sized(25, 300)
TELLING = 0.75
"""Three times out of four the longer of two answers is of the same class: with less, somebody has to ask about one
address many times over, and those questions are counted."""

NOTABLE = 0.4
"""By how much of the median the medians differ, at least, to be told apart over a network. Who registers for the
first time has rows of their own written, which takes some four milliseconds of thirteen."""

Ask = Callable[[str], float]


def effect(one: Sequence[float], other: Sequence[float]) -> float:
    """How often one of the first takes longer than one of the second, from a half (never told apart) to 1."""
    longer = sum((a > b) + (a == b) / 2 for a in one for b in other) / (len(one) * len(other))
    return max(longer, 1 - longer)


def told_apart(times: Mapping[str, Sequence[float]]) -> list[str]:
    found = []
    names = sorted(times)
    for number, name in enumerate(names):
        for other in names[number + 1 :]:
            far = effect(times[name], times[other])
            middle, another = median(times[name]), median(times[other])
            apart = abs(middle - another) / min(middle, another)
            if far > TELLING and apart > NOTABLE:
                found.append(f"{name} ({middle * 1000:.1f} ms) and {other} ({another * 1000:.1f} ms): {far:.2f}")
    return found


def test_what_can_be_told_apart_is_told_apart_and_noise_is_not() -> None:
    chance = Random(1)
    quiet = [chance.gauss(10, 2) for _ in range(300)]
    assert told_apart({"a": quiet, "b": [chance.gauss(10, 2) for _ in range(300)]}) == []
    assert told_apart({"a": quiet, "b": [chance.gauss(15, 2) for _ in range(300)]})
    assert told_apart({"a": quiet, "b": [one + 50 if one > 13 else one for one in quiet]}) == [], "outliers"


def people(world: World, number: int) -> dict[str, list[str]]:
    """Addresses of each class, each to be asked about once."""
    classes = {name: [f"{name}{n}@example.org" for n in range(number)] for name in ("known", "complained", "left")}
    world.admit(*(email for emails in classes.values() for email in emails))
    world.step()
    for email in classes["left"]:
        world.person.post(world.unsubscribe_url(email))
    with world.runtime.db.write() as session:
        for email in classes["complained"]:
            session.add(Suppression(email=email, reason="complained", why="", suppressed_at=world.clock.real()))
    return classes | {"unknown": [f"{new_id()}@example.org" for _ in range(number)]}


def measured(classes: Mapping[str, list[str]], ask: Ask, chance: Random) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in classes}
    for turn in range(min(map(len, classes.values()))):
        for name in chance.sample(sorted(classes), len(classes)):
            times[name].append(ask(classes[name][turn]))
    return {name: taken[3:] for name, taken in times.items()}  # the first load what is loaded once


class Visitor:
    """A browser of its own in a network of its own. What it posts is timed."""

    def __init__(self, world: World, number: int) -> None:
        self.client = world.app.test_client()
        self.place = {"REMOTE_ADDR": f"203.0.{number // 250}.{number % 250 + 1}"}

    def look(self, path: str) -> Page:
        answer = self.client.get(path, headers=FIREFOX, environ_overrides=self.place)
        return Page(answer.status_code, path, answer.get_data(as_text=True), {})

    def post(self, path: str, fields: Mapping[str, str], leads_to: str = "") -> float:
        begun = time.thread_time()
        answer = self.client.post(path, data=fields, headers=FIREFOX, environ_overrides=self.place)
        taken = time.thread_time() - begun
        assert answer.status_code == 303, answer.get_data(as_text=True)[:500]
        assert answer.headers["Location"].endswith(leads_to), answer.headers["Location"]
        return taken


def visitors(world: World) -> Iterator[Visitor]:
    return (Visitor(world, number) for number in range(10**4))


def asking(world: World, path: str, **more: str) -> Ask:
    """Submits the form at an address as a browser does; only the answer is timed."""
    others = visitors(world)

    def ask(email: str) -> float:
        visitor = next(others)
        action, fields = visitor.look(path).form_fields()
        world.clock.forward(seconds=7)  # not sooner than a person could type
        return visitor.post(action, fields | {"email": email, **more})

    return ask


REGISTRATION = {"zone": "Europe/Berlin", "hour": "8"}


def asking_once_more(world: World) -> Ask:
    """By the button of the page that says to check the inbox."""
    others = visitors(world)

    def ask(email: str) -> float:
        visitor = next(others)
        visitor.post(ENROL, REGISTRATION | {"email": email})
        world.clock.forward(minutes=5)
        return visitor.post(f"{COURSE}/check-your-inbox", {}, "?again")

    return ask


def fill_up(world: World) -> None:
    """So many wait for their mails that no more are taken without proof."""
    with world.runtime.db.read() as session:
        is_full = slowed(session, world.clock.real()) is not None
    if not is_full:
        slow_down(world, MOST_WAITING)


def asking_when_all_is_full(world: World) -> Ask:
    others = visitors(world)

    def ask(email: str) -> float:
        fill_up(world)
        return next(others).post(ENROL, REGISTRATION | {"email": email}, "?full")

    return ask


def solving(world: World) -> Ask:
    """As the page does that says that all is full."""
    others = visitors(world)

    def ask(email: str) -> float:
        visitor, inbox = next(others), f"{COURSE}/check-your-inbox"
        fill_up(world)
        visitor.post(ENROL, REGISTRATION | {"email": email}, "?full")
        proof = answer_to(puzzle_of(visitor.look(f"{inbox}?full")))
        return visitor.post(f"{inbox}/proof", {"proof": proof}, "/check-your-inbox")

    return ask


WAYS: Mapping[str, Callable[[World], Ask]] = {
    "sign-up": lambda world: asking(world, COURSE, **REGISTRATION),
    "once more": asking_once_more,
    "when all is full": asking_when_all_is_full,
    "by a puzzle": solving,
    "lost link": lambda world: asking(world, "/lost-link"),
    "sign-in": lambda world: asking(world, "/studio/sign-in"),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_time_of_an_answer_does_not_tell_who_is_known(house: House, way: str) -> None:
    world, chance = house.world, dice(f"times of {way}")
    ask = WAYS[way](world)
    classes = people(world, TRIES)
    if way == "sign-in":
        classes = {
            "learners": classes["known"],
            "unknown": classes["unknown"],
            "staff": ["olga@example.org"] * TRIES,
        }
    times = measured(classes, ask, chance)
    found = told_apart(times)
    if found:
        # Whatever is real shows again; what a busy machine did does not.
        classes = {
            name: [f"again-{email}" if name == "unknown" else email for email in emails]
            for name, emails in classes.items()
        }
        world.clock.forward(days=30)
        found = [one for one in told_apart(measured(classes, ask, chance)) if one.split(" (")[0] in str(found)]
    medians = {name.replace(" ", "_"): round(median(taken) * 1000, 2) for name, taken in times.items()}
    note(f"times of {way}", tries=TRIES * len(classes), findings=len(found), **medians)
    assert found == []
