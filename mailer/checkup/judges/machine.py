"""The machine and the Python on it, judged."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from course.checkup import Finding

GIB = 1024**3
LEAST_FREE, LOW_FREE = GIB // 4, 2 * GIB
LEAST_SHARE = 0.03
LAST_DAYS = {11: date(2027, 10, 31), 12: date(2028, 10, 31), 13: date(2029, 10, 31), 14: date(2030, 10, 31)}
"""Of Python 3.x: https://devguide.python.org/versions/."""

HOLES: Mapping[str, str] = {
    "CVE-2024-6923": "3.11.10, 3.12.5 or 3.13.0",
    "CVE-2026-1299": "3.11.15 or 3.12.13",
}
"""Holes of Python's `email`, by which a line end in a header makes another header, and the first versions without
(https://docs.python.org/3.11/whatsnew/changelog.html). Whether they are there is tried, since systems mend them
without another number."""


def of_disk(place: str, free: int, total: int, entries_left: int | None) -> Finding:
    """`free` and `total` in bytes; `entries_left`: how many more files it takes, None where that has no limit."""
    said = f"{free / GIB:.1f} of {total / GIB:.1f} GiB are free at {place}."
    todo = "Make room: with a full disk nothing is recorded, and so nothing is sent."
    if entries_left is not None and entries_left < 1000:
        return Finding("disk", "bad", f"The disk at {place} takes {entries_left} more files.", todo)
    if free < LEAST_FREE:
        return Finding("disk", "bad", said, todo)
    if free < LOW_FREE and free < 10 * LEAST_SHARE * total:
        return Finding("disk", "warning", said, todo)
    return Finding("disk", "good", said)


def of_python(version: tuple[int, int, int], open_holes: Iterable[str], today: date) -> Iterator[Finding]:
    about, written = "Python", ".".join(map(str, version))
    for hole in open_holes:
        said = f"Python {written} has {hole}: a line end in a header of a mail makes another header."
        yield Finding(
            about, "warning", said, f"Install the newest Python of its series; it is mended in {HOLES[hole]}."
        )
    last = LAST_DAYS.get(version[1])
    if last is not None and last < today:
        said = f"Python {version[0]}.{version[1]} gets no mends any more."
        yield Finding(about, "warning", said, f"Change to Python 3.{max(LAST_DAYS)}.")


@dataclass(frozen=True, slots=True)
class ZoneData:
    """`version` as IANA names it, such as 2026b, empty where nobody knows; `source`: whose it is."""

    version: str
    source: str


def of_zones(used: ZoneData, packaged: ZoneData, unknown: Iterable[str], today: date) -> Iterator[Finding]:
    """`used`: what moments are reckoned by; `packaged`: what came with Dayletter; `unknown`: zones of learners
    that are not among them."""
    about, renew = "time zones", "Update the system's package `tzdata`, and restart."
    if missing := sorted(unknown):
        said = f"Learners live in zones that this machine does not know: {', '.join(missing[:5])}."
        yield Finding(about, "bad", said, renew)
    if not used.version:
        yield Finding(about, "good", f"They are those of {used.source}.")
    elif packaged.version and used.version[:4] < packaged.version[:4]:
        said = f"They are of {used.version} ({used.source}), older than {packaged.version} ({packaged.source})."
        yield Finding(about, "warning", said, renew)
    elif used.version[:4].isdigit() and today.year - int(used.version[:4]) > 1:
        said = f"They are of {used.version} ({used.source}): countries change their clocks more often."
        yield Finding(about, "warning", said, renew)
    elif not missing:
        yield Finding(about, "good", f"They are of {used.version} ({used.source}); every learner's zone is known.")
