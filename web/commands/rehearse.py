"""The whole course on a virtual clock, as files: needs nothing but the course's own."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from shutil import rmtree

import click
from rich.console import Console
from rich.progress import track

from course.clock import Clock
from course.drafts.folder import digest_of, read_folder
from course.enrolment.registration import read_hour, read_zone, zones
from course.errors import DayletterError, Errors, Invalid
from course.schedule.life import Deed
from course.schedule.rhythm import spread_of
from course.settings import lessons_folder, var_folder
from mailer.preview.deeds import read_deeds
from mailer.preview.mail_rules import check_draft
from mailer.preview.rehearsal import Rehearsal, Rehearsed, Trainee
from mailer.preview.rehearsal_summary import summarize
from mailer.preview.sample_site import SIGNER, sample_site
from web.commands.authoring import placed

PLAN = "plan.json"
MOST_LEARNERS = 10_000
STRIDE = 211
"""Between the zones of two learners: whoever stands beside each other in the list lives far apart."""

Entry = dict[str, object]


@click.command()
@click.argument("course")
@click.option("--zone", default="UTC", show_default=True, help="Such as Europe/Berlin.")
@click.option("--hour", default="8", show_default=True, help="The local hour of the lessons, 0 to 23.")
@click.option(
    "--from", "begin", metavar="DATE", help="The day of registering, such as 2026-03-26.  [default: today]"
)
@click.option("--out", type=click.Path(path_type=Path), help="A folder.  [default: var/rehearsal/COURSE]")
@click.option(
    "--learners", type=click.IntRange(1, MOST_LEARNERS), default=1, help="As many, each in another zone."
)
@click.option("--do", "typed", multiple=True, metavar="DEED", help="Such as `pause 3 on 2026-03-04`; repeatable.")
def rehearse(  # noqa: PLR0913 - an argument or option each
    course: str, zone: str, hour: str, begin: str | None, out: Path | None, learners: int, typed: tuple[str, ...]
) -> None:
    """Write every mail of a course as it would be sent, named by its local time, and a plan.json.

    Weekends and clock changes are met as they come. No database is touched, and nothing is sent. The learner
    completes each lesson on the day it comes. With --do they act as you say, at noon or at a time of their own
    (`hour 18 on 2026-03-04 at 9:30`): pause, resume, next, complete, hour, zone, weekdays, pace, limit, leave.
    Once a deed completes a lesson, only such deeds do.
    """
    rehearsal = _rehearsal(course)
    trainees = _trainees(learners, _first(zone, hour, begin))
    folder = out or var_folder() / "rehearsal" / course
    entries: list[Entry] = []
    lessons: list[list[datetime]] = []
    progress = Console(stderr=True)
    with _whole_or_nothing(folder):
        for trainee in track(trainees, "rehearsing", console=progress, transient=True, disable=learners == 1):
            mails = tuple(rehearsal.mails(trainee, _deeds(typed, rehearsal, trainee)))
            entries += _written(folder, _place(trainee) if learners > 1 else "", trainee, mails)
            lessons.append([mail.local_at for mail in mails if mail.cue.lesson])
        summary = summarize(len(entries), lessons)
        _write_plan(folder, {"course": course, "summary": asdict(summary), "mails": entries})
    for line in (*summary.lines(), f"The mails are in {folder}; its {PLAN} says why each is sent when."):
        click.echo(line)


def _deeds(typed: Sequence[str], rehearsal: Rehearsal, trainee: Trainee) -> Sequence[Deed]:
    try:
        return read_deeds(typed, rehearsal.course, trainee.zone)
    except ValueError as problem:
        raise Invalid({"do": str(problem)}) from None


def _rehearsal(course: str) -> Rehearsal:
    folder = read_folder(lessons_folder(), course)
    parsed = check_draft(folder)
    if parsed.errors:
        told = "\n".join(placed(course, problem) for problem in parsed.errors)
        raise DayletterError(f"{told}\nThis draft has errors; mend them, and rehearse it then.")
    digests = {file: digest_of(file) for file in folder.media.values()}

    def digest(path: str) -> str:
        file = folder.file_for_mails(path)
        return digests[file] if file else "missing"

    return Rehearsal(parsed.course, sample_site(digest), SIGNER)


def _first(zone: str, hour: str, begin: str | None) -> Trainee:
    errors: Errors = {}
    place, number = read_zone(zone, errors), read_hour(hour, errors)
    try:
        day = date.fromisoformat(begin) if begin else Clock().now().date()
        if not 1970 <= day.year <= 2100:
            raise ValueError
    except ValueError:
        errors["from"] = "Write a day such as 2026-03-26."
    if errors:
        raise Invalid(errors)
    return Trainee(1, place, number, day)


def _trainees(count: int, first: Trainee) -> list[Trainee]:
    """The first leaves on the stroke, as somebody who looks at the plan expects; the others when they would."""
    others = [zone for zone in zones() if zone != first.zone]
    return [
        first,
        *(
            Trainee(
                number=number,
                zone=others[number * STRIDE % len(others)],
                hour=first.hour,
                begins_on=first.begins_on,
                spread=spread_of(f"enrolment {number}"),
            )
            for number in range(2, count + 1)
        ),
    ]


def _place(trainee: Trainee) -> str:
    return f"{trainee.number:05}-{trainee.zone.replace('/', '-')}/"


@contextmanager
def _whole_or_nothing(folder: Path) -> Iterator[None]:
    """Empty to begin with, and again if it cannot be filled: half a rehearsal would be taken for a whole one."""
    before = folder.exists()
    try:
        _clear(folder)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            yield
        except BaseException:
            for entry in folder.iterdir():
                rmtree(entry) if entry.is_dir() else entry.unlink()
            if not before:
                folder.rmdir()
            raise
    except OSError as problem:
        raise DayletterError(
            f"{folder} could not be written: {problem.strerror}. Nothing of this rehearsal is left there. Make"
            " room, or name another folder with --out."
        ) from problem


def _clear(folder: Path) -> None:
    """Remove what an earlier rehearsal left in the folder; files of anybody else are never touched."""
    if folder.is_dir() and any(folder.iterdir()):
        for file in _earlier(folder):
            file.unlink(missing_ok=True)
        (folder / PLAN).unlink()


def _earlier(folder: Path) -> list[Path]:
    """The mails of an earlier rehearsal. Raises DayletterError if there was none."""
    try:
        files = [folder / entry["file"] for entry in json.loads((folder / PLAN).read_text("utf-8"))["mails"]]
    except (OSError, ValueError, KeyError, TypeError):
        raise DayletterError(
            f"{folder} holds other files; name a folder that is empty or new with --out."
        ) from None
    return [file for file in files if file.suffix == ".eml" and file.resolve().is_relative_to(folder.resolve())]


def _written(folder: Path, place: str, trainee: Trainee, mails: Iterable[Rehearsed]) -> list[Entry]:
    (folder / place).mkdir(exist_ok=True)
    entries: list[Entry] = []
    for number, mail in enumerate(mails, 1):
        name = mail.cue.lesson or mail.cue.kind
        file = f"{place}{mail.local_at:%Y-%m-%dT%H%M}-{number:02}-{name}.eml"
        (folder / file).write_bytes(mail.raw)
        entries.append(_entry(file, trainee, mail))
    return entries


def _entry(file: str, trainee: Trainee, mail: Rehearsed) -> Entry:
    return {
        "file": file,
        "learner": trainee.number,
        "zone": trainee.zone,
        "local_at": mail.local_at.isoformat(),
        "weekday": f"{mail.local_at:%A}",
        "at": mail.cue.at.isoformat(),
        "kind": mail.cue.kind,
        "lesson": mail.cue.lesson or None,
        "day": mail.day or None,
        "subject": mail.subject,
        "bytes": len(mail.raw),
        "why": mail.cue.why,
    }


def _write_plan(folder: Path, plan: Entry) -> None:
    (folder / PLAN).write_text(
        json.dumps(plan, indent=2, ensure_ascii=False, default=datetime.isoformat) + "\n", encoding="utf-8"
    )
