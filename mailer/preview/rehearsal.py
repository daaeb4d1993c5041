"""A course on a virtual clock: every mail a learner would get, and when, decided and filled as in earnest.

The learner registers and confirms at one moment, and completes each lesson on the day it comes, or does what one
would like to try.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from course.content.course import Course
from course.content.mails import MailKind
from course.language.catalogues import words_in
from course.language.words import ENGLISH, Words
from course.schedule.forecast import look
from course.schedule.life import Came, Deed, live
from course.schedule.progress import Facts, Nudge, Send
from course.schedule.reasons import STILL_OPEN, because
from course.schedule.rhythm import EVERY_DAY, Rhythm, first_moment
from mailer.compose.compose import Site, compile_mail
from mailer.compose.letters import Claimed, letter_of
from mailer.compose.message import Template
from mailer.compose.mime import Wire
from mailer.preview.sample_site import SAMPLE_NAME, SAMPLE_SERIAL
from mailer.signer import Signer


@dataclass(frozen=True, slots=True)
class Trainee:
    """Who rehearses. `spread` as in a `Rhythm`: seconds into the hour."""

    number: int
    zone: str
    hour: int
    begins_on: date
    spread: int = 0

    @property
    def begins_at(self) -> datetime:
        return first_moment(Rhythm(self.zone, self.hour, EVERY_DAY), self.begins_on)

    @property
    def email(self) -> str:
        return f"learner-{self.number}@example.org"


@dataclass(frozen=True, slots=True)
class Cue:
    """A mail that will go: `lesson` is empty for the fixed ones."""

    at: datetime
    kind: MailKind
    lesson: str
    why: str
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A mail that went. `local_at` is on the learner's clock."""

    cue: Cue
    local_at: datetime
    day: int
    subject: str
    raw: bytes


def cues(course: Course, trainee: Trainee, words: Words = ENGLISH, deeds: Sequence[Deed] = ()) -> tuple[Cue, ...]:
    """The whole course for one learner, in order; `words` are for who looks at it. Where a deed completes a
    lesson, only those are completed that a deed does."""
    begins_at = trainee.begins_at
    facts = Facts(
        lessons=tuple(lesson.slug for lesson in course.lessons),
        posted={},
        completed=frozenset(),
        rhythm=Rhythm(trainee.zone, trainee.hour, course.weekdays, trainee.spread),
        state="active",
        begun_at=begins_at,
        start=course.start,
        pace=course.pace,
        max_open=course.max_open,
        nudge_days=course.nudge,
    )
    by_itself = not any(deed.completes for deed in deeds)
    minutes = {lesson.slug: course.effort(lesson).minutes for lesson in course.lessons if by_itself}
    first_at = look(facts, begins_at)
    return (
        Cue(begins_at, "confirm", "", words.gettext("somebody has registered")),
        Cue(begins_at, "welcome", "", words.gettext("the address was confirmed"), first_at.next_at),
        *(_cue(came, facts, words) for came in live(facts, deeds, minutes)),
    )


def _cue(came: Came, facts: Facts, words: Words) -> Cue:
    match came.mail:
        case Send(lesson, _, why):
            return Cue(came.at, "lesson", lesson, because(why, facts.rhythm, words), came.next_at)
        case Nudge():
            return Cue(came.at, "nudge", "", words.of(STILL_OPEN), came.next_at)
        case None:
            return Cue(came.at, "finished", "", words.gettext("the last lesson is complete"))


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Mails are compiled once, however many learners there are."""

    course: Course
    site: Site
    signer: Signer
    _ready: dict[tuple[MailKind, str], tuple[Template, Wire]] = field(default_factory=dict)

    def mails(self, trainee: Trainee, deeds: Sequence[Deed] = ()) -> Iterator[Rehearsed]:
        for cue in cues(self.course, trainee, deeds=deeds):
            yield self._mail(trainee, cue)

    def _mail(self, trainee: Trainee, cue: Cue) -> Rehearsed:
        template, wire = self._template(cue.kind, cue.lesson)
        letter = letter_of(self.signer, words_in(self.course.language), _claimed(trainee, cue))
        return Rehearsed(
            cue=cue,
            local_at=cue.at.astimezone(ZoneInfo(trainee.zone)),
            day=self.course.day_of(cue.lesson) if cue.lesson else 0,
            subject=template.subject.filled(letter.slots),
            raw=wire.bytes_of(letter),
        )

    def _template(self, kind: MailKind, lesson: str) -> tuple[Template, Wire]:
        ready = self._ready.get((kind, lesson))
        if ready is None:
            template = compile_mail(self.site, kind, self.course, lesson, tracked=True)
            ready = self._ready[(kind, lesson)] = (template, Wire(template))
        return ready


def _claimed(trainee: Trainee, cue: Cue) -> Claimed:
    own = sha256(f"{trainee.number} {cue.kind} {cue.lesson}".encode()).hexdigest()[:32]
    return Claimed(
        delivery=own,
        attempt=own,
        kind=cue.kind,
        slug=cue.lesson,
        edition_id=0,
        revision_id=0,
        message_id=f"<{own}@example.org>",
        dated_at=cue.at,
        enrolment=trainee.number,
        generation=0,
        tracking=True,
        zone=trainee.zone,
        next_at=cue.next_at,
        email=trainee.email,
        name=SAMPLE_NAME,
        serial=SAMPLE_SERIAL,
    )
