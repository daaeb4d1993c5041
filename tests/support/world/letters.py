"""A mail with every difficulty a template and a learner can bring, and letters of it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from mailer.compose.message import Letter, Part, Template

HOSTILE_NAME = 'Jörg <b>"x"&'
TEMPLATE = Template(
    sender='"Kürs, daily" <courses@example.org>',
    reply_to="Answers <replies@example.org>",
    subject=Part(("Grüße, ", " – day 1 of 5"), ("name",)),
    text=Part(("Dear ", ",\n.a line with a dot\n..two = three\n", " \n\nLeave: ", "\n"), ("name", "note", "link")),
    html=Part(
        ("<p>Dear ", "</p>\n.<p>", '</p><p style="color: #112233">ü</p>\n<a href="', '">leave</a>\n'),
        ("name", "note", "link"),
    ),
    headers=(
        ("List-Id", Part(('"Course" <course.example.org>',))),
        ("List-Unsubscribe", Part(("<", ">"), ("link",))),
        ("List-Unsubscribe-Post", Part(("List-Unsubscribe=One-Click",))),
        ("Feedback-ID", Part(("lesson:course:mail:dayletter",))),
    ),
)
MOMENT = datetime(2026, 3, 27, 6, 0, tzinfo=UTC)


def letter(number: int, email: str | None = None, **slots: str) -> Letter:
    values: Mapping[str, str] = {
        "name": f"Learner {number}",
        "note": "a note",
        "link": f"https://courses.example.org/unsubscribe/{number:040}",
    }
    return Letter(
        attempt=f"attempt-{number}",
        delivery=f"delivery-{number}",
        email=email or f"learner{number}@example.org",
        message_id=f"<{number}.abc@example.org>",
        date=MOMENT,
        slots={**values, **slots},
    )


def letters(count: int) -> list[Letter]:
    return [letter(number) for number in range(count)]
