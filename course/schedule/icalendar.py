"""A learner's lessons as an iCalendar file (RFC 5545): pure text, the same bytes for the same plan."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from course.schedule.forecast import Forecast
from course.schedule.progress import Facts

LINE_OCTETS = 75
REFRESH = "PT6H"
COUNTED_FROM = datetime(2025, 1, 1, tzinfo=UTC)
"""Seconds since then fit into an iCalendar number until 2093."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """One lesson's time. `uid` never changes; `modified` is when `at` last did."""

    uid: str
    at: datetime
    minutes: int
    title: str
    url: str
    modified: datetime


def moments(facts: Facts, coming: Forecast, replanned_at: datetime | None) -> dict[str, tuple[datetime, datetime]]:
    """When each dated lesson was or will be, and when that was last decided.

    A lesson that came stays where it was. One to come moves only by a deed or with the lesson before it.
    """
    came = {slug: posted.accepted_at for slug, posted in facts.posted.items() if posted.accepted_at is not None}
    decided = max([facts.begun_at, *came.values(), *([replanned_at] if replanned_at else [])])
    found = {slug: (at, at) for slug, at in came.items()}
    for send in coming.sends:
        found.setdefault(send.lesson, (send.at, decided))
    return found


def calendar(name: str, appointments: Iterable[Appointment]) -> bytes:
    """The whole file, with no alarms: the mail is the reminder."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Dayletter//Course calendar//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
    ]
    for appointment in appointments:
        lines += _event(appointment)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event(appointment: Appointment) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{appointment.uid}",
        f"DTSTAMP:{_moment(appointment.modified)}",
        f"LAST-MODIFIED:{_moment(appointment.modified)}",
        f"SEQUENCE:{_sequence(appointment.modified)}",
        f"DTSTART:{_moment(appointment.at)}",
        f"DURATION:PT{appointment.minutes}M",
        f"SUMMARY:{_text(appointment.title)}",
        f"DESCRIPTION:{_text(appointment.url)}",
        f"URL:{appointment.url}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _sequence(modified: datetime) -> int:
    """Grows with each change, so that a file imported again replaces what an earlier one said."""
    return max(0, int((modified - COUNTED_FROM).total_seconds()))


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    """TEXT of section 3.3.11. Other control characters have no place in it."""
    escaped = re.sub(r"([\\;,])", r"\\\1", text)
    escaped = re.sub(r"\r\n|\r|\n", r"\\n", escaped)
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", escaped)


def _folded(line: str) -> bytes:
    """At most 75 octets a line, and no character torn apart."""
    return b"\r\n ".join(_pieces(line)) + b"\r\n"


def _pieces(line: str) -> Iterator[bytes]:
    piece, room = b"", LINE_OCTETS
    for char in line:
        octets = char.encode()
        if len(piece) + len(octets) > room:
            yield piece
            piece, room = b"", LINE_OCTETS - 1
        piece += octets
    yield piece
