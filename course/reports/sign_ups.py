"""Whether sign-ups are being slowed, in words for operators."""

from sqlalchemy.orm import Session

from course.checkup import Finding
from course.enrolment.allowance.sign_ups import Slowed, slowed
from course.times import RealTime

TODO = (
    "Nothing need be done: who shows to be a person gets the mail at once, the others' mails leave evenly. If you"
    " have just told many people of the course, that is all it is."
)


def in_words(found: Slowed) -> str:
    count = "1 waits" if found.waiting == 1 else f"{found.waiting:,} wait"
    return f"Sign-ups are being slowed: {count} for the mail, since {found.since:%Y-%m-%d %H:%M} UTC"


def of_sign_ups(session: Session, real: RealTime) -> Finding | None:
    """None while nobody waits."""
    found = slowed(session, real)
    return Finding("sign-ups", "warning", f"{in_words(found)}.", TODO) if found else None
