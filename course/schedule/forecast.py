"""What is to be done for a learner now, and the whole plan as it stands: pure, over the same facts.

The rules are told in `docs/pace.md`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from course.schedule.progress import Facts, Finished, Nudge, Posted, Send, Step, Wait, last_day, next_step
from course.schedule.rhythm import A_DAY, Rhythm, local_date, midnight, next_moment


@dataclass(frozen=True, slots=True)
class Look:
    """The outcome of looking at an enrolment: a mail that is due, if any, and when to look again.

    `next_at` is when the next lesson comes, if what is under way arrives; None where only a deed brings it.
    """

    mail: Send | Nudge | None
    again_at: datetime | None
    next_at: datetime | None

    @property
    def moments(self) -> dict[str, datetime | None]:
        """Return the columns of an enrolment that follow from its facts; nothing else writes them."""
        return {"due_at": self.again_at, "next_at": self.next_at}


def look(facts: Facts, now: datetime) -> Look:
    """Look at an enrolment for the planning step, which will post what is due at once."""
    step = next_step(facts, now)
    if not isinstance(step, Send | Nudge) or step.at > now:
        return _look(None, step, facts, now)
    return after(facts, step, now)


def after(facts: Facts, mail: Send | Nudge, now: datetime) -> Look:
    """Look again as if this mail had arrived: the next look is due when the mail after it would be."""
    done = arrived(facts, mail, now)
    return _look(mail, next_step(done, now), done, now)


def _look(mail: Send | Nudge | None, step: Step, facts: Facts, now: datetime) -> Look:
    # Most often the next step is the next lesson; else it is looked for behind what is waited for.
    coming = step if isinstance(step, Send) else next(_walk(_as_if_arrived(facts), now))
    return Look(mail, _again(step), coming.at if isinstance(coming, Send) else None)


def look_ahead(facts: Facts, now: datetime) -> Look:
    """Look at an enrolment after a deed, leaving to the planning step what is due."""
    return _look(None, next_step(facts, now), facts, now)


def undisturbed(facts: Facts, now: datetime, next_at: datetime | None) -> Facts:
    """The facts after a deed, by which no mail goes out at once whose moment had passed before the deed.

    Such a mail waits for the next moment from now on, unless it was a lesson that was to come at `next_at` and is
    only late. Who has just acted is never reminded at once. A mail that the deed itself brings has its moment now.
    """
    step = next_step(facts, now)
    if not isinstance(step, Send | Nudge) or step.at >= now:
        return facts
    was_due = isinstance(step, Send) and next_at is not None and next_at <= now
    return facts if was_due else facts._replace(not_before=now)


def arrived(facts: Facts, mail: Send | Nudge, at: datetime) -> Facts:
    """The facts once this mail has arrived."""
    if isinstance(mail, Nudge):
        return facts._replace(nudged=facts.nudged | {mail.lesson})
    posted = {**facts.posted, mail.lesson: Posted(local_date(at, facts.rhythm.zone), at)}
    return facts._replace(posted=posted, completed_at=None)


def _again(step: Step) -> datetime | None:
    match step:
        case Send(at=at) | Nudge(at=at):
            return at
        case Wait(until=until):
            return until
        case _:
            return None


def day_after_pause(facts: Facts, now: datetime, days: int) -> date:
    """The local day on which lessons may come again after a pause of so many days, counted from the next one on
    which a lesson could have come."""
    at_once = not facts.posted and facts.start == "at-once"
    earliest = local_date(now, facts.rhythm.zone) if at_once else last_day(facts) + A_DAY
    return local_date(next_moment(facts.rhythm, earliest, now), facts.rhythm.zone) + days * A_DAY


@dataclass(frozen=True, slots=True)
class Forecast:
    """The lessons still to come with their moments, and what comes after them: the end, or a deed to wait for."""

    sends: tuple[Send, ...]
    then: Wait | Nudge | Finished


def forecast(facts: Facts, now: datetime) -> Forecast:
    """Foresee all mails to come, if mail under way arrives and nothing more is completed than is now.

    After a lesson that could not be delivered none is foreseen: it waits for a deed.
    """
    sends: list[Send] = []
    for step in _walk(_as_if_arrived(facts), now):
        if not isinstance(step, Send):
            return Forecast(tuple(sends), step)
        sends.append(step)
    raise AssertionError("a course has an end")  # pragma: no cover


def had_all_before(facts: Facts, begin: datetime, end: datetime) -> tuple[tuple[Send | Nudge, ...], Look]:
    """All mails from one moment to before another, each as if it had arrived at its own, and the look that is left
    to be taken then."""
    facts = _as_if_arrived(facts)
    had: list[Send | Nudge] = []
    moment = begin
    while True:
        found = look(facts, moment)
        if found.mail is not None:
            had.append(replace(found.mail, at=moment))
            facts = arrived(facts, found.mail, moment)
        if found.again_at is None or found.again_at >= end:
            return tuple(had), found
        moment = found.again_at


def lessons_to_come(facts: Facts, now: datetime) -> tuple[Send, ...]:
    """The lessons that will come with nothing further done."""
    return forecast(facts, now).sends


def _walk(facts: Facts, now: datetime) -> Iterator[Send | Wait | Nudge | Finished]:
    """The lessons that come with nothing further done, one by one; last what comes after them."""
    while True:
        step = next_step(facts, now)
        if isinstance(step, Wait) and step.until is not None and step.until > now:
            now = step.until
            continue
        if isinstance(step, Send):
            now = max(step.at, now)
            facts, step = arrived(facts, step, now), replace(step, at=now)
        elif isinstance(step, Nudge):
            step = replace(step, at=max(step.at, now))
        yield step
        if not isinstance(step, Send):
            return


def assume_accepted(posted: Posted, rhythm: Rhythm) -> Posted:
    """Return a lesson under way as if it had arrived on its day."""
    if posted.failed or posted.came_at is not None:
        return posted
    return replace(posted, accepted_at=midnight(posted.on, rhythm.zone))


def _as_if_arrived(facts: Facts) -> Facts:
    return facts._replace(posted={slug: assume_accepted(p, facts.rhythm) for slug, p in facts.posted.items()})
