"""Small accidents, each told with one process and a set clock. Each returns what the witness complains of."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from course.models import Enrolment
from mailer.sending.deliver import deliver
from mailer.sending.journal import TakenUp
from mailer.sending.plan import plan
from tests.faults.oracle import complaints, extra_copies
from tests.faults.scripted import ScriptedHouse

Scenario = Callable[[ScriptedHouse], list[str]]
LONG, STEP = 3600.0, 300.0


def planned_from_old_facts(house: ScriptedHouse) -> list[str]:
    """A planning step acts on what it read before another one planned the same lesson."""
    learners = house.learners(3)
    house.work()
    _make_due_again(house)
    with suppress(IntegrityError):
        plan(house.runtime)
    house.work()
    return complaints(house.provider.seen, learners, 1)


def two_jobs_for_one_batch(house: ScriptedHouse) -> list[str]:
    learners = house.learners(3)
    for batch in house.plan() * 2:
        deliver(house.runtime, batch)
    return complaints(house.provider.seen, learners, 1)


def dead_after_the_letter_was_taken(house: ScriptedHouse) -> list[str]:
    """Events tell what became of it, a second later."""
    learners = house.learners(3)
    house.provider.script = ["accept", "die-after"]
    house.work()
    house.work()
    house.work_on(1)
    house.tell_of(house.provider.taken)
    house.work_on(LONG, STEP)
    return complaints(house.provider.seen, learners, 1)


def dead_between_two_letters(house: ScriptedHouse) -> list[str]:
    """Answered letters are recorded from the journal: no doubt, no second copy."""
    learners = house.learners(5)
    house.provider.script = ["accept", "accept", "die-answered"]
    house.work()
    house.work_on(LONG, STEP)
    return complaints(house.provider.seen, learners, 1)


def dead_and_its_journal_gone(house: ScriptedHouse) -> list[str]:
    """Somebody has cleaned up where the journals are: then every letter of the dead worker is in doubt."""
    learners = house.learners(3)
    house.provider.script = ["accept", "die-after"]
    house.work()
    for file in house.runtime.journals.iterdir():
        file.unlink()
    house.work_on(100, 50)
    house.tell_of(house.provider.taken)
    house.work_on(LONG, STEP)
    doubled = complaints(house.provider.seen, learners, 1)
    return [what for what in doubled if "never" not in what]


def lost_reply_and_a_late_event(house: ScriptedHouse) -> list[str]:
    """The event comes within the wait."""
    learners = house.learners(3)
    house.provider.script = ["accept", "lose-after"]
    _take_time(house)
    house.work()
    house.tell_of(house.provider.taken[:1])
    house.work_on(60, 10)
    house.tell_of(house.provider.taken)
    house.work_on(LONG, STEP)
    return complaints(house.provider.seen, learners, 1)


def lost_reply_and_other_events(house: ScriptedHouse) -> list[str]:
    """Other mails' events prove that the channel lives, but only after the wait does their absence tell."""
    learners = house.learners(3)
    house.provider.script = ["lose-after"]
    _take_time(house)
    house.work()
    house.clock.forward(seconds=1)
    house.tell_of(house.provider.taken[1:])
    house.work_on(60, 10)
    house.tell_of(house.provider.taken[:1])
    house.work_on(LONG, STEP)
    return complaints(house.provider.seen, learners, 1)


def dead_channel(house: ScriptedHouse) -> list[str]:
    """No event comes at all for longer than the wait: silence proves nothing, so nothing is sent again."""
    learners = house.learners(3)
    house.provider.script = ["accept", "lose-after"]
    house.work()
    house.work_on(2 * LONG, STEP)
    house.tell_of(house.provider.taken)
    house.work_on(LONG, STEP)
    return complaints(house.provider.seen, learners, 1)


def asleep_past_the_lease(house: ScriptedHouse) -> list[str]:
    """A worker sleeps before its second letter; its claim is taken up, the rest sent; then it wakes."""
    learners = house.learners(4)

    def sleep() -> None:
        house.clock.forward(seconds=LONG)
        house.work()

    house.provider.meanwhile = [lambda: None, sleep]
    return _uncounted_or_lost(house, learners)


