"""A course's words and the layout -> one mail template, compiled once per published revision."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import css_inline

from course.addresses.marks import one_line
from course.content.colour import palette
from course.content.course import Course, Lesson
from course.content.mails import MAILS, MailKind
from course.content.typesetting.lines import line_in, with_lines
from course.content.typesetting.style import Style
from course.language.catalogues import words_in
from course.language.words import Words, direction
from mailer.compose import blocks, layouts
from mailer.compose.addresses import has_odd_number
from mailer.compose.headers import every_mail, list_headers, sender
from mailer.compose.message import Template
from mailer.compose.service_mails import note
from mailer.compose.slots import fixed, part, slot
from mailer.compose.targets import Targets
from mailer.signer import MAIL_BYTES

TYPICAL_SLOT_BYTES = 80
ISOLATED = ("\u2068", "\u2069")
"""Between these signs a name runs by its own letters, and moves no sign around it."""

NO_MAIL = "00" * MAIL_BYTES
"""In whose name links are signed that lead from no mail that was sent."""

TAG = re.compile(r'<([a-zA-Z](?:[^"<>]|"[^"]*")*)>')


@dataclass(frozen=True, slots=True)
class Site:
    """All that is the same in every mail of one course.

    `mail_from` is `Name <a@b>`; a course's `sender` replaces the name. `sign_link` makes the signed last
    segment of a click link, from the `mail` it belongs to (a `mail_name`) and an address as written or `~/<path>`
    below the learner's course page.
    `media_url` turns `media/talk.jpg` into the absolute URL of the published file.
    `mailbox` is an address of ours where mail is read, so that one may leave by mail; empty where there is none.
    """

    base_url: str
    mail_from: str
    reply_to: str
    postal_address: str
    sign_link: Callable[[str, str], str]
    media_url: Callable[[str], str]
    mail: str = NO_MAIL
    mailbox: str = ""


@dataclass(frozen=True, slots=True)
class Readers:
    """For whom a mail is: those whose opens and clicks may be recorded, those who gave a name."""

    tracked: bool
    named: bool = True


def compile_mail(site: Site, kind: MailKind, course: Course, slug: str = "", *, tracked: bool) -> Template:
    """The mail for readers with a name. `course` is their edition; `slug` names the lesson of a lesson mail (also
    `again`)."""
    return compile_for(Readers(tracked), site, kind, course, slug)


def compile_for(readers: Readers, site: Site, kind: MailKind, course: Course, slug: str) -> Template:
    mail = MAILS[kind]
    style = course.style("marked" if readers.named and "name" in mail.slots else "left out")
    course = with_lines(course, line_in(style))
    tracked = readers.tracked and "mark" in mail.slots
    words = words_in(course.language)
    targets = _targets(site, kind, course, slug, tracked)
    if mail.of_lesson:
        layout, shown = "lesson", _lesson(kind, course, slug, targets, style)
    else:
        layout, shown = "note", note(kind, course, targets, words, style)
    # In signs, not tags: a name may also stand in an attribute.
    around_names = ISOLATED if direction(course.language) == "rtl" else ("", "")
    values = shown | _frame(site, kind, course, targets, words)
    html = layouts.render(f"{layout}/mail.html", values)
    return Template(
        sender=sender(site.mail_from, course.sender),
        reply_to=course.reply_to or site.reply_to,
        subject=part(one_line(str(shown["subject"])), mail.slots),
        text=part(text_beside(html, f"{layout}/mail.txt", values, site), mail.slots, around_names),
        html=part(inlined(html), mail.slots, around_names),
        headers=(
            *every_mail(course.language),
            *list_headers(site.mail_from, course, kind, targets.unsubscribe, site.mailbox),
        ),
    )


def text_beside(html: str, layout: str, values: dict[str, object], site: Site) -> str:
    """The text part; with the address of the site where filters would find the number of addresses odd."""
    text = layouts.render(layout, values | {"site": ""})
    return layouts.render(layout, values | {"site": site.base_url}) if has_odd_number(text, html) else text


def html_bytes(template: Template) -> int:
    """The size of a filled HTML part, with slots of usual length. Gmail cuts a mail off at 102 KB."""
    return sum(len(text.encode()) for text in template.html.texts) + TYPICAL_SLOT_BYTES * len(template.html.slots)


def inlined(html: str) -> str:
    """Styles into the elements. The serializer leaves angle brackets bare in attributes; filters dislike that."""
    inlined = css_inline.inline(html).replace(' data-css-inline="keep"', "")
    return TAG.sub(lambda tag: f"<{tag[1].replace('<', '&lt;').replace('>', '&gt;')}>", inlined)


def _targets(site: Site, kind: MailKind, course: Course, slug: str, tracked: bool) -> Targets:
    slots = MAILS[kind].slots
    personal = "learn" in slots
    home = f"learn/{slot('learn')}" if personal else f"courses/{course.slug}"
    return Targets(
        base_url=site.base_url,
        home=f"{site.base_url}/{home}",
        fallback=slug,
        personal=personal,
        signed_up="unsubscribe" in slots,
        sign_link=partial(site.sign_link, site.mail) if tracked else None,
        media_url=site.media_url,
    )


def _frame(site: Site, kind: MailKind, course: Course, targets: Targets, words: Words) -> dict[str, object]:
    """What surrounds every mail: language, colours, footer and pixel."""
    mail, title = MAILS[kind], fixed(course.title)
    return {
        **layouts.in_language(course.language, words),
        "palette": palette(course.accent),
        "course": title,
        "why": words.gettext(mail.why.text, email=slot("email"), course=title),
        "course_page": targets.home if targets.personal else "",
        "leave": words.of(mail.leave),
        "unsubscribe": targets.unsubscribe,
        **of_site(site),
        "pixel": targets.pixel,
    }


def of_site(site: Site) -> dict[str, str]:
    """Who sends the mail, and where they say more."""
    return {
        "postal_address": site.postal_address,
        "privacy": f"{site.base_url}/privacy",
        "imprint": f"{site.base_url}/imprint",
    }


def _lesson(kind: MailKind, course: Course, slug: str, targets: Targets, style: Style) -> dict[str, object]:
    words = words_in(course.language)
    lesson = course.lesson(slug)
    if lesson is None:
        raise ValueError(f"There is no lesson `{slug}` in this edition of {course.slug}.")
    mail, day, following = MAILS[kind], course.day_of(slug), course.after(slug)
    return {
        "subject": lesson.subject,
        "title": lesson.title,
        "preheader": lesson.preheader,
        "day": day,
        "days": len(course.lessons),
        "minutes": words.minutes(course.effort(lesson).minutes),
        "blocks": blocks.shown(course, lesson, targets, words, style),
        "button": words.gettext(mail.button.text, day=day),
        "link": targets.counted_page(slug),
        "address": targets.address(mail.target),
        "note": _there(lesson, words),
        "next": following if "next_when" in mail.slots else None,  # else it came, or comes, on a day of its own
        "is_last": following is None,
        "next_when": slot("next_when"),
        "calendar": targets.calendar,
    }


def _there(lesson: Lesson, words: Words) -> str:
    if lesson.items:
        return words.gettext("There you tick the list and mark the day complete.")
    return words.gettext("There you mark the day complete.")
