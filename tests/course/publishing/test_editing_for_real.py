"""Whatever authors do in mid-course, no learner is hurt: real files, rows and letters, judged by the mails alone.

`test_editing_property` tries far more sequences on the decisions by themselves. `make properties` runs more here.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from course.content.parse import slug_in
from course.schedule.progress import Pace
from course.schedule.rhythm import local_date
from tests.support.author.real_editing import RealEditing, Received, number_in
from tests.support.servers.postgres import Postgres
from tests.support.servers.redis_server import RedisServer

MANY = int(os.environ.get("PROPERTIES", "0"))
ON_SQLITE, ON_POSTGRESQL = (MANY // 20, MANY // 100) if MANY else (10, 2)
ZONES = ("Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kolkata", "America/Sao_Paulo")
PACES: tuple[Pace, ...] = ("daily", "daily", "on-completion")
LONG_ENOUGH = 24 * 20


@dataclass
class Reader:
    """What the author has promised: `own` are the numbers of the lessons that are to come, each once."""

    email: str
    zone: str
    pace: Pace
    own: tuple[int, ...]


class Story:
    """The author's memory and the readers', beside the world; of its insides they know nothing."""

    def __init__(self, world: RealEditing) -> None:
        self.world = world
        world.begin(lessons=3)
        self.numbers = 3
        self.gone: list[tuple[str, str]] = []
        self.names = {number: [f"n{number}"] for number in range(3)}
        self.in_service: tuple[int, ...] = ()
        self.versions: dict[int, tuple[int, ...]] = {}
        self.readers: list[Reader] = []
        publish(self, 0)
        self.remember()
        for number in (1, 2):  # one at each pace
            enrol(self, number)

    def remember(self) -> None:
        self.versions.setdefault(self.world.version, self.in_service)

    def fresh(self) -> int:
        self.numbers += 1
        return self.numbers - 1

    def some_file(self, at: int) -> str:
        files = self.world.files
        return files[at % len(files)]

    def mails_of(self, reader: Reader) -> list[Received]:
        return self.world.inboxes.mails.get(reader.email, [])

    def had(self, reader: Reader) -> list[int]:
        return [mail.number for mail in self.mails_of(reader) if mail.kind == "lesson"]


Act = Callable[[Story, int], None]


def insert(story: Story, at: int) -> None:
    number = story.fresh()
    story.names[number] = [f"n{number}"]
    path = story.world.write(f"n{number}", number)
    story.world.shift(path, -(at % len(story.world.files)))


def remove(story: Story, at: int) -> None:
    if len(story.world.files) > 1:
        path = story.some_file(at)
        story.gone.append((slug_in(path), story.world.text(path)))
        story.world.remove(path)


def bring_back(story: Story, at: int) -> None:
    if story.gone:
        slug, text = story.gone.pop(at % len(story.gone))
        story.world.shift(story.world.write(slug, number_in(text), text), -(at % 3))


def reorder(story: Story, at: int) -> None:
    story.world.shift(story.some_file(at), at // 7 % 5 - 2)


def rename(story: Story, at: int) -> None:
    """To a new name, or back to the first one; it says all that it was."""
    path = story.some_file(at)
    names = story.names[number_in(story.world.text(path))]
    slug = names[0] if at % 3 == 0 else f"n{story.fresh()}"
    if slug != slug_in(path):
        story.world.rename(path, slug, names)
        names += [slug] if slug not in names else []


def correct(story: Story, at: int) -> None:
    path = story.some_file(at)
    story.world.change(path, f"{story.world.text(path)}Corrected.\n")


def publish(story: Story, at: int) -> None:
    if story.world.publish():
        story.in_service = story.world.drafted


def take_anothers_name(story: Story, at: int) -> None:
    """A mistake, which is refused: links in mails would lead to another lesson."""
    path = story.some_file(at)
    former = [name for name in story.names[number_in(story.world.text(path))] if name != slug_in(path)]
    if former and story.world.publish():
        story.in_service = story.world.drafted
        mistake = story.world.write(former[at % len(former)], story.fresh())
        assert not story.world.publish()
        story.world.remove(mistake)


def roll_back(story: Story, at: int) -> None:
    version = sorted(story.versions)[at % len(story.versions)]
    story.world.roll_back(version)
    story.in_service = story.versions[version]


def move(story: Story, at: int) -> None:
    story.world.move()
    story.world.step()
    for reader in story.readers:
        had = story.had(reader)
        coming = [number for number in story.in_service if number not in had]
        if coming and "finished" not in {mail.kind for mail in story.mails_of(reader)}:
            reader.own = (*had, *coming)


EDITS: tuple[Act, ...] = (
    *(insert, remove, bring_back, reorder, rename, correct, take_anothers_name),
    *(publish, publish, publish, roll_back, move, move),
)


def edit(story: Story, act: Act, at: int) -> None:
    """With mails under way, too: those go out, and nothing else does because of the edit."""
    waiting = story.world.plan()
    if at % 2:
        story.world.step()
        waiting = 0
    before = story.world.inboxes.total
    act(story, at)
    story.remember()
    story.world.step()
    assert story.world.inboxes.total == before + waiting, "nothing at once because of an edit"


def enrol(story: Story, at: int) -> None:
    zone, pace = ZONES[at % len(ZONES)], PACES[at % len(PACES)]
    reader = Reader(f"r{len(story.readers)}@example.org", zone, pace, story.in_service)
    story.readers.append(reader)
    story.world.enrol(reader.email, zone, at * 5 % 24, pace)


def pass_hours(story: Story, at: int) -> None:
    story.world.forward(at)


def complete(story: Story, at: int) -> None:
    story.world.complete(story.readers[at % len(story.readers)].email)


def pause(story: Story, at: int) -> None:
    story.world.pause(story.readers[at % len(story.readers)].email, at % 9)


DEEDS: tuple[Act, ...] = (pass_hours, pass_hours, complete, pause, enrol)
SEQUENCE = st.lists(
    st.tuples(st.sampled_from(EDITS) | st.sampled_from(DEEDS), st.integers(0, 99)), min_size=5, max_size=16
)


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory, redis_process: RedisServer) -> Iterator[RealEditing]:
    folder = tmp_path_factory.mktemp("editing")
    with contextlib.closing(
        RealEditing(folder, f"sqlite:///{folder / 'rows.sqlite3'}", redis_process.url)
    ) as world:
        yield world


@pytest.fixture(scope="module")
def on_postgresql(
    tmp_path_factory: pytest.TempPathFactory, redis_process: RedisServer, postgres: Postgres
) -> Iterator[RealEditing]:
    folder = tmp_path_factory.mktemp("editing")
    with (
        postgres.fresh_database() as url,
        contextlib.closing(RealEditing(folder, url, redis_process.url)) as world,
    ):
        yield world


# To shorten a sequence that failed would take minutes.
FOR_REAL = settings(
    deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.reuse, Phase.generate)
)


@settings(FOR_REAL, max_examples=ON_SQLITE)
@given(SEQUENCE)
def test_no_learner_is_hurt_by_any_sequence_of_edits(
    on_sqlite: RealEditing, sequence: list[tuple[Act, int]]
) -> None:
    play(Story(on_sqlite), sequence)


@settings(FOR_REAL, max_examples=ON_POSTGRESQL)
@given(SEQUENCE)
def test_nor_on_the_other_database(on_postgresql: RealEditing, sequence: list[tuple[Act, int]]) -> None:
    play(Story(on_postgresql), sequence)


def play(story: Story, sequence: list[tuple[Act, int]]) -> None:
    for act, at in sequence:
        if act in EDITS:
            edit(story, act, at)
        else:
            act(story, at)
    # One round more than it takes: nothing may follow.
    for _ in range(max(len(reader.own) - len(story.had(reader)) for reader in story.readers) + 1):
        for reader in story.readers:
            story.world.complete(reader.email)
        story.world.forward(LONG_ENOUGH)
    for reader in story.readers:
        had = story.had(reader)
        assert len(set(had)) == len(had), "no lesson twice"
        assert set(had) == set(reader.own), "none of their own missed, and no other"
        assert_one_a_day(story, reader)


def assert_one_a_day(story: Story, reader: Reader) -> None:
    if reader.pace == "daily":
        days = [local_date(mail.at, reader.zone) for mail in story.mails_of(reader) if mail.kind == "lesson"]
        assert all(day < following for day, following in pairwise(days)), "not two in a day"
