"""Mails that are no lessons: the course's own words or the default ones, and where the button leads."""

from course.content import Course, Wording
from mailer import blocks, layouts
from mailer.slots import MailKind, fixed
from mailer.targets import Targets
from mailer.words import Words


def note(kind: MailKind, course: Course, targets: Targets, words: Words) -> dict[str, object]:
    wording = course.wordings.get(kind) or _default(kind, course, words)
    buttons = {"confirm": targets.confirm, "finished": targets.certificate}
    return {
        "subject": wording.subject,
        "title": wording.subject,
        "preheader": wording.preheader,
        "body": blocks.passage(wording.markdown, targets),
        "button": words(f"button_{kind}"),
        "address": buttons.get(kind, targets.home),
        "contents": _contents(course, words) if kind == "welcome" else (),
        "home": targets.home if kind == "finished" else "",
    }


def _default(kind: MailKind, course: Course, words: Words) -> Wording:
    least, most = course.minutes
    facts = {
        "course": fixed(course.title),
        "days": len(course.lessons),
        "minutes": sum(course.effort(lesson).minutes for lesson in course.lessons),
        "span": words("span", least=least, most=most) if least != most else most,
        "at_once": course.start == "at-once",
    }
    return layouts.default_wording(kind, course.language, facts)


def _contents(course: Course, words: Words) -> tuple[tuple[str, str], ...]:
    """Each day's title and minutes."""
    return tuple(
        (
            words("day_title", day=day, title=lesson.title),
            words.number("minutes", course.effort(lesson).minutes),
        )
        for day, lesson in enumerate(course.lessons, 1)
    )
