"""A small course and a world to compile mails with, and values for every slot."""

from collections.abc import Mapping
from html.parser import HTMLParser

from course.content.course import Course
from course.content.mails import LESSON_MAILS, MAILS, MailKind, Slot
from course.content.parse import parse_course
from mailer.compose.compose import Site, compile_mail
from mailer.compose.message import Template

KINDS = tuple(MAILS)
BASE_URL = "https://learn.example.org"
HOUSE = Site(
    base_url=BASE_URL,
    mail_from="Dayletter <letters@example.org>",
    reply_to="questions@example.org",
    postal_address="Dayletter, 1 Example Street, 10115 Berlin",
    sign_link=lambda mail, target: f"signed-{mail}-{target.encode().hex()}",
    media_url=lambda path: f"{BASE_URL}/published/{path}",
)
VALUES: Mapping[str, str] = {
    "name": "Anna",
    "email": "anna@example.org",
    "learn": "learn-token",
    "unsubscribe": "leave-token",
    "pixel": "pixel-token",
    "mark": "mark-token",
    "confirm": "confirm-token",
    "next_when": "Friday 28 March at 8:04",
    "serial": "ABCD-EFGH",
    "agree": "agree-token",
    "wish": "wish-token",
}
COURSE_MD = """---
title: Bread at home
sender: Maria Baker
minutes: "15-20"
---
Bake.
"""
LESSON_MD = """---
title: Day of the dough
subject: Flour, water, {{ name }}
preheader: Why the dough needs you only twice.
---

Dear {{ name }}, see [the mill](https://mill.example.com/flour?a=1&b=2).

![A bowl](media/bowl.jpg)

![Kneading](media/knead.mp4 "4:30")

A reader asks about [water](articles/water.md) too.

[Flour in short](articles/flour.md)

- [ ] Weigh the **flour**
- [ ] Read [the label](https://label.example.com/)
"""
MEDIA = ("media/bowl.jpg", "media/knead.mp4", "media/knead.jpg", "media/knead.vtt")


def course(
    days: int = 5,
    *,
    course_md: str = COURSE_MD,
    lesson_md: str = LESSON_MD,
    more: Mapping[str, str] | None = None,
) -> Course:
    """Every lesson has the same text; `more` adds or replaces files by their path."""
    texts = {
        "course.md": course_md,
        "articles/flour.md": "---\ntitle: Flour in short\nsummary: Ash and protein.\n---\nMilled.\n",
        "articles/water.md": "---\ntitle: Water\n---\nWet.\n",
    }
    texts |= {f"{day}-dough-{day}.md": lesson_md for day in range(1, days + 1)}
    texts |= more or {}
    return parse_course("bread-at-home", texts).course


def compiled(kind: MailKind, of: Course | None = None, *, day: int = 2, tracked: bool = True) -> Template:
    of = of or course()
    slug = of.lessons[min(day, len(of.lessons)) - 1].slug if kind in LESSON_MAILS else ""
    return compile_mail(HOUSE, kind, of, slug, tracked=tracked)


def parts(template: Template) -> tuple[str, str]:
    """Text and HTML as filled for Anna, whose name needs no escaping."""
    return template.text.filled(VALUES), template.html.filled(VALUES)


def allowed(kind: MailKind) -> frozenset[Slot]:
    return MAILS[kind].slots


Element = tuple[str, dict[str, str]]


def elements(html: str) -> list[Element]:
    """Every start tag in order, with its attributes."""
    found: list[Element] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, {name: value or "" for name, value in attrs}))

    Reader().feed(html)
    return found


def links(html: str) -> list[str]:
    return [given["href"] for tag, given in elements(html) if tag == "a" and "href" in given]


def counted(target: str) -> str:
    return f"{BASE_URL}/c/mark-token/{HOUSE.sign_link(HOUSE.mail, target)}"


def leave_address(kind: MailKind) -> str:
    """Who is not signed up leaves by saying no to what the mail asks."""
    return f"{BASE_URL}/" + (
        "unsubscribe/leave-token" if "unsubscribe" in allowed(kind) else "agree/agree-token/no"
    )
