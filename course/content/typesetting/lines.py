"""The lines of a course beside its text, for one reader: titles, subjects, preheaders, summaries."""

from collections.abc import Callable
from dataclasses import replace

from course.content.course import Article, Block, Course, Lesson, Video
from course.content.typesetting.names import NAME_MARK, said
from course.content.typesetting.style import Style

Change = Callable[[str], str]


def line_for(name: str, language: str) -> Change:
    """Return what makes a line that of a reader with this name, or of one without."""
    return lambda text: said(text, "marked" if name else "left out", language).replace(NAME_MARK, name)


def line_in(style: Style) -> Change:
    return lambda text: said(text, style.names, style.language)


def with_lines(course: Course, change: Change) -> Course:
    """The course with each of its lines changed; its texts stay."""
    articles = {slug: _article(article, change) for slug, article in course.articles.items()}
    return replace(
        course, lessons=tuple(lesson_with_lines(lesson, change) for lesson in course.lessons), articles=articles
    )


def lesson_with_lines(lesson: Lesson, change: Change) -> Lesson:
    """The lesson with its title, subject, preheader and the titles of its videos changed. A subject of which
    nothing is left is its title."""
    title = change(lesson.title)
    return replace(
        lesson,
        title=title,
        subject=change(lesson.subject) or title,
        preheader=change(lesson.preheader),
        blocks=tuple(_block(block, change) for block in lesson.blocks),
    )


def _block(block: Block, change: Change) -> Block:
    return replace(block, title=change(block.title)) if isinstance(block, Video) else block


def _article(article: Article, change: Change) -> Article:
    return replace(article, title=change(article.title), summary=change(article.summary))
