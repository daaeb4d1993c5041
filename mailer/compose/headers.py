"""The header lines every mail to a learner carries, each plain ASCII on one line."""

from email.utils import parseaddr, quote
from urllib.parse import urlsplit

from course.addresses.mailbox import mailbox
from course.addresses.marks import one_line
from course.content.course import Course
from mailer.compose.message import Part
from mailer.compose.slots import fixed, part


def list_headers(base_url: str, course: Course, kind: str, leave: str) -> tuple[tuple[str, Part], ...]:
    """`leave` is where one unsubscribes, with its slot."""
    return (
        ("List-Id", Part((f"{_phrase(course)} <{course.slug}.{_host(base_url)}>",))),
        ("List-Unsubscribe", part(f"<{leave}>", {"unsubscribe", "agree"})),
        ("List-Unsubscribe-Post", Part(("List-Unsubscribe=One-Click",))),
        ("Feedback-ID", Part((f"{kind}:{course.slug}:mail:dayletter",))),
    )


def sender(mail_from: str, name: str) -> str:
    """The site's address under the course's name, or under the site's own if the course has none."""
    own_name, address = parseaddr(mail_from)
    return mailbox(fixed(one_line(name)) or own_name, address)


def _phrase(course: Course) -> str:
    """The title; where it is not ASCII the slug, since encoded words beside an id trip many programs."""
    shown = fixed(one_line(course.title))
    plain = shown if shown.isascii() and "=?" not in shown else course.slug.replace("-", " ")
    return f'"{quote(plain)}"'


def _host(base_url: str) -> str:
    return (urlsplit(base_url).hostname or "localhost").replace(":", "-")
