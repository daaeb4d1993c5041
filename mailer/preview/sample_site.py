"""A site on paper: mails for previews, rehearsals and lint, as they would be sent; their links open nothing."""

from collections.abc import Callable
from datetime import UTC, datetime

from course.language.words import Words
from mailer.compose.compose import Site
from mailer.compose.targets import media_path
from mailer.signer import Mark, Signer

BASE_URL = "http://127.0.0.1:8000"
MAIL_FROM = "Dayletter <courses@example.org>"
SIGNER = Signer(("for previews only, opens nothing",))
SAMPLE_ID = "0123456789abcdef" * 2
SAMPLE_NAME, SAMPLE_SERIAL = "Ada", "ABCD-EFGH-JKMN-PQRS"
SAMPLE_MOMENT = datetime(2026, 3, 27, 8, 4, tzinfo=UTC)


def sample_link(target: str) -> str:
    """The last segment of a click link that opens nothing."""
    return SIGNER.link(target)


def sample_slots(words: Words) -> dict[str, str]:
    """Those of a reader who does not exist, in the language of the mail."""
    return {
        "name": SAMPLE_NAME,
        "email": "ada@example.org",
        "learn": SIGNER.learn(1, 0),
        "unsubscribe": SIGNER.unsubscribe(1),
        "mark": SIGNER.mark(Mark(SAMPLE_ID, 1, 0)),
        "confirm": SIGNER.confirm(1, 0, 0),
        "next_when": words.moment(SAMPLE_MOMENT, "UTC"),
        "agree": SIGNER.agree(SAMPLE_ID),
        "serial": SAMPLE_SERIAL,
    }


def sample_site(digest: Callable[[str], str] = lambda path: "0" * 64) -> Site:
    """`digest` is that of a media file, which is part of its address."""
    return Site(
        base_url=BASE_URL,
        mail_from=MAIL_FROM,
        reply_to="",
        postal_address="1 Example Street, 12345 Example Town",
        sign_link=sample_link,
        media_url=lambda path: f"{BASE_URL}{media_path(digest(path), path)}",
    )
