"""A course as typed values, and what a lesson asks of a learner's time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from course.content.markup.references import NO_REFERENCES, References
from course.content.reading_time import WORDS_PER_MINUTE
from course.content.typesetting.style import Names, Style
from course.media import players
from course.media.durations import spelt
from course.media.paths import path_meant
from course.tracking import Tracking


@dataclass(frozen=True, slots=True)
class Prose:
    """A stretch of Markdown between videos, recordings, documents and checklists. `references` are the whole
    file's."""

    markdown: str
    references: References = NO_REFERENCES


@dataclass(frozen=True, slots=True)
class Recording:
    """Something that plays: a file of the course's `media/` folder, or what another site plays.

    `source` is its address as written; what learners have seen of it is kept under it.
    """

    title: str
    source: str
    seconds: int

    @property
    def own(self) -> bool:
        return not players.ELSEWHERE.match(self.source)

    @property
    def path(self) -> str:
        """The path of an own one's file, below the course's folder."""
        return path_meant(self.source) or self.source

    @property
    def address(self) -> str:
        """Where one of another site is watched or heard."""
        return players.encrypted(self.source)

    @property
    def start(self) -> int:
        """The second at which its address begins."""
        return players.start_of(self.source)

    @property
    def duration(self) -> str:
        return spelt(self.seconds)


@dataclass(frozen=True, slots=True)
class Video(Recording):
    """A film."""

    @property
    def poster(self) -> str:
        """Path of the poster beside the video; only own videos have one."""
        return self.path.rpartition(".")[0] + ".jpg"

    @property
    def captions(self) -> str:
        return self.path.rpartition(".")[0] + ".vtt"


@dataclass(frozen=True, slots=True)
class Audio(Recording):
    """What is heard only."""


@dataclass(frozen=True, slots=True)
class Download:
    """A document of the course's `media/` folder that is linked to on a line of its own."""

    title: str
    source: str

    @property
    def path(self) -> str:
        """The path of its file, below the course's folder."""
        return path_meant(self.source) or self.source


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """`key` is derived from the words, so that ticks survive reordering and other items' edits.

    `markdown` is one line, `more` the blocks that follow it within the item. `minutes` is what it takes, `depth`
    how many items it stands within.
    """

    key: str
    markdown: str
    more: str = ""
    minutes: int = 1
    depth: int = 0
    references: References = NO_REFERENCES


@dataclass(frozen=True, slots=True)
class Checklist:
    items: tuple[ChecklistItem, ...]


Playing = Literal["watching", "listening", "watching and listening"]
Block = Prose | Video | Audio | Download | Checklist


@dataclass(frozen=True, slots=True)
class Effort:
    """The minutes a lesson takes, by what they are spent on; listening is `watching` too."""

    reading: float
    watching: float
    articles: float
    doing: int

    @property
    def minutes(self) -> int:
        return round(self.reading + self.watching + self.articles + self.doing)

    @property
    def shares(self) -> tuple[int, int, int]:
        """Whole minutes of reading (articles too), watching and doing that add up to `minutes`."""
        watching = round(self.watching)
        return self.minutes - watching - self.doing, watching, self.doing

    def left(self, seen: float, done: int) -> tuple[int, int, int]:
        """Return the minutes of reading, watching and doing that remain once a share of the recordings (0 to 1)
        was seen and items of so many minutes were ticked."""
        reading, watching, doing = self.shares
        return reading, round(watching * (1 - seen)), doing - done


@dataclass(frozen=True, slots=True)
class Article:
    slug: str
    title: str
    summary: str
    markdown: str
    word_count: int

    @property
    def minutes(self) -> int:
        return max(1, round(self.word_count / WORDS_PER_MINUTE))


@dataclass(frozen=True, slots=True)
class Lesson:
    """`articles` are the slugs of the linked ones, each once, in the order of their first mention; `was` are the
    slugs under which the lesson was published before."""

    slug: str
    title: str
    subject: str
    preheader: str
    blocks: tuple[Block, ...]
    articles: tuple[str, ...]
    word_count: int
    was: tuple[str, ...] = ()

    @property
    def videos(self) -> tuple[Video, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Video))

    @property
    def recordings(self) -> tuple[Recording, ...]:
        """All that plays, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Recording))

    @property
    def playing(self) -> Playing:
        """What one does while its recordings play."""
        heard = [isinstance(one, Audio) for one in self.recordings]
        return "watching and listening" if len({*heard}) > 1 else "listening" if any(heard) else "watching"

    @property
    def items(self) -> tuple[ChecklistItem, ...]:
        return tuple(item for block in self.blocks if isinstance(block, Checklist) for item in block.items)


@dataclass(frozen=True, slots=True)
class Wording:
    """An author's own words for one of the fixed mails."""

    subject: str
    preheader: str
    markdown: str


@dataclass(frozen=True, slots=True)
class Course:
    """A course with its lessons in order. Weekdays count from Monday, 0. `nudge` is in days, 0 for never.

    `accent` is the author's colour as written, or empty; `course.colour` has the tones of it that are shown.
    `unchecked` are the codes of the rules its author has switched off, each with the reason. `pace` is the one
    learners begin with; `reply_to` a mailbox of the course's own. Authors may further say how learners are
    addressed, whether mails hold the full lesson, and whether its signs are set as print does.
    """

    slug: str
    title: str
    tagline: str
    summary: str
    audience: str
    author: str
    sender: str
    language: str
    accent: str
    start: Literal["at-once", "next-day"]
    weekdays: frozenset[int]
    minutes: tuple[int, int]
    max_open: int | None
    nudge: int | None
    unchecked: Mapping[str, str]
    tracking: Tracking
    markdown: str
    lessons: tuple[Lesson, ...]
    articles: Mapping[str, Article]
    wordings: Mapping[str, Wording]
    pace: Literal["daily", "on-completion"] = "daily"
    reply_to: str = ""
    address: Literal["informal", "formal"] = "informal"
    mail: Literal["full", "opening"] = "full"
    typography: bool = True

    def style(self, names: Names) -> Style:
        return Style(self.language, self.typography, names)

    def lesson(self, slug: str) -> Lesson | None:
        return next((lesson for lesson in self.lessons if lesson.slug == slug), None)

    def day_of(self, slug: str) -> int:
        """1 for the first lesson. Raises ValueError if the lesson is not in this edition."""
        return [lesson.slug for lesson in self.lessons].index(slug) + 1

    def after(self, slug: str) -> Lesson | None:
        """The lesson that follows, or None after the last."""
        day = self.day_of(slug)
        return self.lessons[day] if day < len(self.lessons) else None

    def effort(self, lesson: Lesson) -> Effort:
        articles = [self.articles[slug] for slug in lesson.articles if slug in self.articles]
        return Effort(
            reading=lesson.word_count / WORDS_PER_MINUTE,
            watching=sum(one.seconds for one in lesson.recordings) / 60,
            articles=sum(article.word_count for article in articles) / WORDS_PER_MINUTE,
            doing=sum(item.minutes for item in lesson.items),
        )


def title_of(course: Course, lesson: str) -> str:
    """A lesson's title today; its slug where the course has it no more."""
    found = course.lesson(lesson)
    return found.title if found else lesson
