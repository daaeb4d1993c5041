"""How sending stands, judged as an operator would."""

from collections.abc import Iterator
from dataclasses import dataclass

from course.checkup import Finding

LATE_SECONDS = 300.0
MANY, FEW = 0.05, 100
"""A share of all addresses that is a lot, where there are more than a few."""


@dataclass(frozen=True, slots=True)
class MailsNow:
    """`late`: real seconds by which the oldest mail is late. `addresses` and `closed` count learners' addresses,
    and those of them that get no mail any more; `complained`: those whose reader complained."""

    hold: str
    late: float
    failed: int
    uncertain: int
    set_aside: int
    addresses: int
    closed: int
    complained: int


def of_mails(now: MailsNow) -> Iterator[Finding]:
    yield _of_hold(now)
    yield _of_lateness(now)
    yield _of_failures(now)
    yield _of_closed(now)


def _of_hold(now: MailsNow) -> Finding:
    if now.hold:
        todo = "`dayletter release` lets it go on, after saying what will happen."
        return Finding("hold", "warning", f"Sending is on hold: {now.hold}", todo)
    return Finding("hold", "good", "Nothing holds sending.")


def _of_lateness(now: MailsNow) -> Finding:
    if now.late <= LATE_SECONDS:
        return Finding("lateness", "good", "Nothing that is due waits long.")
    long = f"{now.late / 60:.0f} minutes" if now.late < 7200 else f"{now.late / 3600:.0f} hours"
    said = f"The oldest mail that is due is {long} late."
    if now.hold:
        return Finding("lateness", "warning", said, "It waits for the hold to end.")
    todo = "See that the clock and a worker run (`dayletter up`, or `clock` and `work`), and look at their logs."
    return Finding("lateness", "bad", said, todo)


def _of_failures(now: MailsNow) -> Finding:
    about = "failed mails"
    if now.failed:
        said = (
            f"{_many(now.failed, 'lesson')} could not be delivered, and the courses of their learners stand still."
        )
        return Finding(about, "warning", said, "`dayletter resend COURSE` shows why, and sends them again.")
    if now.uncertain or now.set_aside:
        said = f"{_many(now.uncertain, 'mail')} may have arrived or not; {now.set_aside} set aside for a while."
        return Finding(about, "good", f"{said} Both are seen to.")
    return Finding(about, "good", "No lesson was given up.")


def _of_closed(now: MailsNow) -> Finding:
    about = "closed addresses"
    said = (
        f"{now.closed} of {_many(now.addresses, 'address')} get no mail any more, {now.complained} by a complaint."
    )
    if now.addresses > FEW and now.closed > MANY * now.addresses:
        todo = (
            "Look at the reasons in the studio, under Sending: a bought list, or a provider that refuses us?"
            " Large mailboxes stop taking mail of who sends to many such addresses."
        )
        return Finding(about, "warning", said, todo)
    return Finding(about, "good", said)


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}{'es' if what.endswith('s') else 's'}"