def _uncounted_or_lost(house: ScriptedHouse, learners: list[str]) -> list[str]:
    """Once the worker that slept has had its turn, and time enough has passed."""
    with suppress(TakenUp):
        house.work()
    house.work_on(LONG, STEP)
    extra = extra_copies(house.provider.seen)
    uncounted = extra > house.duplicates() or extra > 1
    return [f"{extra} extra copies, {house.duplicates()} counted"] if uncounted else _lost(house, learners)


def answer_of_a_sleeper(house: ScriptedHouse) -> list[str]:
    """A worker sleeps within a letter, wakes when another has sent it again, and hears a refusal."""
    learners = house.learners(1)
    house.provider.script = ["sleep-refused"]
    house.provider.asleep = lambda: house.work_on(3 * LONG, STEP)
    house.work()
    house.work_on(LONG, STEP)
    return complaints(house.provider.seen, learners, 1)


def asleep_within_a_request_of_many(house: ScriptedHouse) -> list[str]:
    """A worker sleeps while three letters are taken together; its claim is taken up; then it hears yes."""
    learners = house.learners(6)
    house.provider.together = 3
    house.provider.script = ["sleep-accept"]
    house.provider.asleep = lambda: house.work_on(LONG / 6, STEP)
    with suppress(TakenUp):
        house.work()
    house.work_on(LONG, STEP)
    return complaints(house.provider.seen, learners, 1)


def asleep_past_the_lease_on_another_machine(house: ScriptedHouse) -> list[str]:
    """Suspended for hours: its journal and its mark are its own, and only the rows tell that it is too late."""
    learners = house.learners(4)

    def elsewhere() -> None:
        here, there = house.runtime, house.runtime.settings.var_dir.with_name("elsewhere")
        house.runtime = replace(here, node="elsewhere", settings=replace(here.settings, var_dir=there))
        house.work_on(3 * LONG, STEP)
        house.runtime = here

    house.provider.meanwhile = [lambda: None, elsewhere]
    return _uncounted_or_lost(house, learners)


def clock_set_ahead(house: ScriptedHouse) -> list[str]:
    """By a day, in the midst of a doubt: it has not waited a day for its event."""
    learners = house.learners(3)
    house.provider.script = ["lose-after"]
    _take_time(house)
    house.work()
    house.clock.jump(days=1)
    house.tell_of(house.provider.taken[1:3])
    house.work_on(30, 10)
    house.tell_of(house.provider.taken)
    house.work_on(LONG, STEP)
    return complaints(house.provider.seen, learners, 1)


def clock_put_back(house: ScriptedHouse) -> list[str]:
    """By three days, when letters that were due before wait for a worker: they do not wait three days."""
    learners = house.learners(3)
    house.clock.forward(days=4)
    house.plan()
    house.clock.jump(days=-3)
    house.work_on(30, 10)
    return complaints(house.provider.seen, learners, 1)


def queue_emptied(house: ScriptedHouse) -> list[str]:
    """All that workers see is the queue."""
    learners = house.learners(3)
    plan(house.runtime)
    house.runtime.queue.redis.flushdb()
    plan(house.runtime)
    for batch in house.runtime.queue.waiting() or ():
        deliver(house.runtime, batch)
    return complaints(house.provider.seen, learners, 1)


def event_told_twice(house: ScriptedHouse) -> list[str]:
    """A soft bounce, in many copies: the lesson comes back once, and goes again once."""
    learners = house.learners(1)
    house.work()
    house.tell_of(house.provider.taken, *["deferred"] * 3)
    for _ in range(3):
        house.tell_of(house.provider.taken, "bounce")
    house.work_on(LONG, STEP)
    twice = complaints(house.provider.seen, learners, 1) == [f"lesson 1 reached {learners[0]} 2 times"]
    return [] if twice and house.events() == 2 else [f"{house.provider.seen}, {house.events()} events"]


def _take_time(house: ScriptedHouse) -> None:
    """Each letter a second: later mail is what proves that events still come."""
    house.provider.meanwhile = [lambda: house.clock.forward(seconds=1)] * 10


def _lost(house: ScriptedHouse, learners: list[str]) -> list[str]:
    return [what for what in complaints(house.provider.seen, learners, 1) if "never" in what]


def _make_due_again(house: ScriptedHouse) -> None:
    with house.runtime.db.write() as session:
        session.execute(update(Enrolment).values(due_at=house.clock.now()))
