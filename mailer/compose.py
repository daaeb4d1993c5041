"""A course's words and the layout -> one mail template, compiled once per published revision."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import css_inline

from course.content import Course, Wording
from mailer import blocks, layouts
from mailer.headers import list_headers, one_line, sender
from mailer.message import Template
from mailer.slots import fixed, part, slot
from mailer.targets import Targets
from mailer.words import Words, direction

MailKind = Literal["confirm", "welcome", "lesson", "nudge", "finished", "link"]

SLOTS: dict[MailKind, frozenset[str]] = {
    "confirm": frozenset({"email", "unsubscribe", "confirm"}),
    "welcome": frozenset({"name", "email", "unsubscribe", "learn", "mark"}),
    "lesson": frozenset({"name", "email", "unsubscribe", "learn", "mark", "next_when"}),
    "nudge": frozenset({"name", "email", "unsubscribe", "learn", "mark"}),
    "finished": frozenset({"name", "email", "unsubscribe", "learn", "mark", "serial"}),
    "link": frozenset({"name", "email", "unsubscribe", "learn", "mark"}),
}
"""What each kind may ask of a learner. A stranger's mail never shows a name that somebody else typed."""

TYPICAL_SLOT_BYTES = 80


@dataclass(frozen=True, slots=True)
class House:
    """What is the same in every mail.

    `mail_from` is `Name <a@b>`; a course's `sender` replaces the name. `sign_link` makes the signed last
    segment of a click link, from an address as written or from `~/<path>` below the learner's course page.
    `media_url` turns `media/talk.jpg` into the absolute URL of the published file.
    """

    base_url: str
    mail_from: str
    reply_to: str
    postal_address: str
    sign_link: Callable[[str], str]
    media_url: Callable[[str], str]


def compile_mail(house: House, kind: MailKind, course: Course, slug: str = "", *, tracked: bool) -> Template:
    """`course` is the learner's edition; `slug` names the lesson of a lesson mail."""
    tracked = tracked and kind != "confirm"
    words = layouts.words_for(course.language)
    targets = _targets(house, kind, course, slug, tracked)
    if kind == "lesson":
        layout, shown = "lesson", _lesson(course, slug, targets, words)
    else:
        layout, shown = "note", _note(house, kind, course, targets, words)
    values = shown | _frame(house, kind, course, words, tracked)
    return Template(
        sender=sender(house.mail_from, course.sender),
        reply_to=house.reply_to,
        subject=part(one_line(str(shown["subject"])), SLOTS[kind]),
        text=part(layouts.render(f"{layout}/mail.txt", values), SLOTS[kind]),
        html=part(_inlined(layouts.render(f"{layout}/mail.html", values)), SLOTS[kind]),
        headers=list_headers(house.base_url, course, kind),
    )


def html_bytes(template: Template) -> int:
    """The size of a filled HTML part, with slots of usual length. Gmail cuts a mail off at 102 KB."""
    return sum(len(text.encode()) for text in template.html.texts) + TYPICAL_SLOT_BYTES * len(template.html.slots)


def _inlined(html: str) -> str:
    return css_inline.inline(html).replace(' data-css-inline="keep"', "")


def _targets(house: House, kind: MailKind, course: Course, slug: str, tracked: bool) -> Targets:
    personal = kind != "confirm"
    home = f"learn/{slot('learn')}" if personal else f"courses/{course.slug}"
    return Targets(
        base_url=house.base_url,
        home=f"{house.base_url}/{home}",
        fallback=slug,
        personal=personal,
        sign_link=house.sign_link if tracked else None,
        media_url=house.media_url,
    )


def _frame(house: House, kind: MailKind, course: Course, words: Words, tracked: bool) -> dict[str, object]:
    """What surrounds every mail: language, footer and pixel."""
    why = "why_confirm" if kind == "confirm" else "why"
    leave = "unsubscribe_confirm" if kind == "confirm" else "unsubscribe"
    return {
        "say": words,
        "language": course.language,
        "direction": direction(course.language),
        "course": fixed(course.title),
        "why": words(why, email=slot("email"), course=fixed(course.title)),
        "course_page": "" if kind == "confirm" else f"{house.base_url}/learn/{slot('learn')}",
        "leave": words(leave),
        "unsubscribe": f"{house.base_url}/unsubscribe/{slot('unsubscribe')}",
        "postal_address": house.postal_address,
        "pixel": f"{house.base_url}/o/{slot('mark')}.gif" if tracked else "",
    }


def _lesson(course: Course, slug: str, targets: Targets, words: Words) -> dict[str, object]:
    lesson = course.lesson(slug)
    if lesson is None:
        raise ValueError(f"There is no lesson `{slug}` in this edition of {course.slug}.")
    day = course.day_of(slug)
    return {
        "subject": lesson.subject,
        "title": lesson.title,
        "preheader": lesson.preheader,
        "day": day,
        "days": len(course.lessons),
        "minutes": words.number("minutes", course.effort(lesson).minutes),
        "blocks": blocks.shown(course, lesson, targets, words),
        "button": words("open_day", day=day),
        "link": targets.counted_page(slug),
        "address": targets.page(slug),
        "next": course.after(slug),
        "next_when": slot("next_when"),
    }


def _note(house: House, kind: MailKind, course: Course, targets: Targets, words: Words) -> dict[str, object]:
    wording = course.wordings.get(kind) or _default(kind, course, words)
    address = {
        "confirm": f"{house.base_url}/confirm/{slot('confirm')}",
        "finished": f"{house.base_url}/certificates/{slot('serial')}",
    }.get(kind, targets.home)
    return {
        "subject": wording.subject,
        "title": wording.subject,
        "preheader": wording.preheader,
        "body": blocks.passage(wording.markdown, targets),
        "button": words(f"button_{kind}"),
        "address": address,
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
    return tuple(
        (
            words("day_title", day=day, title=lesson.title),
            words.number("minutes", course.effort(lesson).minutes),
        )
        for day, lesson in enumerate(course.lessons, 1)
    )

