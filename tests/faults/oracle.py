"""What the mail server saw: the only witness that the fault tests believe."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from tests.support.servers.sendgrid_sink import SendgridSink
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.mails import read_mail

DAY = re.compile(r"Day (\d+) of \d+")
KIND = re.compile(r"^Feedback-ID: *(\w+)", re.MULTILINE)

Seen = Counter[tuple[str, str]]
"""How often each (address, `lesson 2` or another kind of mail) was taken."""


def seen_by_sendgrid(sink: SendgridSink, but_not: Collection[str] = ()) -> Seen:
    """All but the system's own probes, and the attempts in `but_not`."""
    return Counter(
        (mail.to, _occasion(mail.headers["Feedback-ID"], mail.text))
        for mail in list(sink.mails)
        if "Feedback-ID" in mail.headers and mail.attempt not in but_not
    )


def seen_by_smtp(sink: SmtpSink) -> Seen:
    return seen_in((mail.recipients[0], mail.raw) for mail in list(sink.mails))


def seen_in(mails: Iterable[tuple[str, bytes]]) -> Seen:
    return Counter((to, _occasion_of_raw(raw)) for to, raw in mails)


def complaints(seen: Seen, learners: Sequence[str], lessons: int, others: Sequence[str] = ()) -> list[str]:
    """What is missing, and what came more than once."""
    due = [(learner, f"lesson {day}") for learner in learners for day in range(1, lessons + 1)]
    due += [(learner, kind) for learner in learners for kind in others]
    lost = [f"{what} never reached {who}" for who, what in due if not seen[(who, what)]]
    return lost + [f"{what} reached {who} {times} times" for (who, what), times in seen.items() if times > 1]


def missing(seen: Seen, learners: Sequence[str], lessons: int, others: Sequence[str] = ()) -> list[str]:
    return [what for what in complaints(seen, learners, lessons, others) if "never" in what]


def uncounted(seen: Seen, counted: int) -> list[str]:
    """Where a copy cannot be helped, it is at least counted."""
    extra = extra_copies(seen)
    return [f"{extra} extra copies, {counted} counted"] if extra > counted else []


def tally(seen: Seen, learners: Sequence[str], lessons: int, others: Sequence[str] = ()) -> dict[str, int]:
    """For the report: all mails, those that are missing, and those that are too many."""
    lost = len(missing(seen, learners, lessons, others))
    return {"mails": seen.total(), "lost": lost, "doubled": extra_copies(seen)}


def extra_copies(seen: Seen) -> int:
    return sum(times - 1 for times in seen.values())


def _occasion(feedback_id: str, text: str) -> str:
    kind = feedback_id.partition(":")[0]
    day = DAY.search(text)
    return f"lesson {day[1]}" if kind == "lesson" and day else kind


def _occasion_of_raw(raw: bytes) -> str:
    text = raw.decode("ascii")
    kind = KIND.search(text)
    if kind and kind[1] == "lesson" and (day := DAY.search(text)):
        return f"lesson {day[1]}"
    mail = read_mail(raw)
    return f"lesson {mail.day}" if mail.kind == "lesson" else mail.kind
