"""How long a film lasts, as authors write it and as people read it."""

import re

from course.language.words import Phrase

WRITTEN = re.compile(r"(?:(\d{1,2}):([0-5]\d)|(\d{1,3})):([0-5]\d)")
NEARLY = re.compile(
    r"(?:(\d{1,2})\s*(?:h|hrs?|hours?|std|stunden?|heures?|horas?)\.?)?\s*"
    r"(?:(\d{1,4})\s*(?:['’′]|m|mins?|minutes?|minuten|minutos?)\.?)?\s*"
    r"(?:(\d{1,5})\s*(?:[\"”″]|''|s|secs?|seconds?|sekunden?|secondes?|segundos?)\.?)?",
    re.I,
)
ISO = re.compile(r"PT(?=\d)", re.I)
OFFSET = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?", re.I)
CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d+)(?:\.\d*)?")


def seconds_written(text: str) -> int | None:
    """Read `4:30`, `120:00` or `1:02:03` as seconds; None for anything else."""
    found = WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    hours, of_hour, minutes, seconds = (int(part or 0) for part in found.groups())
    return (hours * 60 + of_hour + minutes) * 60 + seconds


def spelt(seconds: int) -> str:
    """Spell a duration as it is read: `4:30`, and `1:02:03` from an hour on."""
    minutes, rest = divmod(seconds, 60)
    hours, of_hour = divmod(minutes, 60)
    return f"{hours}:{of_hour:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def seconds_meant(text: str) -> int | None:
    """Guess what `3 min`, `1h 2m` or `PT4M30S` mean, in seconds; None where nobody can tell."""
    found = NEARLY.fullmatch(ISO.sub("", text.strip()))
    if found is None or not any(found.groups()):
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return (hours * 60 + minutes) * 60 + seconds


def seconds_into(offset: str) -> int:
    """Read where to begin, as addresses say it: `90`, `90s`, `1m30s`, `1:30`, `90.5`, `90,120`; 0 for no place."""
    begin = offset.partition(",")[0].removeprefix("npt:")
    found = CLOCK.fullmatch(begin) or OFFSET.fullmatch(begin.partition(".")[0])
    if found is None:
        return 0
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return (hours * 60 + minutes) * 60 + seconds


def no_duration(written: str) -> Phrase:
    """Say how to write a duration, by what was written in its place."""
    meant = seconds_meant(written)
    if meant:
        return Phrase(
            '"%(written)s" is not how durations are written here; write "%(duration)s".',
            {"written": written, "duration": spelt(meant)},
        )
    return Phrase(
        "A film or recording needs its duration, in minutes and seconds, such as"
        ' `![Title](media/talk.mp4 "4:30")`.'
    )
