"""Small accidents, each told with one process and a set clock. Each returns what the witness complains of."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from course.models import Enrolment
from mailer.sending.deliver import deliver_batch
from mailer.sending.journal import TakenUp
from mailer.sending.plan import planning_step
from tests.faults.oracle import complaints, extra_copies
from tests.faults.scripted import ScriptedWorld

Scenario = Callable[[ScriptedWorld], list[str]]
LONG, STEP = 3600.0, 300.0


def planned_from_old_facts(world: ScriptedWorld) -> list[str]:
    """A planning step acts on what it read before another one planned the same lesson."""
    learners = world.learners(3)
    world.work()
    _make_due_again(world)
    with suppress(IntegrityError):
        planning_step(world.runtime)
    world.work()
    return complaints(world.provider.seen, learners, 1)


def two_jobs_for_one_batch(world: ScriptedWorld) -> list[str]:
    learners = world.learners(3)
    for batch in world.plan() * 2:
        deliver_batch(world.runtime, batch)
    return complaints(world.provider.seen, learners, 1)


def dead_after_the_letter_was_taken(world: ScriptedWorld) -> list[str]:
    """Events tell what became of it, a second later."""
    learners = world.learners(3)
    world.provider.script = ["accept", "die-after"]
    world.work()
    world.work()
    world.work_on(1)
    world.tell_of(world.provider.taken)
    world.work_on(LONG, STEP)
    return complaints(world.provider.seen, learners, 1)


def dead_between_two_letters(world: ScriptedWorld) -> list[str]:
    """Answered letters are recorded from the journal: no doubt, no second copy."""
    learners = world.learners(5)
    world.provider.script = ["accept", "accept", "die-answered"]
    world.work()
    world.work_on(LONG, STEP)
    return complaints(world.provider.seen, learners, 1)


def dead_and_its_journal_gone(world: ScriptedWorld) -> list[str]:
    """Somebody has cleaned up where the journals are: then every letter of the dead worker is in doubt."""
    learners = world.learners(3)
    world.provider.script = ["accept", "die-after"]
    world.work()
    for file in world.runtime.journals.iterdir():
        file.unlink()
    world.work_on(100, 50)
    world.tell_of(world.provider.taken)
    world.work_on(LONG, STEP)
    doubled = complaints(world.provider.seen, learners, 1)
    return [what for what in doubled if "never" not in what]


def lost_reply_and_a_late_event(world: ScriptedWorld) -> list[str]:
    """The event comes within the wait."""
    learners = world.learners(3)
    world.provider.script = ["accept", "lose-after"]
    _take_time(world)
    world.work()
    world.tell_of(world.provider.taken[:1])
    world.work_on(60, 10)
    world.tell_of(world.provider.taken)
    world.work_on(LONG, STEP)
    return complaints(world.provider.seen, learners, 1)


def lost_reply_and_other_events(world: ScriptedWorld) -> list[str]:
    """Other mails' events prove that the channel lives, but only after the wait does their absence tell."""
    learners = world.learners(3)
    world.provider.script = ["lose-after"]
    _take_time(world)
    world.work()
    world.clock.forward(seconds=1)
    world.tell_of(world.provider.taken[1:])
    world.work_on(60, 10)
    world.tell_of(world.provider.taken[:1])
    world.work_on(LONG, STEP)
    return complaints(world.provider.seen, learners, 1)


def dead_channel(world: ScriptedWorld) -> list[str]:
    """No event comes at all for longer than the wait: silence proves nothing, so nothing is sent again."""
    learners = world.learners(3)
    world.provider.script = ["accept", "lose-after"]
    world.work()
    world.work_on(2 * LONG, STEP)
    world.tell_of(world.provider.taken)
    world.work_on(LONG, STEP)
    return complaints(world.provider.seen, learners, 1)


def asleep_past_the_lease(world: ScriptedWorld) -> list[str]:
    """A worker sleeps before its second letter; its claim is taken up, the rest sent; then it wakes."""
    learners = world.learners(4)

    def sleep() -> None:
        world.clock.forward(seconds=LONG / 4)
        world.work()

    world.provider.meanwhile = [lambda: None, sleep]
    return _uncounted_or_lost(world, learners)


