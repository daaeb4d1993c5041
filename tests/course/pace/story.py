"""One life, lived twice at the same time: by the real parts, and by the rules as `model` tells them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.course.pace.lives import Life, Step
from tests.course.pace.living import ENGLISH, Living
from tests.course.pace.model import A_DAY, REMINDER, Coming, Learner, day_in

LONGEST = timedelta(days=60)


class Story:
    """What is expected of each mail is told by the model before the real parts are asked."""

    def __init__(self, living: Living, life: Life) -> None:
        self.living, self.life = living, life
        self.told: list[str] = []
        self.expected: list[tuple[str, datetime]] = []
        living.begin(life)
        self.published = tuple(f"n{number}" for number in range(life.lessons))
        living.sign_up(life.zone, life.hour)
        self.learner = self.fresh(life.zone, life.hour, frozenset(range(7)), life.pace, life.limit)
        self.note(f"confirmed in {life.zone} at {life.begins}")
        self.settle(weekdays=life.weekdays)
        self.look()
        self.compare()

    def fresh(self, zone: str, hour: int, weekdays: frozenset[int], pace: str, limit: int | None) -> Learner:
        spread = timedelta(seconds=self.living.spread)
        course = self.life.starts, pace, limit, self.life.reminds_after
        return Learner(zone, hour, weekdays, spread, *course, self.published, self.now, self.now, acted=self.now)

    @property
    def now(self) -> datetime:
        return self.living.now

    def note(self, what: str) -> None:
        self.told.append(f"{self.now:%Y-%m-%d %H:%M:%S} {what}")

    def play(self, step: Step) -> None:
        self.wait(self.near(step.minutes) if step.near else timedelta(minutes=step.minutes), step.away)
        if step.deed == "nothing":
            return
        for _ in range(1 + step.twice):
            self.note(f"{step.deed} {step.number} {step.wish if step.deed == 'settings' else ''}")
            getattr(self, step.deed.replace(" ", "_"))(step)
            self.compare()
        if not step.at_once_the_next:
            before = len(self.living.inbox.mails)
            self.look()
            if len(self.living.inbox.mails) > before:
                self.compare()

    # Time.

    def near(self, minutes: int) -> timedelta:
        """Until so long after their next moment, or a little before it."""
        moment = self.learner.moment(day_in(self.learner.zone, self.now), self.now)
        return max(timedelta(), moment - self.now + timedelta(minutes=minutes - 15))

    def look(self, away: str = "") -> None:
        """The post is looked through, and what is found goes, unless the workers are away."""
        if away == "planner":
            return
        for what in self.learner.look(self.now):
            self.note(f"goes: {what}")
        self.living.plan_mails()
        if away == "":
            self.arrive()

    def arrive(self) -> None:
        wanted = self.learner.arrive(self.now)
        before = len(self.living.inbox.mails)
        self.living.deliver()
        came = self.living.inbox.mails[before:]
        assert [mail.what for mail in came] == wanted, self.said(came, wanted)
        for mail in came:
            if mail.what != "nudge":
                following = self.learner.plan(self.now)
                if following and following[0].what != REMINDER:
                    when = ENGLISH.moment(following[0].at, self.learner.zone)
                    assert when in " ".join(mail.text.split()), self.said(mail.text[-600:], when)

    def wait(self, time: timedelta, away: str) -> None:
        if not time:
            return
        self.note(f"{time} pass{', away: ' + away if away else ''}")
        until = self.now + time
        if away == "hold":
            self.living.hold()
        self.look(away)
        while away != "planner" and (due := self.living.due(until)) is not None:
            self.living.clock.moments.append(due)
            self.look(away)
        self.living.clock.moments.append(until)
        if away == "hold":
            self.living.release()
        if away:
            self.compare()
        self.look()
        self.compare()

    # What is told.

    def compare(self) -> None:
        plan = self.learner.plan(self.now)
        dated = {coming.what: coming.at for coming in plan if coming.what != REMINDER}
        explained = self.living.explained()
        assert explained == [_as_explained(coming) for coming in plan], self.said(explained, plan)
        page = self.living.on_the_page()
        wanted = {lesson: ENGLISH.moment(at, self.learner.zone) for lesson, at in dated.items()}
        assert page == wanted, self.said(page, wanted)
        came = {lesson: came.at for lesson, came in self.learner.had.items() if came.at is not None}
        calendar = self.living.in_the_calendar()
        assert calendar == came | dated, self.said(calendar, came | dated)

    def said(self, found: object, wanted: object) -> str:
        return "\n".join([*self.told, f"at {self.now}", f"FOUND {found}", f"WANTED {wanted}", repr(self.learner)])

    def end(self) -> None:
        """With nothing done, the plan as told is what comes."""
        self.look()
        plan = self.learner.plan(self.now)
        before = len(self.living.inbox.mails)
        self.wait(LONGEST, "")
        came = [(mail.what, mail.at) for mail in self.living.inbox.mails[before:]]
        wanted = [_as_explained(coming) for coming in plan if coming.at <= self.now]
        assert came == wanted, self.said(came, wanted)

    # Deeds.

    def did(self, change: Callable[[Learner], None]) -> None:
        owed = self.learner.owes(self.now)
        change(self.learner)
        self.learner.deed(self.now, owed)

    def settle(
        self,
        zone: str | None = None,
        hour: int | None = None,
        weekdays: frozenset[int] | None = None,
        pace: str | None = None,
        limit: int | None = None,
    ) -> None:
        fields: dict[str, object] = {}
        if zone is not None:
            fields["zone"] = zone
        if hour is not None:
            fields["hour"] = str(hour)
        if weekdays is not None:
            fields["weekdays"] = [str(day) for day in sorted(weekdays)]
        if pace is not None:
            fields |= {"pace": pace, "max_open": "" if limit is None else str(limit)}
        assert self.living.post("/settings", fields) == 303

        def change(learner: Learner) -> None:
            learner.zone = zone or learner.zone
            learner.hour = learner.hour if hour is None else hour
            learner.weekdays = weekdays or learner.weekdays
            if pace is not None:
                learner.pace, learner.limit = pace, limit

        self.did(change)

    def settings(self, step: Step) -> None:
        wish = step.wish
        hour = wish.hour
        if hour is not None and step.number % 2:
            hour = (self.now.astimezone(ZoneInfo(self.learner.zone)).hour + hour % 3 - 1) % 24
        self.settle(wish.zone, hour, wish.weekdays, wish.pace, wish.limit)

    def _paused(self, fields: dict[str, object], until: date | None) -> None:
        assert self.living.post("/pause", fields) == 303
        if self.learner.state not in ("learning", "paused"):
            return

        def change(learner: Learner) -> None:
            learner.withdraw()
            learner.state, learner.until = "paused", until

        self.did(change)

    def pause(self, step: Step) -> None:
        self._paused({"days": str(step.number)}, self.learner.pause_days(self.now, step.number))

    def pause_until(self, step: Step) -> None:
        until = day_in(self.learner.zone, self.now) + step.number * A_DAY
        self._paused({"until": until.isoformat()}, until)

    def pause_for_good(self, step: Step) -> None:
        self._paused({}, None)

    def resume(self, step: Step) -> None:
        assert self.living.post("/resume") == 303
        if self.learner.state == "paused" and (self.learner.until is None or self.learner.pauses(self.now)):

            def change(learner: Learner) -> None:
                learner.state, learner.until = "learning", None

            self.did(change)

    def next(self, step: Step) -> None:
        lesson = self.learner.coming
        assert self.living.post("/next", {"lesson": lesson or "n0"}) == 303
        self._wanted(lesson)

    def _wanted(self, lesson: str | None) -> None:
        learner = self.learner
        if lesson is None or learner.state not in ("learning", "paused") or learner.on_its_way:
            return
        learner.post(lesson, self.now, self.now, asked=True)
        if learner.state == "paused":
            learner.state, learner.until = "learning", None
        learner.acted = self.now

    def stale_next(self, step: Step) -> None:
        assert self.living.post("/next", {"lesson": self.learner.newest or "n99"}) == 303

    def foreign_next(self, step: Step) -> None:
        assert self.living.post("/next", {"lesson": "another-courses"}) == 303

    def _some(self, step: Step) -> str | None:
        """Most often the newest one that came."""
        came = [lesson for lesson in self.learner.lessons if lesson in self.learner.had]
        return came[-1 if step.number < 7 else step.number % len(came)] if came else None

    def _open(self, lesson: str | None) -> bool:
        return lesson is not None and self.learner.had[lesson].at is not None

    def complete(self, step: Step) -> None:
        lesson = self._some(step)
        status = self.living.post(f"/{lesson or 'n0'}/complete")
        if lesson is None or not self._open(lesson):
            assert status == 404
            return

        def change(learner: Learner) -> None:
            learner.done.setdefault(lesson, self.now)
            if set(learner.lessons) <= learner.done.keys():
                learner.finished = True
                learner.state = "left" if learner.state == "left" else "finished"

        self.did(change)

    def take_back(self, step: Step) -> None:
        lesson = self._some(step)
        self.living.post(f"/{lesson or 'n0'}/uncomplete")
        if self._open(lesson):

            def change(learner: Learner) -> None:
                learner.done.pop(lesson or "", None)

            self.did(change)

    def visit(self, step: Step) -> None:
        self.living.visit(self._some(step) or "n0")

    def leave(self, step: Step) -> None:
        self.living.unsubscribe()
        if self.learner.state != "left":

            def change(learner: Learner) -> None:
                learner.state = "left"

            self.did(change)

    def _back(self, learner: Learner) -> None:
        learner.state, learner.until = "finished" if learner.finished else "learning", None

    def undo(self, step: Step) -> None:
        self.living.unsubscribe("/undo")
        if self.learner.state == "left":
            self.did(self._back)

    def sign_up(self, step: Step) -> None:
        zone, hour = step.wish.zone or "Asia/Tokyo", step.wish.hour or 7
        self.living.sign_up(zone, hour)
        if self.learner.state == "left":

            def change(learner: Learner) -> None:
                self._back(learner)
                learner.zone, learner.hour = zone, hour

            self.did(change)

    def begin_again(self, step: Step) -> None:
        assert self.living.post("/restart") == 303
        learner = self.learner
        hardly = learner.state in ("learning", "paused") and len(learner.tried) <= 1 and not learner.done
        if not hardly:
            self.learner = self.fresh(learner.zone, learner.hour, learner.weekdays, learner.pace, learner.limit)

    def publish(self, step: Step) -> None:
        """One taken out, put in or shifted; and whoever is under way is moved."""
        lessons = list(self.published)
        at = step.number % len(lessons)
        if step.number % 3 == 0 and len(lessons) > 2:
            del lessons[at]
        elif step.number % 3 == 1:
            lessons.insert(at, f"x{len(self.told)}")
        else:
            lessons.insert(0, lessons.pop(at))
        self.published = tuple(lessons)
        self.living.publish(lessons)
        self.living.move()
        learner = self.learner
        coming = [lesson for lesson in lessons if lesson not in learner.had]
        if coming and learner.state in ("learning", "paused") and not learner.finished:
            mine = (*(lesson for lesson in learner.lessons if lesson in learner.had), *coming)
            if mine != learner.lessons:
                acted = learner.acted
                self.did(lambda one: setattr(one, "lessons", mine))
                learner.acted = acted


def _as_explained(coming: Coming) -> tuple[str, datetime]:
    return ("nudge" if coming.what == REMINDER else coming.what, coming.at)
