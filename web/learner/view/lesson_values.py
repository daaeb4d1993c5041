"""What the templates of lessons and articles are given."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from course.content.course import Course, Playing
from course.language.words import Phrase


@dataclass(frozen=True, slots=True)
class ShownProse:
    html: Markup


@dataclass(frozen=True, slots=True)
class ShownRecording:
    """A file of ours. `key` names it to `watch`; `go_on` is where to take it up, such as `2:10`, or empty."""

    key: str
    title: str
    duration: str
    seconds: int
    source: str
    mime: str
    seen: str
    stopped_at: int
    go_on: str


@dataclass(frozen=True, slots=True)
class ShownVideo:
    """A film of ours, with where its poster and captions are."""

    recording: ShownRecording
    poster: str
    captions: str


@dataclass(frozen=True, slots=True)
class ShownAudio:
    """A recording of ours that is heard only."""

    recording: ShownRecording


@dataclass(frozen=True, slots=True)
class ShownElsewhere:
    """What another site plays. `player` may be framed once the reader asks; empty if it can only be linked to."""

    title: str
    duration: str
    seconds: int
    address: str
    site: str
    player: str
    heard: bool


@dataclass(frozen=True, slots=True)
class ShownDownload:
    """A document of ours; `kind` is its ending in capitals, such as `PDF`."""

    title: str
    kind: str
    file: str


@dataclass(frozen=True, slots=True)
class ShownItem:
    """`more` are the blocks below its words, `minutes` what it takes, `depth` how many items it stands within."""

    key: str
    html: Markup
    done: bool
    more: Markup
    minutes: int
    depth: int


@dataclass(frozen=True, slots=True)
class ShownChecklist:
    items: tuple[ShownItem, ...]


ShownBlock = ShownProse | ShownVideo | ShownAudio | ShownElsewhere | ShownDownload | ShownChecklist


@dataclass(frozen=True, slots=True)
class ArticleCard:
    title: str
    summary: str
    minutes: int
    url: str


@dataclass(frozen=True, slots=True)
class LessonMinutes:
    reading: int
    watching: int
    doing: int

    @property
    def all(self) -> int:
        return self.reading + self.watching + self.doing


@dataclass(frozen=True, slots=True)
class ReadersLesson:
    """A lesson as anybody may read it."""

    course: Course
    title: str
    preheader: str
    day: int
    total: int
    minutes: LessonMinutes
    playing: Playing
    blocks: tuple[ShownBlock, ...]
    articles: tuple[ArticleCard, ...]


@dataclass(frozen=True, slots=True)
class ShownNote:
    """`edition` tells this text from others; `longest` is how much can be kept."""

    text: str
    edition: str
    longest: int


@dataclass(frozen=True, slots=True)
class ShownFeedback:
    """`score` is 0 as long as none was given."""

    scores: Mapping[int, Phrase]
    score: int
    text: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A lesson before or after this one: `url` is empty until it has come, `when` says when it comes, `why` what a
    lesson without a date waits for. `under_way`: its mail is on its way, or goes within moments."""

    day: int
    title: str
    when: str
    why: str
    url: str
    under_way: bool


@dataclass(frozen=True, slots=True)
class LessonPage:
    """`url` is the lesson's own; deeds go below it. `completed` says when, and is empty until then.

    `failed_for` is the address that its mail could not be delivered to; empty if it came.
    """

    letter: ReadersLesson
    left: LessonMinutes
    ticked: int
    items: int
    completed: str
    failed_for: str
    note: ShownNote
    feedback: ShownFeedback
    previous: Neighbour | None
    next: Neighbour | None
    all_complete: bool
    certificate_url: str
    share_url: str
    url: str
    course_url: str


@dataclass(frozen=True, slots=True)
class DeedResult:
    """The outcome of the deed just done, for the page to tell; `errors` are by field.

    `typed` and `opinion` could not be kept as they are. `replaced` was a note that has been written over without
    having been seen.
    """

    mailed_to: str = ""
    mailed_before: bool = False
    errors: Mapping[str, Phrase | str] = field(default_factory=dict)
    noted: bool = False
    typed: str = ""
    opinion: str = ""
    replaced: str = ""


@dataclass(frozen=True, slots=True)
class ArticlePage:
    course: Course
    title: str
    minutes: int
    html: Markup
    back_url: str
    back_title: str
