"""Whatever learners and authors do: the rules of the pace hold, and the plan shown is what then happens."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from course.enrolment.many.edition_move import move
from course.schedule.forecast import day_after_pause, forecast, look, look_ahead, undisturbed
from course.schedule.progress import PACES, UNDER_WAY, Facts, Nudge, Pace, Posted, Send, asked
from course.schedule.rhythm import EVERY_DAY, Rhythm, local_date, moment_on

LESSONS = ("one", "two", "three", "four", "five")
NEW_LESSONS = ("six", "seven")
BEGUN = datetime(2026, 3, 23, 6, 0, tzinfo=UTC)
ZONES = ("Europe/Berlin", "Pacific/Honolulu", "Pacific/Kiritimati", "Asia/Kolkata", "America/New_York")


class LearnersCourse(RuleBasedStateMachine):
    """The model is a log of what went out: when, in which zone, and whether somebody had asked for it."""

    @initialize(start=st.sampled_from(["at-once", "next-day"]), days=st.sampled_from([0, 1, 3]))
    def begin(self, start: str, days: int) -> None:
        self.now = BEGUN
        self.facts = Facts(
            LESSONS, {}, frozenset(), Rhythm("Europe/Berlin", 8, EVERY_DAY, 240), "active", BEGUN, nudge_days=days
        )
        self.facts = self.facts._replace(start="next-day" if start == "next-day" else "at-once")
        self.next_at: datetime | None = BEGUN
        self.sent: list[tuple[str, datetime, str, bool]] = []
        self.nudged: list[str] = []

    def act(self, **changes: Any) -> None:
        """A deed: it sends nothing by surprise."""
        self.facts = undisturbed(self.facts._replace(**changes), self.now, self.next_at)
        self.next_at = look_ahead(self.facts, self.now).next_at

    def send(self, lesson: str, *, by_deed: bool, arrives: bool) -> None:
        assert lesson not in self.facts.posted
        rhythm = self.facts.rhythm
        today = moment_on(local_date(self.now, rhythm.zone), rhythm.zone, rhythm.hour)
        assert by_deed or (today and timedelta() <= self.now - today < timedelta(hours=2))
        entry = Posted(local_date(self.now, rhythm.zone), self.now if arrives else None)
        self.facts = self.facts._replace(posted={**self.facts.posted, lesson: entry}, completed_at=None)
        self.sent.append((lesson, self.now, rhythm.zone, by_deed))

    def plan_now(self, *, arrives: bool = True) -> None:
        """The planning step, as often as there is something due."""
        while (mail := look(self.facts, self.now).mail) is not None:
            assert self.facts.state in ("active", "paused", "finished")
            assert self.facts.resumes_at is None or self.facts.resumes_at <= self.now
            if isinstance(mail, Nudge):
                self.nudged.append(mail.lesson)
                self.facts = self.facts._replace(nudged=self.facts.nudged | {mail.lesson})
            else:
                self.send(mail.lesson, by_deed=mail.why in ("completed", "at-once"), arrives=arrives)
        self.next_at = look(self.facts, self.now).next_at

    @rule(hours=st.integers(1, 60), arrives=st.booleans())
    def time_passes(self, hours: int, arrives: bool) -> None:
        for _ in range(hours):
            self.now += timedelta(hours=1)
            self.plan_now(arrives=arrives)

    @rule()
    def mail_under_way_arrives(self) -> None:
        posted = {
            slug: entry if entry.accepted_at else replace(entry, accepted_at=self.now)
            for slug, entry in self.facts.posted.items()
        }
        self.facts = self.facts._replace(posted=posted)

    @rule(zone=st.sampled_from(ZONES), hour=st.integers(0, 23), days=st.frozensets(st.integers(0, 6), min_size=1))
    def settle(self, zone: str, hour: int, days: frozenset[int]) -> None:
        self.act(rhythm=Rhythm(zone, hour, days, 240))

    @rule(pace=st.sampled_from(PACES), limit=st.one_of(st.none(), st.integers(1, 3)))
    def choose_a_pace(self, pace: Pace, limit: int | None) -> None:
        self.act(pace=pace, max_open=limit)

    @precondition(lambda self: self.facts.state in UNDER_WAY)
    @rule(days=st.one_of(st.none(), st.integers(1, 9)))
    def pause(self, days: int | None) -> None:
        until = None if days is None else day_after_pause(self.facts, self.now, days)
        self.act(state="paused", resumes_on=until)

    @precondition(lambda self: self.facts.state in ("paused", "left"))
    @rule()
    def go_on(self) -> None:
        self.act(state="active", resumes_on=None)

    @precondition(lambda self: self.facts.state != "left")
    @rule()
    def leave(self) -> None:
        self.act(state="left")

    @rule(arrives=st.booleans())
    def ask_for_the_next(self, arrives: bool) -> None:
        step = asked(self.facts, self.now)
        if isinstance(step, Send):
            self.send(step.lesson, by_deed=True, arrives=arrives)
            if self.facts.state == "paused":
                self.go_on()

    @precondition(lambda self: self.facts.posted)
    @rule(lesson=st.sampled_from(LESSONS + NEW_LESSONS), done=st.booleans())
    def complete_or_take_back(self, lesson: str, done: bool) -> None:
        if lesson in self.facts.posted:
            completed = self.facts.completed | {lesson} if done else self.facts.completed - {lesson}
            newest = lesson == self.facts.newest
            before = self.facts.completed_at
            first = before if before and done else self.now if done else None
            self.act(completed=completed, completed_at=first if newest else before)

    @precondition(lambda self: self.facts.state in UNDER_WAY)
    @rule(newest=st.lists(st.sampled_from(LESSONS + NEW_LESSONS), unique=True, min_size=1))
    def be_moved_to_a_new_edition(self, newest: list[str]) -> None:
        moved = move(self.facts.lessons, self.facts.posted, newest)
        if moved is None:
            return
        due_before = look(self.facts, self.now).mail
        completed_at = self.facts.completed_at
        self.act(lessons=moved.lessons)
        self.facts = self.facts._replace(completed_at=completed_at)
        assert due_before or not isinstance(look(self.facts, self.now).mail, Send)

    @rule()
    def begin_again(self) -> None:
        self.facts = self.facts._replace(
            posted={},
            completed=frozenset(),
            nudged=frozenset(),
            state="active",
            begun_at=self.now,
            completed_at=None,
            resumes_on=None,
            not_before=None,
        )
        self.next_at = self.now
        self.sent, self.nudged = [], []

    @invariant()
    def lessons_go_out_in_order_and_each_once(self) -> None:
        assert tuple(lesson for lesson, *_ in self.sent) == self.facts.lessons[: len(self.sent)]

    @invariant()
    def no_date_has_two_lessons_unless_somebody_acted(self) -> None:
        for (_, earlier, _, _), (_, later, zone, by_deed) in pairwise(self.sent):
            assert by_deed or local_date(later, zone) > local_date(earlier, zone)

    @invariant()
    def nobody_is_reminded_twice_of_one_lesson(self) -> None:
        assert len(self.nudged) == len(set(self.nudged))
        assert not self.nudged or self.facts.nudge_days

    @invariant()
    def the_plan_shown_is_what_then_happens(self) -> None:
        """If nothing more is done, and all mail arrives."""
        if any(entry.accepted_at is None for entry in self.facts.posted.values()):
            return
        told = [(send.lesson, send.at) for send in forecast(self.facts, self.now).sends]
        facts, now, happened = self.facts, self.now, []
        for _ in range(2 * len(self.facts.lessons) + 2):
            found = look(facts, now)
            if isinstance(found.mail, Send):
                happened.append((found.mail.lesson, now))
                entry = Posted(local_date(now, facts.rhythm.zone), now)
                facts = facts._replace(posted={**facts.posted, found.mail.lesson: entry})
            elif isinstance(found.mail, Nudge):
                facts = facts._replace(nudged=facts.nudged | {found.mail.lesson})
            elif found.again_at is None:
                break
            else:
                now = max(now, found.again_at)
        assert told == happened


LearnersCourse.TestCase.settings = settings(max_examples=60, stateful_step_count=25)
TestWhateverLearnersDo = LearnersCourse.TestCase
