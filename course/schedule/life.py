"""A learner's life on plain values: deeds at their moments, and the mails that come of them. Pure.

All mail arrives at once, and nobody else acts.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush

from course.schedule.forecast import arrived, look, look_ahead, undisturbed
from course.schedule.progress import UNDER_WAY, Facts, Nudge, Send, asked

LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Came:
    """A mail of the plan, at the moment it was sent, and when it says that the next lesson comes; one without a
    `mail` is the end: all lessons are complete."""

    at: datetime
    mail: Send | Nudge | None
    next_at: datetime | None = None


Change = Callable[[Facts, datetime], Facts]


@dataclass(frozen=True, slots=True, order=True)
class Deed:
    """At this moment the facts are changed; without a `change`, the next lesson is asked for. `number`: their
    order in one moment."""

    at: datetime
    number: int
    change: Change | None = field(default=None, compare=False)
    completes: bool = field(default=False, compare=False)


def live(facts: Facts, deeds: Sequence[Deed], minutes: Mapping[str, int]) -> Iterator[Came]:
    """What comes, in order. `minutes`: each of these lessons is completed so long after it came."""
    agenda = list(deeds)
    heapify(agenda)
    begun, now = facts.begun_at, facts.begun_at
    ahead = look_ahead(facts, now)
    while agenda or ahead.again_at is not None:
        due = ahead.again_at
        deed = agenda[0] if agenda and (due is None or agenda[0].at <= due) else None
        now = max(now, deed.at if deed else due or now)
        if now > begun + LONGEST:
            return
        mail: Send | Nudge | None
        if deed is None:
            mail = look(facts, now).mail
        else:
            heappop(agenda)
            facts, mail = _done(facts, deed, now, ahead.next_at)
        if mail is not None:
            facts = arrived(facts, mail, now)
            yield Came(now, mail, look_ahead(facts, now).next_at)
        if isinstance(mail, Send) and mail.lesson in minutes:
            at = now + timedelta(minutes=minutes[mail.lesson])
            heappush(agenda, Deed(at, len(agenda), completing(mail.lesson)))
        if facts.state in UNDER_WAY and facts.completed >= set(facts.lessons):
            facts = facts._replace(state="finished")
            yield Came(now, None)
        ahead = look_ahead(facts, now)


def _done(facts: Facts, deed: Deed, now: datetime, next_at: datetime | None) -> tuple[Facts, Send | None]:
    if deed.change is not None:
        return undisturbed(deed.change(facts, now), now, next_at), None
    step = asked(facts, now)
    if not isinstance(step, Send):
        return facts, None
    return facts._replace(state="active", resumes_on=None), step


def completing(lesson: str) -> Change:
    """The deed of completing it, if it has come."""

    def change(facts: Facts, now: datetime) -> Facts:
        if lesson not in facts.posted or lesson in facts.completed:
            return facts
        at = now if lesson == facts.newest else facts.completed_at
        return facts._replace(completed=facts.completed | {lesson}, completed_at=at)

    return change
