"""Many learners at once, in from a file and out to one. Nothing here commits: the caller does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.addresses.spellings import counted_as, mailbox_of
from course.bulk import among, insert_many
from course.consent.left_alone import left_alone
from course.db import NOBODY_WAITS
from course.enrolment.allowance import mailboxes
from course.enrolment.joining import admit, barred, register, wish_of
from course.enrolment.many.csv_rows import BadRow, Row
from course.locks import lock_learners
from course.models import Enrolment, Learner, Suppression
from course.publishing.editions import Published
from course.times import Times

TIRED = (
    "{email} has had as many confirmations within a day as an address may get, in whatever spelling. Import this"
    " row again tomorrow."
)

PORTION = 100
"""Rows to a transaction: what is done stays done, and on SQLite nobody else waits long to write."""


@dataclass(slots=True)
class Taken:
    """The outcome of one portion of an import."""

    begun: int = 0
    asked: int = 0
    already: int = 0
    bad: list[BadRow] = field(default_factory=list)

    @property
    def enrolled(self) -> int:
        return self.begun + self.asked

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(
            self.begun + other.begun,
            self.asked + other.asked,
            self.already + other.already,
            self.bad + other.bad,
        )


def take_in(session: Session, published: Published, rows: Sequence[Row | BadRow], times: Times) -> Taken:
    """Enrols whom the rows name. Who is in the course already is left as they are, and gets no mail.

    Nobody waits at a screen for these mails: thousands of confirmations do not go before the one of a visitor.
    """
    session.info[NOBODY_WAITS] = True
    emails = [row.form.email for row in rows if isinstance(row, Row)]
    mailboxes.one_at_a_time(session, {counted_as(email) for email in emails})
    known = session.scalars(select(Learner.id).where(among(session, Learner.email, emails)))
    lock_learners(session, known.all())
    states, suppressed = _standings(session, published.id, emails)
    alone, tired = left_alone(session, emails), mailboxes.tired(session, emails, times.now)
    closed = suppressed | tired | alone.keys()
    _meet(session, [row for row in rows if isinstance(row, Row) and row.form.email not in closed], times)
    taken = Taken()
    for row in rows:
        if isinstance(row, BadRow):
            taken.bad.append(row)
            continue
        email = row.form.email
        match decide(row, states.get(email), email in suppressed, alone.get(email)):
            case BadRow() as bad:
                taken.bad.append(bad)
            case "leave":
                taken.already += 1
            case "begin":
                taken.begun += 1
                admit(session, published, row.form, times, agreed_at=row.agreed_at)
            case "ask" if email in tired:
                taken.bad.append(BadRow(row.line, TIRED.format(email=email)))
            case "ask":
                taken.asked += 1
                register(session, published, row.form, times)
    return taken


def _meet(session: Session, rows: Sequence[Row], times: Times) -> None:
    """Makes the learners who are new, in the order of their addresses: of two imports one waits for the other.

    Of several spellings of a mailbox only the first one is new.
    """
    forms = sorted((row.form for row in rows), key=lambda form: form.email)
    by_mailbox = {mailbox_of(form.email): form for form in reversed(forms)}
    known = session.scalars(select(Learner.mailbox).where(among(session, Learner.mailbox, list(by_mailbox))))
    for mailbox in known.all():
        by_mailbox.pop(mailbox, None)
    new = [
        {"email": form.email, "mailbox": mailbox, "name": form.name, "created_at": times.now}
        for mailbox, form in sorted(by_mailbox.items(), key=lambda item: item[1].email)
    ]
    insert_many(session, Learner, new)


def decide(
    row: Row, state: str | None, suppressed: bool, wish: str | None = None
) -> Literal["begin", "ask", "leave"] | BadRow:
    """Decide what to do with a row whose address has this state in the course; `state` is None for an address new
    there, `wish` why an erased one is to be left alone."""
    why_not = barred(row.form.email, state, suppressed) or wish_of(row.form.email, wish)
    if why_not is not None:
        return BadRow(row.line, f"{why_not} Take the row out of the file.")
    if state not in (None, "pending"):
        return "leave"
    if row.agreed_at is not None:
        return "begin"
    return "ask" if state is None else "leave"


def _standings(session: Session, course_id: int, emails: Sequence[str]) -> tuple[dict[str, str], set[str]]:
    """Each address's state in the course, from its newest round; and the addresses that take no mail."""
    rounds = session.execute(
        select(Learner.email, Enrolment.state)
        .join(Enrolment, Enrolment.learner_id == Learner.id)
        .where(Enrolment.course_id == course_id, among(session, Learner.email, emails))
        .order_by(Enrolment.round)
    )
    suppressed = session.scalars(select(Suppression.email).where(among(session, Suppression.email, emails)))
    return dict(rounds.all()), set(suppressed)


def to_take_along(session: Session, course_id: int) -> Iterator[tuple[str, ...]]:
    """The columns of a file that another Dayletter can import.

    Without staff, and without those who left or whose address takes no mail: over there nobody would know.
    """
    newest = select(func.max(Enrolment.id)).where(Enrolment.course_id == course_id).group_by(Enrolment.learner_id)
    rows = session.execute(
        select(Learner.email, Learner.name, Enrolment.zone, Enrolment.hour, Enrolment.confirmed_at)
        .join(Enrolment, Enrolment.learner_id == Learner.id)
        .where(
            Enrolment.id.in_(newest),
            Enrolment.counted,
            Enrolment.state != "left",
            Learner.email.not_in(select(Suppression.email)),
        )
        .order_by(Enrolment.id)
    )
    for email, name, zone, hour, confirmed_at in rows:
        yield email, name, zone, str(hour), confirmed_at.isoformat() if confirmed_at else ""
