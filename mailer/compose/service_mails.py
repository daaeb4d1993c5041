"""Mails that are no lessons: the course's own words or the default ones, and where the button leads."""

from course.content.course import Course, Wording
from course.content.mails import MAILS, MailKind
from course.content.typesetting.lines import line_in
from course.content.typesetting.style import Style
from course.language.words import Words
from course.schedule.said import said_of
from mailer.compose import blocks, layouts
from mailer.compose.slots import fixed
from mailer.compose.targets import Targets


def note(kind: MailKind, course: Course, targets: Targets, words: Words, style: Style) -> dict[str, object]:
    mail, own = MAILS[kind], course.wordings.get(kind)
    title, wording = (own.subject, own) if own else _default(kind, course, words)
    line = line_in(style)
    return {
        "subject": line(wording.subject) or course.title,
        "title": line(title) or course.title,
        "preheader": line(wording.preheader),
        "body": blocks.passage(wording.markdown, targets, style),
        "is_own": own is not None,
        "button": words.of(mail.button),
        "address": targets.address(mail.target),
        "contents": _contents(course, words) if mail.below == "the days" else (),
        "calendar": targets.calendar,
        "home": targets.home if mail.below == "the course page" else "",
    }


def _default(kind: MailKind, course: Course, words: Words) -> tuple[str, Wording]:
    facts = {
        "course": fixed(course.title),
        "days": len(course.lessons),
        "minutes": sum(course.effort(lesson).minutes for lesson in course.lessons),
        "span": words.span(*course.minutes),
        "at_once": course.start == "at-once",
        "said": said_of(course, words),
    }
    return layouts.default_wording(kind, words, facts)


def _contents(course: Course, words: Words) -> tuple[tuple[str, str], ...]:
    """Each day's title and minutes."""
    return tuple(
        (
            words.gettext("Day %(day)s: %(title)s", day=day, title=lesson.title),
            words.minutes(course.effort(lesson).minutes),
        )
        for day, lesson in enumerate(course.lessons, 1)
    )
