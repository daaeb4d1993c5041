"""A course on a virtual clock: every mail a learner would get, and when, decided and filled as in earnest.

The learner registers and confirms at one moment, and completes each lesson on the day it comes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from course.content.course import Course
from course.content.mails import MailKind
from course.language.catalogues import words_in
from course.language.words import ENGLISH, Words
from course.schedule.forecast import lessons_to_come
from course.schedule.progress import Facts
from course.schedule.reasons import because
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


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A mail that went. `local_at` is on the learner's clock."""

    cue: Cue
    local_at: datetime
    day: int
    subject: str
    raw: bytes


def cues(course: Course, trainee: Trainee, words: Words = ENGLISH) -> tuple[Cue, ...]:
    """The whole course for one learner, in order; `words` are for who looks at it."""
    begins_at = trainee.begins_at
    facts = Facts(
        lessons=tuple(lesson.slug for lesson in course.lessons),
        posted={},
        completed=frozenset(),
        rhythm=Rhythm(trainee.zone, trainee.hour, course.weekdays, trainee.spread),
        state="active",
        begun_at=begins_at,
        start=course.start,
    )
    lessons = [
        Cue(step.at, "lesson", step.lesson, because(step.why, facts.rhythm, words))
        for step in lessons_to_come(facts, begins_at)
    ]
    return (
        Cue(begins_at, "confirm", "", words.gettext("somebody has registered")),
        Cue(begins_at, "welcome", "", words.gettext("the address was confirmed")),
        *lessons,
        *(_finished(course, lessons[-1], words) for _ in lessons[:1]),
    )


def _finished(course: Course, last: Cue, words: Words) -> Cue:
    lesson = course.lesson(last.lesson)
    minutes = course.effort(lesson).minutes if lesson else 0
    return Cue(last.at + timedelta(minutes=minutes), "finished", "", words.gettext("the last lesson is complete"))


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Mails are compiled once, however many learners there are."""

    course: Course
    site: Site
    signer: Signer
    _ready: dict[tuple[MailKind, str], tuple[Template, Wire]] = field(default_factory=dict)

    def mails(self, trainee: Trainee) -> Iterator[Rehearsed]:
        planned = cues(self.course, trainee)
        moments = [cue.at for cue in planned if cue.kind == "lesson"]
        for cue in planned:
            next_at = next((moment for moment in moments if moment > cue.at), None)
            yield self._mail(trainee, cue, next_at)

    def _mail(self, trainee: Trainee, cue: Cue, next_at: datetime | None) -> Rehearsed:
        template, wire = self._template(cue.kind, cue.lesson)
        letter = letter_of(self.signer, words_in(self.course.language), _claimed(trainee, cue, next_at))
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


def _claimed(trainee: Trainee, cue: Cue, next_at: datetime | None) -> Claimed:
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
        next_at=next_at,
        email=trainee.email,
        name=SAMPLE_NAME,
        serial=SAMPLE_SERIAL,
    )
