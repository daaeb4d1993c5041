"""Mails that are no lessons: the course's own words or the default ones, and where the button leads."""

from collections.abc import Mapping

from course.content.course import Course, MailKind, Wording
from course.language.words import Phrase, Words
from mailer.compose import blocks, layouts
from mailer.compose.slots import fixed
from mailer.compose.targets import Targets

BUTTONS: Mapping[MailKind, Phrase] = {
    "confirm": Phrase("Confirm and start"),
    "finished": Phrase("Open my certificate"),
    "move-from": Phrase("See the change and agree"),
    "move-to": Phrase("See the change and agree"),
    "moved": Phrase("Take it back"),
    "taken": Phrase("Send me my link"),
}


def note(kind: MailKind, course: Course, targets: Targets, words: Words) -> dict[str, object]:
    own = course.wordings.get(kind)
    title, wording = (own.subject, own) if own else _default(kind, course, words)
    addresses = {
        "confirm": targets.confirm,
        "finished": targets.certificate,
        "move-from": targets.agree,
        "move-to": targets.agree,
        "moved": targets.agree,
        "taken": targets.lost_link,
    }
    return {
        "subject": wording.subject,
        "title": title,
        "preheader": wording.preheader,
        "body": blocks.passage(wording.markdown, targets),
        "is_own": own is not None,
        "button": words.of(BUTTONS.get(kind, Phrase("Open my course"))),
        "address": addresses.get(kind, targets.home),
        "contents": _contents(course, words) if kind == "welcome" else (),
        "calendar": targets.calendar,
        "home": targets.home if kind == "finished" else "",
    }


def _default(kind: MailKind, course: Course, words: Words) -> tuple[str, Wording]:
    facts = {
        "course": fixed(course.title),
        "days": len(course.lessons),
        "minutes": sum(course.effort(lesson).minutes for lesson in course.lessons),
        "span": words.span(*course.minutes),
        "at_once": course.start == "at-once",
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
