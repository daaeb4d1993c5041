"""What templates are given: plain values, with every date and number already in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from course.addresses.marks import UNSHOWABLE
from course.content.course import Course
from course.language.words import Phrase
from web.learner.view.lesson_values import ShownItem

DayState = Literal["done", "open", "undelivered", "on-its-way", "planned"]
TO_READ: tuple[DayState, ...] = ("done", "open", "undelivered")

LONGEST_SHOWN_AGAIN = 300


@dataclass(frozen=True, slots=True)
class Outline:
    """A lesson in the landing page's table of contents."""

    day: int
    title: str
    preheader: str
    minutes: int
    videos: int
    recordings: int
    articles: int
    items: int


@dataclass(frozen=True, slots=True)
class Form:
    """Values as typed, and what is wrong with each field; empty `errors` before the first try."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Phrase | str] = field(default_factory=dict)


def shown_again(typed: str) -> str:
    """Return as much of a refused value as is put back into its form."""
    return UNSHOWABLE.sub("", typed[:LONGEST_SHOWN_AGAIN])


@dataclass(frozen=True, slots=True)
class Day:
    """A lesson on the learner's course page. `when` says when it came or comes: `Friday 27 March at 8:04`.

    `why` is the reason for a date to come (`you skip week-ends`), or what a lesson without one waits for. The mail
    of a lesson `under_way` has left, or leaves within moments.
    """

    day: int
    slug: str
    title: str
    preheader: str
    minutes: int
    state: DayState
    when: str
    why: str
    ticked: int
    items: int
    url: str
    under_way: bool = False


@dataclass(frozen=True, slots=True)
class PauseOffer:
    """A pause of so many days; `comes` is the day of the lesson after it, `Thursday 2 April`, if it is known."""

    days: int
    comes: str


@dataclass(frozen=True, slots=True)
class Finish:
    """`name` is the one on the certificate, or to be, with the letters of it that are `not_on_paper`; `said` what
    the learner said of the course."""

    name: str
    not_on_paper: str
    said: str
    missing: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class DoingOfDay:
    """The checklist of a day that has come, in the list of all of them. Ticks go to `url/checklist`."""

    day: int
    slug: str
    title: str
    url: str
    items: tuple[ShownItem, ...]


@dataclass(frozen=True, slots=True)
class EarlierRound:
    """The record of a course taken before."""

    began_on: str
    completed: int
    days: int
    ticked: int
    certificate_url: str


@dataclass(frozen=True, slots=True)
class AgreedLine:
    """One act of consent: to what, whether given or taken back, when and where, and the words it was about."""

    purpose: Phrase
    act: Phrase
    when: str
    place: Phrase
    language: str
    words: str


@dataclass(frozen=True, slots=True)
class CoursePage:
    """`next_up` is the lesson to open now, or the next planned one. `certificate_url` is empty before the end.

    `why` says what the course stands still for; empty while lessons come. `to_ask` is the lesson that may be had
    at once; `undelivered` the one whose mail to `email` failed, so that the course stands still, and it can be
    mailed again if `mailable`; `reminder` when the one nudge would come. `again_on` is when day 1 would come to
    who begins again now, empty if at once. `may_track` is whether anybody's opens and clicks are counted here.
    """

    course: Course
    name: str
    days: tuple[Day, ...]
    next_up: Day | None
    planned: Day | None
    to_ask: Day | None
    undelivered: Day | None
    email: str
    mailable: bool
    completed: int
    state: str
    why: str
    reminder: str
    zone: str
    hour: int
    weekdays: frozenset[int]
    pace: str
    max_open: int | None
    tracking: bool
    may_track: bool
    certificate_url: str
    finish: Finish
    url: str
    webcal_url: str
    pauses: tuple[PauseOffer, ...]
    again_on: str
    doing: tuple[DoingOfDay, ...]
    earlier: tuple[EarlierRound, ...]
    unsubscribe_url: str
    agreed: tuple[AgreedLine, ...]
