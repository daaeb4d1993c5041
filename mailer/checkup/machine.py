"""This machine: its disk, its Python, its time zones."""

import os
import sys
import zoneinfo
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from email.generator import BytesGenerator
from email.message import EmailMessage
from email.policy import compat32
from io import BytesIO
from pathlib import Path
from shutil import disk_usage

import tzdata
from sqlalchemy.exc import SQLAlchemyError

from course.checkup import Finding
from course.errors import WrongSchema
from course.settings import Settings
from mailer.checkup.database import zones_of_learners
from mailer.checkup.judges.machine import HOLES, ZoneData, of_disk, of_python, of_zones


def of_room(settings: Settings) -> Finding:
    """Of the disk that VAR_DIR is on, or would be."""
    place = settings.var_dir
    there = next(folder for folder in (place, *place.parents) if folder.exists())
    room, entries = disk_usage(there), os.statvfs(there)
    return of_disk(str(place), room.free, room.total, entries.f_favail if entries.f_files else None)


def of_interpreter(today: date) -> list[Finding]:
    version = sys.version_info[:3]
    found = list(of_python((version[0], version[1], version[2]), open_holes(), today))
    written = ".".join(map(str, version))
    return found or [Finding("Python", "good", f"Python {written} has none of the holes that are looked for.")]


def open_holes() -> Iterator[str]:
    """Those of `HOLES` that this Python has, tried out."""
    if not hasattr(compat32, "verify_generated_headers"):
        yield next(hole for hole in HOLES if hole == "CVE-2024-6923")
    if _writes_a_header_in_a_header():
        yield next(hole for hole in HOLES if hole == "CVE-2026-1299")


class _AsItIs(str):
    """A header that folds itself, and does it wrong."""

    name = "Subject"

    def fold(self, **_: object) -> str:
        return str(self)


def _writes_a_header_in_a_header() -> bool:
    mail, written = EmailMessage(), BytesIO()
    mail["Subject"] = _AsItIs("Subject: a\r\nBcc: b@example.org\r\n")
    # A Python that is mended refuses it, by an error that older ones do not have.
    with suppress(Exception):
        BytesGenerator(written).flatten(mail)
    return b"\nBcc:" in written.getvalue()


def of_time_zones(settings: Settings, today: date) -> Iterator[Finding]:
    """Those in use, and whether they have every learner's."""
    with suppress(SQLAlchemyError, WrongSchema):
        learners = zones_of_learners(settings)
        yield from of_zones(_used(), _packaged(), [zone for zone in learners if not _is_known(zone)], today)


def _is_known(zone: str) -> bool:
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _used() -> ZoneData:
    for folder in zoneinfo.TZPATH:
        if (Path(folder) / "Europe/Berlin").exists():
            return ZoneData(_version_in(Path(folder)), f"the system's, in {folder}")
    return _packaged()


def _version_in(folder: Path) -> str:
    with suppress(OSError):
        return (folder / "+VERSION").read_text("ascii", "replace").strip()
    with suppress(OSError), (folder / "tzdata.zi").open(encoding="ascii", errors="replace") as file:
        return file.readline().removeprefix("# version").strip()
    return ""


def _packaged() -> ZoneData:
    """The package `tzdata`, which zoneinfo reads where the system has none."""
    return ZoneData(tzdata.IANA_VERSION, "the package tzdata")
