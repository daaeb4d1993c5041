"""A mail of a draft as it would be sent, filled for a reader who does not exist, and taken apart to look at."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from course.content.course import Course
from course.content.mails import mail_kind
from course.content.parse import LESSON_PATH, MAIL_PATH
from course.language.words import Words
from mailer.compose.compose import Site, compile_mail, html_bytes
from mailer.compose.message import Letter, Template
from mailer.compose.mime import wire_of
from mailer.preview.sample_site import SAMPLE_ID, sample_slots

DARK = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)")


@dataclass(frozen=True, slots=True)
class Specimen:
    """`size` is that of the HTML part in bytes; Gmail cuts a mail off at 102 KB."""

    raw: bytes
    subject: str
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    size: int


def template_of(site: Site, course: Course, path: str, *, tracked: bool = True) -> Template | None:
    """The mail that a file of the course becomes, if it becomes one."""
    if (found := LESSON_PATH.fullmatch(path)) and course.lesson(found[2]):
        return compile_mail(site, "lesson", course, found[2], tracked=tracked)
    if found := MAIL_PATH.fullmatch(path):
        return compile_mail(site, mail_kind(found[1]), course, tracked=tracked)
    return None


def sample_letter(words: Words, date: datetime) -> Letter:
    slots = sample_slots(words)
    return Letter(
        attempt=SAMPLE_ID,
        delivery=SAMPLE_ID,
        email=slots["email"],
        message_id=f"<{SAMPLE_ID}@example.org>",
        date=date,
        slots=slots,
    )


def specimen(template: Template, words: Words, date: datetime) -> Specimen:
    raw = wire_of(template).bytes_of(sample_letter(words, date))
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what this policy makes
    return Specimen(
        raw=raw,
        subject=str(message["Subject"]),
        headers=tuple((name, str(value)) for name, value in message.items()),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        size=html_bytes(template),
    )


def _part(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    assert part is not None  # noqa: S101 - every mail of ours has both
    return str(part.get_content())


def in_light(html: str) -> str:
    """The mail as a bright program shows it, whatever the one that shows it here prefers."""
    return DARK.sub("@media not all", html).replace('content="light dark"', 'content="light"')


def in_dark(html: str) -> str:
    return DARK.sub("@media all", html).replace('content="light dark"', 'content="dark"')