def _uncounted_or_lost(world: ScriptedWorld, learners: list[str]) -> list[str]:
    """Once the worker that slept has had its turn, and time enough has passed."""
    with suppress(TakenUp):
        world.work()
    world.work_on(LONG, STEP)
    extra = extra_copies(world.provider.seen)
    uncounted = extra > world.duplicates() or extra > 1
    return [f"{extra} extra copies, {world.duplicates()} counted"] if uncounted else _lost(world, learners)


def answer_of_a_sleeper(world: ScriptedWorld) -> list[str]:
    """A worker sleeps within a letter, wakes when another has sent it again, and hears a refusal."""
    learners = world.learners(1)
    world.provider.script = ["sleep-refused"]
    world.provider.asleep = lambda: world.work_on(3 * LONG, STEP)
    world.work()
    world.work_on(LONG, STEP)
    return complaints(world.provider.seen, learners, 1)


def asleep_within_a_request_of_many(world: ScriptedWorld) -> list[str]:
    """A worker sleeps while three letters are taken together; its claim is taken up; then it hears yes."""
    learners = world.learners(6)
    world.provider.together = 3
    world.provider.script = ["sleep-accept"]
    world.provider.asleep = lambda: world.work_on(LONG / 6, STEP)
    with suppress(TakenUp):
        world.work()
    world.work_on(LONG, STEP)
    return complaints(world.provider.seen, learners, 1)


def asleep_past_the_lease_on_another_machine(world: ScriptedWorld) -> list[str]:
    """Suspended for long: its journal and its mark are its own, and only the rows tell that it is too late."""
    learners = world.learners(4)

    def elsewhere() -> None:
        here, there = world.runtime, world.runtime.settings.var_dir.with_name("elsewhere")
        settings = replace(here.settings, var_dir=there, uncertain_after=int(STEP))
        world.runtime = replace(here, node="elsewhere", settings=settings)
        world.work_on(LONG / 3, STEP)
        world.runtime = here

    world.provider.meanwhile = [lambda: None, elsewhere]
    return _uncounted_or_lost(world, learners)


def clock_set_ahead(world: ScriptedWorld) -> list[str]:
    """By an hour, in the midst of a doubt: it has not waited an hour for its event."""
    learners = world.learners(3)
    world.provider.script = ["lose-after"]
    _take_time(world)
    world.work()
    world.clock.jump(hours=1)
    world.tell_of(world.provider.taken[1:3])
    world.work_on(30, 10)
    world.tell_of(world.provider.taken)
    world.work_on(LONG, STEP)
    return complaints(world.provider.seen, learners, 1)


def clock_put_back(world: ScriptedWorld) -> list[str]:
    """By an hour, when letters that were due before wait for a worker: they do not wait an hour."""
    learners = world.learners(3)
    world.clock.forward(hours=1.5)
    world.plan()
    world.clock.jump(hours=-1)
    world.work_on(30, 10)
    return complaints(world.provider.seen, learners, 1)


def queue_emptied(world: ScriptedWorld) -> list[str]:
    """All that workers see is the queue."""
    learners = world.learners(3)
    planning_step(world.runtime)
    world.runtime.queue.redis.flushdb()
    planning_step(world.runtime)
    for batch in world.runtime.queue.waiting() or ():
        deliver_batch(world.runtime, batch)
    return complaints(world.provider.seen, learners, 1)


def event_told_twice(world: ScriptedWorld) -> list[str]:
    """A soft bounce, in many copies: the lesson comes back once, and goes again once."""
    learners = world.learners(1)
    world.work()
    world.tell_of(world.provider.taken, *["deferred"] * 3)
    for _ in range(3):
        world.tell_of(world.provider.taken, "bounce")
    world.work_on(LONG, STEP)
    twice = complaints(world.provider.seen, learners, 1) == [f"lesson 1 reached {learners[0]} 2 times"]
    return [] if twice and world.events() == 2 else [f"{world.provider.seen}, {world.events()} events"]


def _take_time(world: ScriptedWorld) -> None:
    """Each letter a second: later mail is what proves that events still come."""
    world.provider.meanwhile = [lambda: world.clock.forward(seconds=1)] * 10


def _lost(world: ScriptedWorld, learners: list[str]) -> list[str]:
    return [what for what in complaints(world.provider.seen, learners, 1) if "never" in what]


def _make_due_again(world: ScriptedWorld) -> None:
    with world.runtime.db.write() as session:
        session.execute(update(Enrolment).values(due_at=world.clock.now()))
