"""A mail of a draft, as it would be sent: needs nothing but the files."""

import re
from collections.abc import Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import click

from course.clock import Clock
from course.content import Course
from course.draft import check
from course.errors import NotFound
from course.library import digest_of, read_folder
from course.settings import lessons_folder
from mailer.compose import House, compile_mail
from mailer.links import Mark, Signer
from mailer.message import Letter, Template
from mailer.slots import SLOTS
from mailer.wire import wire_of

BASE_URL = "http://127.0.0.1:8000"
SIGNER = Signer(("for previews only, opens nothing",))
SAMPLE_ID = "0123456789abcdef" * 2
SAMPLE_SLOTS = {
    "name": "Ada",
    "email": "ada@example.org",
    "learn": SIGNER.learn(1, 0),
    "unsubscribe": SIGNER.unsubscribe(1),
    "mark": SIGNER.mark(Mark(SAMPLE_ID, 1, 0)),
    "confirm": SIGNER.confirm(1, 0),
    "next_when": "Friday 27 March at 8:04",
    "serial": "ABCD-EFGH-JKMN-PQRS",
}


@click.command()
@click.argument("mail", metavar="COURSE/LESSON")
@click.option("--format", "form", type=click.Choice(["html", "text", "eml"]), default="text", show_default=True)
def preview(mail: str, form: str) -> None:
    """The mail of a lesson (its slug, its file or its day) or a fixed one (welcome, finished ...)."""
    slug, _, wanted = mail.partition("/")
    raw = wire_of(_template(slug, wanted)).bytes_of(_letter())
    if form == "eml":
        click.echo(raw, nl=False)
        return
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what this policy makes
    part = message.get_body(("plain" if form == "text" else "html",))
    assert part is not None  # noqa: S101 - every mail of ours has both
    click.echo(part.get_content(), nl=False)


def _template(slug: str, wanted: str) -> Template:
    folder = read_folder(lessons_folder(), slug)
    parsed = check(folder)
    for problem in parsed.errors:
        click.echo(f"{lessons_folder() / slug}/{problem}", err=True)
    house = _house(folder.media)
    lesson = _lesson(parsed.course, wanted)
    if lesson:
        return compile_mail(house, "lesson", parsed.course, lesson, tracked=True)
    for kind in SLOTS:
        if kind == wanted and kind != "lesson":
            return compile_mail(house, kind, parsed.course, tracked=True)
    known = ", ".join([lesson.slug for lesson in parsed.course.lessons] + sorted(SLOTS.keys() - {"lesson"}))
    raise NotFound(f"There is no mail `{wanted}` in {slug}. There are: {known}.")


def _lesson(course: Course, wanted: str) -> str:
    """The slug of the lesson that is meant, or nothing."""
    slug = re.sub(r"^\d+-|\.md$", "", wanted)
    by_day = {str(day): lesson.slug for day, lesson in enumerate(course.lessons, 1)}
    return by_day.get(wanted) or next(
        (lesson.slug for lesson in course.lessons if lesson.slug in (wanted, slug)), ""
    )


def _house(media: Mapping[str, Path]) -> House:
    def media_url(path: str) -> str:
        digest = digest_of(media[path]) if path in media else "missing"
        return f"{BASE_URL}/media/{digest}/{quote(path.rpartition('/')[2])}"

    return House(
        base_url=BASE_URL,
        mail_from="Dayletter <courses@example.org>",
        reply_to="",
        postal_address="1 Example Street, 12345 Example Town",
        sign_link=SIGNER.link,
        media_url=media_url,
    )


def _letter() -> Letter:
    return Letter(
        attempt=SAMPLE_ID,
        delivery=SAMPLE_ID,
        email=SAMPLE_SLOTS["email"],
        message_id=f"<{SAMPLE_ID}@example.org>",
        date=Clock().now(),
        slots=SAMPLE_SLOTS,
    )
