"""The mail by which the line is proved: it has all that mails to learners have, and opens nothing."""

from datetime import datetime
from email.utils import parseaddr

from course.settings import Settings
from mailer.compose.headers import every_mail, feedback_id, list_id
from mailer.compose.message import Letter, Part, Template
from mailer.signer import NOBODY, Signer

WORDS = (
    "This mail was sent by `dayletter doctor --send`, to see that mails leave, arrive and can be answered.\n"
    "Nobody needs to do anything. Its link for unsubscribing is nobody's, and its number "
)


def leaving_path(settings: Settings) -> str:
    """Where one leaves by one click, for nobody."""
    return f"/unsubscribe/{Signer(settings.secrets).unsubscribe(NOBODY)}"


def template_of(settings: Settings) -> Template:
    return Template(
        sender=settings.mail_from,
        reply_to=settings.mail_reply_to,
        subject=Part(("A test by dayletter doctor",)),
        text=Part((WORDS, ".\n"), ("number",)),
        html=Part((f"<p>{WORDS}", ".</p>"), ("number",)),
        headers=(
            *every_mail("en"),
            list_id(settings.mail_from, '"Tests by dayletter doctor"', "doctor"),
            ("List-Unsubscribe", Part((f"<{settings.base_url}{leaving_path(settings)}>",))),
            ("List-Unsubscribe-Post", Part(("List-Unsubscribe=One-Click",))),
            feedback_id("test", "doctor"),
        ),
    )


def letter_to(settings: Settings, email: str, name: str, now: datetime) -> Letter:
    """`name` is both its attempt and its delivery."""
    host = parseaddr(settings.mail_from)[1].rpartition("@")[2]
    return Letter(name, name, email, f"<{name}@{host}>", now, {"number": name})
