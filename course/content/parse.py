"""The files of a course folder -> a `Course`, or every problem with its path and line."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from course.content.blocks import parse_blocks
from course.content.course import Article, Course, Lesson, Wording
from course.content.files.names import is_beside, misnamed
from course.content.frontmatter import Fields
from course.content.mails import AUTHORS_MAILS
from course.content.markup.html import gist
from course.content.problems import Problem
from course.content.slugs import LONGEST_SLUG, SLUG
from course.language.words import Phrase

LESSON_PATH = re.compile(rf"(\d+)-({SLUG.pattern})\.md")
ARTICLE_PATH = re.compile(rf"articles/({SLUG.pattern})\.md")
MAIL_PATH = re.compile(rf"mails/({'|'.join(AUTHORS_MAILS)})\.md")

NUDGE_DAYS = 3
"""After how many days without a deed a learner is reminded, unless the course says otherwise; 0 is never."""
COURSE_FIELDS = (
    "title", "tagline", "summary", "audience", "author", "sender", "language", "accent", "start", "weekdays",
    "minutes", "max_open", "nudge", "tracking", "lint", "pace", "reply_to", "address", "mail", "typography",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parsed:
    """The course as far as it could be read; it may be published only without `errors`."""

    course: Course
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.level == "error")


def parse_course(slug: str, texts: Mapping[str, str]) -> Parsed:
    """`texts`: Markdown files by path relative to the folder. Whether they are wise is for `course.lint`."""
    problems: list[Problem] = []
    lessons, articles, wordings = _parse_files(texts, problems)
    if "course.md" not in texts:
        problems.append(Problem("course.md", 1, "DL001", Phrase("A course needs a file `course.md`.")))
    if not lessons:
        message = Phrase("A course needs at least one lesson, `1-<slug>.md`.")
        problems.append(Problem("course.md", 1, "DL002", message))
    course = _course(slug, Fields("course.md", texts.get("course.md", "---\ntitle: ''\n---\n")), problems)
    course = replace(course, lessons=tuple(lessons.values()), articles=articles, wordings=wordings)
    return Parsed(course, tuple(sorted(set(problems))))


def _parse_files(
    texts: Mapping[str, str], problems: list[Problem]
) -> tuple[dict[str, Lesson], dict[str, Article], dict[str, Wording]]:
    lessons: dict[str, Lesson] = {}
    articles: dict[str, Article] = {}
    wordings: dict[str, Wording] = {}
    for path in sorted(texts, key=_order):
        if found := LESSON_PATH.fullmatch(path):
            lesson, found_problems = parse_lesson(path, texts[path])
            if lesson.slug in lessons:
                message = Phrase(
                    "There are two lessons with the slug `%(slug)s`; rename one of the files.",
                    {"slug": lesson.slug},
                )
                problems.append(Problem(path, 1, "DL003", message))
            if len(lesson.slug) > LONGEST_SLUG:
                message = Phrase(
                    "This slug has %(length)s letters, and %(most)s are the most; rename the file.",
                    {"length": len(lesson.slug), "most": LONGEST_SLUG},
                )
                problems.append(Problem(path, 1, "DL012", message))
            lessons.setdefault(lesson.slug, lesson)
            problems.extend(found_problems)
        elif found := ARTICLE_PATH.fullmatch(path):
            articles[found[1]], found_problems = parse_article(path, texts[path])
            problems.extend(found_problems)
        elif found := MAIL_PATH.fullmatch(path):
            wordings[found[1]], found_problems = parse_wording(path, texts[path])
            problems.extend(found_problems)
        elif path != "course.md" and not is_beside(path):
            problems.append(Problem(path, 1, "DL004", misnamed(path, texts, AUTHORS_MAILS)))
    return lessons, articles, wordings


def _order(path: str) -> tuple[int, str]:
    found = LESSON_PATH.fullmatch(path)
    return (int(found[1]) if found else 0, path)


def _course(slug: str, fields: Fields, problems: list[Problem]) -> Course:
    fields.allow_only(COURSE_FIELDS)
    title, language = fields.text("title", required=True), fields.text("language", default="en")
    course = Course(
        slug=slug,
        title=title,
        tagline=fields.text("tagline"),
        summary=fields.text("summary"),
        audience=fields.text("audience"),
        author=fields.text("author"),
        sender=fields.text("sender", default=fields.text("author", default=title)),
        language=language,
        accent=fields.colour("accent"),
        start="next-day" if fields.choice("start", ("at-once", "next-day")) == "next-day" else "at-once",
        weekdays=fields.weekdays("weekdays", language),
        minutes=fields.span("minutes", (15, 20)),
        max_open=fields.number("max_open"),
        nudge=fields.number("nudge", default=NUDGE_DAYS, least=0),
        unchecked=fields.reasons("lint"),
        tracking=fields.tracking("tracking"),
        markdown=fields.body,
        lessons=(),
        articles={},
        wordings={},
        pace="on-completion" if fields.choice("pace", ("daily", "on-completion")) == "on-completion" else "daily",
        reply_to=fields.mailbox("reply_to"),
        address="formal" if fields.choice("address", ("informal", "formal")) == "formal" else "informal",
        mail="opening" if fields.choice("mail", ("full", "opening")) == "opening" else "full",
        typography=fields.choice("typography", ("on", "off")) == "on",
    )
    problems.extend(fields.problems)
    return course


def parse_lesson(path: str, text: str) -> tuple[Lesson, tuple[Problem, ...]]:
    """A lesson as far as it can be read, and what is wrong with it. Its slug is the file name's."""
    fields = Fields(path, text)
    fields.allow_only(("title", "subject", "preheader", "was"))
    title = fields.text("title", required=True)
    blocks, problems = parse_blocks(path, fields.body, fields.body_line)
    whole = gist(fields.body)
    lesson = Lesson(
        slug=slug_in(path),
        title=title,
        subject=fields.text("subject", default=title),
        preheader=fields.text("preheader"),
        blocks=blocks,
        articles=_linked_articles(whole.links),
        word_count=whole.word_count,
        was=fields.slugs("was"),
    )
    return lesson, (*fields.problems, *problems)


def slug_in(path: str) -> str:
    """Return the slug in the name of a lesson's file: `first` for `1-first.md`."""
    return path.removesuffix(".md").partition("-")[2]


def parse_article(path: str, text: str) -> tuple[Article, tuple[Problem, ...]]:
    fields = Fields(path, text)
    fields.allow_only(("title", "summary"))
    article = Article(
        slug=path.removeprefix("articles/").removesuffix(".md"),
        title=fields.text("title", required=True),
        summary=fields.text("summary"),
        markdown=fields.body,
        word_count=gist(fields.body).word_count,
    )
    return article, tuple(fields.problems)


def parse_wording(path: str, text: str) -> tuple[Wording, tuple[Problem, ...]]:
    fields = Fields(path, text)
    fields.allow_only(("subject", "preheader"))
    wording = Wording(fields.text("subject", required=True), fields.text("preheader"), fields.body)
    return wording, tuple(fields.problems)


def _linked_articles(links: Iterable[str]) -> tuple[str, ...]:
    linked = (ARTICLE_PATH.fullmatch(address.partition("#")[0]) for address in links)
    return tuple(dict.fromkeys(found[1] for found in linked if found))
