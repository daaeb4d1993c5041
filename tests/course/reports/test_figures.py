"""The figures of a course, counted once more from the raw rows by code that shares nothing with them."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from course.models import Enrolment
from course.reports.figures.choice import Choice, editions
from course.reports.figures.durations import Durations, durations
from course.reports.figures.open_items import items
from course.reports.figures.opinions import opinions
from course.reports.figures.reading_hours import reading_hours
from course.reports.figures.rumours import rumours
from course.reports.figures.steps import Step, steps, worst
from course.reports.figures.watching import films, parts_of
from course.reports.figures.weeks import weeks
from course.reports.roster import Did, Wanted, count
from tests.support.crowd import add_crowd
from tests.support.world.world import World

PEOPLE = 150
Row = Mapping[str, Any]


@pytest.fixture
def crowd(world: World) -> World:
    with world.runtime.db.write() as session:
        published = world.runtime.shelf.by_slug(session, world.course.slug)
        add_crowd(session, published, PEOPLE, world.clock.now())
        # One that is in no number, and one that never confirmed.
        session.execute(update(Enrolment).where(Enrolment.id == 3).values(counted=False))
        session.execute(update(Enrolment).where(Enrolment.id == 5).values(confirmed_at=None))
    return world


def choice_of(world: World, **chosen: Any) -> Choice:
    with world.runtime.db.read() as session:
        return Choice(world.runtime.shelf.by_slug(session, world.course.slug).id, **chosen)


class Recount:
    def __init__(self, world: World, since: date | None = None, until: date | None = None) -> None:
        self.tables = world.rows()
        self.people = {
            row["id"]: row
            for row in self.tables["enrolment"]
            if row["counted"]
            and row["confirmed_at"]
            and (since is None or row["confirmed_at"].date() >= since)
            and (until is None or row["confirmed_at"].date() <= until)
        }

    def of(self, table: str) -> list[Row]:
        return [row for row in self.tables[table] if row["enrolment_id"] in self.people]

    def days(self, person: int) -> int:
        row = self.people[person]
        return int((row["finished_at"].date() - row["confirmed_at"].date()).days)


def test_every_step_is_what_the_rows_say(crowd: World) -> None:
    now = crowd.clock.now()
    for since, until in ((None, None), (now.date() - timedelta(days=40), now.date() - timedelta(days=8))):
        recount = Recount(crowd, since, until)
        lessons = [lesson.slug for lesson in crowd.course.lessons]
        with crowd.runtime.db.read() as session:
            found = steps(session, choice_of(crowd, since=since, until=until), lessons, now)
        done = {(row["enrolment_id"], row["lesson"]) for row in recount.of("completion")}
        for step in found:
            mails = [r for r in recount.of("delivery") if r["kind"] == "lesson" and r["slug"] == step.lesson]
            visits = [row for row in recount.of("visit") if row["lesson"] == step.lesson]
            before = [row for row in visits if row["visited_at"] <= now - timedelta(days=7)]
            assert step == Step(
                step.lesson,
                lessons.index(step.lesson) + 1,
                due=len(mails),
                arrived=sum(row["state"] == "accepted" and row["fate"] != "bounced" for row in mails),
                visited=len(visits),
                completed=sum(lesson == step.lesson for _, lesson in done),
                opened_before=len(before),
                stopped=sum((row["enrolment_id"], row["lesson"]) not in done for row in before),
            )


def test_weeks_and_durations_are_what_the_rows_say(crowd: World) -> None:
    recount = Recount(crowd)
    with crowd.runtime.db.read() as session:
        found, taken = weeks(session, choice_of(crowd)), durations(session, choice_of(crowd))
    began = Counter(row["confirmed_at"].isocalendar()[:2] for row in recount.people.values())
    ended = Counter(row["finished_at"].isocalendar()[:2] for row in recount.people.values() if row["finished_at"])
    assert {week.monday.isocalendar()[:2]: week.began for week in found if week.began} == dict(began)
    assert {week.monday.isocalendar()[:2]: week.finished for week in found if week.finished} == dict(ended)
    for week in found:
        cohort = {
            person
            for person, row in recount.people.items()
            if week.monday <= row["confirmed_at"].date() < week.monday + timedelta(days=7)
        }
        completed = Counter(row["lesson"] for row in recount.of("completion") if row["enrolment_id"] in cohort)
        assert week.completed == dict(completed)
        assert week.through == sum(bool(recount.people[person]["finished_at"]) for person in cohort)
    through = [recount.days(person) for person, row in recount.people.items() if row["finished_at"]]
    assert taken == Durations(len(recount.people), dict(Counter(through)))
    assert taken.curve[-1] == (max(through), len(through))
    assert taken.median == sorted(through)[(len(through) - 1) // 2]


def test_hours_of_reading_are_those_of_each_learners_own_clock(crowd: World) -> None:
    recount, now = Recount(crowd), crowd.clock.now()
    with crowd.runtime.db.read() as session:
        found = reading_hours(session, choice_of(crowd), now)
    expected: Counter[tuple[int, int]] = Counter()
    for row in recount.of("visit"):
        if row["visited_at"] > now - timedelta(days=28):
            zone = ZoneInfo(recount.people[row["enrolment_id"]]["zone"])
            local: datetime = row["visited_at"].replace(minute=0, second=0, microsecond=0).astimezone(zone)
            expected[local.weekday(), local.hour] += 1
    assert found == dict(expected)


def test_items_opinions_and_rumours_are_what_the_rows_say(crowd: World) -> None:
    recount = Recount(crowd)
    lessons = tuple(lesson.slug for lesson in crowd.course.lessons)
    with crowd.runtime.db.read() as session:
        choice = choice_of(crowd)
        taken = steps(session, choice, lessons, crowd.clock.now())
        open_items = items(session, choice, crowd.course, taken)
        thought = opinions(session, choice, lessons)
        opened = rumours(session, choice, "opened")
    ticks = Counter(row["lesson"] for row in recount.of("tick"))
    assert (
        Counter({lesson: sum(i.ticked for i in open_items if i.step.lesson == lesson) for lesson in ticks})
        == ticks
    )
    scores = Counter((row["lesson"], row["score"]) for row in recount.of("feedback"))
    assert {(one.lesson, s): n for one in thought for s, n in one.scores.items() if n} == dict(scores)
    said = Counter(row["words"] for row in recount.of("feedback") if row["words"])
    assert Counter(words for one in thought for _, words in one.said) == said
    mails = {row["id"]: row["slug"] for row in recount.of("delivery")}
    verdicts = Counter(
        (mails[row["delivery_id"]], row["verdict"])
        for row in recount.tables["event"]
        if row["kind"] == "opened" and row["delivery_id"] in mails
    )
    for lesson, rumour in opened.items():
        counts = {"human": rumour.human, "unclear": rumour.unclear, "machine": rumour.machine}
        assert counts == {verdict: verdicts[lesson, verdict] for verdict in counts}
        assert rumour.at_most == rumour.human + rumour.unclear


def test_behind_each_number_stand_as_many_learners(crowd: World) -> None:
    lessons = [lesson.slug for lesson in crowd.course.lessons]
    dids: tuple[Did, ...] = ("due", "arrived", "visited", "completed")
    with crowd.runtime.db.read() as session:
        choice = choice_of(crowd)
        for step in steps(session, choice, lessons, crowd.clock.now()):
            for did in dids:
                assert count(session, Wanted(choice.course_id, "", step.lesson, did)) == getattr(step, did), did


def test_an_edition_has_its_own_learners(crowd: World) -> None:
    with crowd.runtime.db.read() as session:
        [edition] = editions(session, choice_of(crowd).course_id)
        assert durations(session, choice_of(crowd, edition=edition)).began == PEOPLE - 2
        assert durations(session, choice_of(crowd, edition=edition + 1)) == Durations(0, {})


def test_where_a_film_is_left_is_seen_slice_by_slice(crowd: World) -> None:
    assert parts_of([0b1111, 0b0011, 0b0001], 20) == (1.0, 2 / 3, 1 / 3, 1 / 3)
    assert parts_of([1], 3) == (1.0,)
    assert len(parts_of([1], 10_000)) == 40
    with crowd.runtime.db.read() as session:
        for film in films(session, choice_of(crowd), crowd.course):
            assert film.watchers == sum(row["lesson"] == film.lesson for row in Recount(crowd).of("watch"))
            assert all(0 <= part <= 1 for part in film.parts)


def test_too_few_learners_make_no_lesson_the_worst() -> None:
    few = Step("a", 1, opened_before=9, stopped=9)
    assert worst([few]) is None
    more = Step("b", 2, opened_before=10, stopped=1)
    most = Step("c", 3, opened_before=100, stopped=20)
    assert worst([few, more, most]) == most
