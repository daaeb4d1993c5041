"""The header lines that our mails carry, each plain ASCII."""

import re
from email.utils import parseaddr, quote
from urllib.parse import quote as percent_encoded

from course.addresses.mailbox import mailbox
from course.addresses.marks import one_line
from course.content.course import Course
from mailer.compose.message import Part
from mailer.compose.slots import fixed, part, slot

Header = tuple[str, Part]
Headers = tuple[Header, ...]

LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
NOT_IN_NAMES = re.compile(r"[^a-z0-9.-]+")

LEAVE_WORD = "unsubscribe"
"""The first word of the subject of a mail that leaves a course; the second is the token."""


def every_mail(language: str) -> Headers:
    """What each mail of ours carries, whatever it is: no person has written it to the one who gets it, so no
    machine should answer it (RFC 3834, 5); and in which language it is (RFC 3282)."""
    spoken = language if LANGUAGE.fullmatch(language) else "en"
    return ("Auto-Submitted", Part(("auto-generated",))), ("Content-Language", Part((spoken,)))


def list_headers(mail_from: str, course: Course, kind: str, leave: str, mailbox: str) -> Headers:
    """`leave` is where one unsubscribes, with its slot. `mailbox` is where that is heard by mail, too; it may be
    empty, and is left out where one only says no to what a mail asks."""
    by_mail = mailbox and slot("unsubscribe") in leave
    ways = f"<{leave}>, <{_leave_by_mail(mailbox)}>" if by_mail else f"<{leave}>"
    return (
        list_id(mail_from, _phrase(course), course.slug),
        ("List-Unsubscribe", part(ways, {"unsubscribe", "agree"})),
        ("List-Unsubscribe-Post", Part(("List-Unsubscribe=One-Click",))),
        feedback_id(kind, course.slug),
    )


def list_id(mail_from: str, phrase: str, name: str) -> Header:
    """Tells mail programs which list a mail is of (RFC 2919). `phrase` is quoted; `name` is that of a part of a
    domain."""
    return "List-Id", Part((f"{phrase} <{name}.{_domain(mail_from)}>",))


def feedback_id(kind: str, name: str) -> Header:
    """By which a provider's figures on complaints are told apart: https://support.google.com/a/answer/6254652."""
    return "Feedback-ID", Part((f"{kind}:{name}:mail:dayletter",))


def sender(mail_from: str, name: str) -> str:
    """The site's address under the course's name, or under the site's own if the course has none."""
    own_name, address = parseaddr(mail_from)
    return mailbox(fixed(one_line(name)) or own_name, address)


def _leave_by_mail(mailbox: str) -> str:
    # In the subject, which every program leaves as it is: of a local part servers change the case.
    return f"mailto:{percent_encoded(mailbox, safe='@')}?subject={LEAVE_WORD}%20{slot('unsubscribe')}"


def _phrase(course: Course) -> str:
    """The title; where it is not ASCII the slug, since encoded words beside an id trip many programs."""
    shown = fixed(one_line(course.title))
    plain = shown if shown.isascii() and "=?" not in shown else course.slug.replace("-", " ")
    return f'"{quote(plain)}"'


def _domain(mail_from: str) -> str:
    """That of the sender: it is ours, as RFC 2919 asks of an id, and stays when the site moves to another host."""
    return NOT_IN_NAMES.sub("-", parseaddr(mail_from)[1].rpartition("@")[2].lower()).strip("-.")
