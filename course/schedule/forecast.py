"""What is to be done for a learner now, and the whole plan as it stands: pure, over the same facts."""

from dataclasses import dataclass, replace
from datetime import datetime

from course.schedule.progress import Facts, Finished, Nudge, Posted, Send, Step, Wait, next_step
from course.schedule.rhythm import A_DAY, Rhythm, first_moment, local_date


@dataclass(frozen=True, slots=True)
class Look:
    """The outcome of looking at an enrolment: a mail that is due, if any, and when to look again.

    `held`: only a deed of the learner brings the next lesson, and `again_at` is when they are reminded.
    """

    mail: Send | Nudge | None
    again_at: datetime | None
    held: bool

    @property
    def moments(self) -> dict[str, datetime | bool | None]:
        """Return the columns of an enrolment that follow from its facts; nothing else writes them."""
        return {"due_at": self.again_at, "held": self.held}


def look(facts: Facts, now: datetime) -> Look:
    """Look at an enrolment for the planning step, which will post what is due at once."""
    step = next_step(facts, now)
    if not isinstance(step, Send | Nudge) or step.at > now:
        return Look(None, _again(step), _is_held(step))
    return after(facts, step, now)


def after(facts: Facts, mail: Send | Nudge, now: datetime) -> Look:
    """Look again as if this mail had arrived: the next look is due when the mail after it would be."""
    step = next_step(_done(facts, mail, now), now)
    return Look(mail, _again(step), _is_held(step))


def after_deed(facts: Facts, now: datetime) -> Look:
    """The look that a learner's deed leaves to be taken. Who has just acted is not reminded on the same day."""
    step = next_step(facts, now)
    if isinstance(step, Nudge) and step.at <= now:
        tomorrow = local_date(now, facts.rhythm.zone) + A_DAY
        step = replace(step, at=first_moment(facts.rhythm, tomorrow))
    return Look(None, _again(step), _is_held(step))


def _done(facts: Facts, mail: Send | Nudge, at: datetime) -> Facts:
    if isinstance(mail, Nudge):
        return facts._replace(nudged=facts.nudged | {mail.lesson})
    return facts._replace(posted={**facts.posted, mail.lesson: Posted(local_date(at, facts.rhythm.zone), at)})


def _again(step: Step) -> datetime | None:
    match step:
        case Send(at=at) | Nudge(at=at):
            return at
        case Wait(until=until):
            return until
        case _:
            return None


def _is_held(step: Step) -> bool:
    return isinstance(step, Nudge) or (isinstance(step, Wait) and step.why in ("incomplete", "limit", "all-sent"))


@dataclass(frozen=True, slots=True)
class Forecast:
    """The lessons still to come with their moments, and what comes after them: the end, or a deed to wait for."""

    sends: tuple[Send, ...]
    then: Wait | Nudge | Finished


def forecast(facts: Facts, now: datetime) -> Forecast:
    """Foresee all mails to come, if mail under way arrives and nothing more is completed than is now.

    After a lesson that could not be delivered none is foreseen: it waits for a deed.
    """
    facts = facts._replace(posted={slug: assume_accepted(p, facts.rhythm) for slug, p in facts.posted.items()})
    planned: list[Send] = []
    moment = now
    while True:
        step = next_step(facts, moment)
        if isinstance(step, Wait) and step.until is not None and step.until > moment:
            moment = step.until
            continue
        if not isinstance(step, Send):
            return Forecast(tuple(planned), step)
        step = replace(step, at=max(step.at, moment))
        planned.append(step)
        moment = step.at
        facts = _done(facts, step, moment)


def had_all_before(facts: Facts, begin: datetime, end: datetime) -> tuple[tuple[Send | Nudge, ...], Look]:
    """All mails from one moment to before another, each as if it had arrived at its own, and the look that is left
    to be taken then."""
    facts = facts._replace(posted={slug: assume_accepted(p, facts.rhythm) for slug, p in facts.posted.items()})
    had: list[Send | Nudge] = []
    moment = begin
    while True:
        found = look(facts, moment)
        if found.mail is not None:
            had.append(replace(found.mail, at=moment))
            facts = _done(facts, found.mail, moment)
        if found.again_at is None or found.again_at >= end:
            return tuple(had), found
        moment = found.again_at


def lessons_to_come(facts: Facts, now: datetime) -> tuple[Send, ...]:
    """The lessons that will come with nothing further done."""
    return forecast(facts, now).sends


def assume_accepted(posted: Posted, rhythm: Rhythm) -> Posted:
    """Return a lesson under way as if it had arrived on its day."""
    if posted.failed or posted.came_at is not None:
        return posted
    return replace(posted, accepted_at=first_moment(rhythm, posted.on))
