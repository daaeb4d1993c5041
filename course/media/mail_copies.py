"""Pictures that mail programs do not show, and those that mails show in their place."""

from collections.abc import Collection

from course.media.kinds import ending_of
from course.media.paths import find

COPIED = (".webp", ".avif")
"""Outlook shows neither, many no AVIF (https://www.caniemail.com/features/image-avif/): mails show a JPEG."""


def copy_of(path: str) -> str | None:
    """Return the path under which the copy of a picture is kept that mails show; None if it needs none."""
    return f"{path}.jpg" if ending_of(path) in COPIED else None


def original_of(path: str) -> str | None:
    """Return the picture of which there is a copy at this path; None for a path that is no copy's."""
    original = path.removesuffix(".jpg")
    return original if copy_of(original) == path else None


def beside(path: str) -> str | None:
    """Return the path of the picture that an author puts beside a drawing, for mails; None for other pictures."""
    return path.rpartition(".")[0] + ".png" if ending_of(path) == ".svg" else None


def shown_in_mails(path: str, files: Collection[str]) -> str:
    """Return the picture that mails show for one: its copy, or what lies beside it, if there is such a file."""
    instead = copy_of(find(path, files) or path) or beside(path)
    return (find(instead, files) if instead else None) or path
