"""Media that an author uploads: taken by what they are, not by what they are called, whole or not at all."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO

from course.drafts.atomic import PIECE, change_all
from course.drafts.files import changing, file_in
from course.errors import Refused
from course.language.words import Phrase
from course.media.kinds import HEAD_BYTES, MEDIA_TYPES, MEGABYTE, MediaType, is_what_it_says, kind_in, not_allowed


def name_of(given: str) -> str:
    """A file name that does well in addresses. Raises Refused for a kind of file that no course shows."""
    name = re.split(r"[/\\]", given)[-1].lower()
    stem, dot, ending = name.rpartition(".")
    stem = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:80]
    if f"{dot}{ending}" not in MEDIA_TYPES:
        raise Refused(not_allowed(given[-100:]))
    if not stem:
        raise Refused(
            Phrase(
                "`%(file)s` has no letters from a to z, and no digits, to be known by. Rename it first.",
                {"file": given[:100]},
            )
        )
    return f"{stem}.{ending}"


def keep_uploads(root: Path, files: Mapping[str, IO[bytes]], *, replace: bool) -> list[str]:
    """Stores files by their names in the course's `media/`; their paths. All are looked at before any is stored.

    Raises Refused.
    """
    heads = {name: stream.read(HEAD_BYTES) for name, stream in files.items()}
    for name, head in heads.items():
        if not is_what_it_says(name, kind_in(head)):
            raise Refused(
                Phrase(
                    "`%(file)s` is not %(kind)s, whatever its name says. Nothing was kept.",
                    {"file": name, "kind": _kind(name).label},
                )
            )
    with changing(root):
        places = {name: file_in(root, f"media/{name}") for name in files}
        for name, file in places.items():
            if file.exists() and not replace:
                raise Refused(
                    Phrase(
                        "There is a file `%(file)s` already. Choose to replace it, or give yours another name.",
                        {"file": name},
                    )
                )
        change_all(root, {f"media/{name}": _pieces(head, files[name], name) for name, head in heads.items()})
    return [f"media/{name}" for name in files]


def _kind(name: str) -> MediaType:
    return MEDIA_TYPES[PurePosixPath(name).suffix]


def _pieces(head: bytes, stream: IO[bytes], name: str) -> Iterator[bytes]:
    taken, piece, kind = 0, head, _kind(name)
    while piece:
        taken += len(piece)
        if taken > kind.most_bytes:
            most = kind.most_bytes // MEGABYTE
            raise Refused(
                Phrase(
                    "`%(file)s` is over %(most)s MB, too much for %(kind)s. Nothing was kept.",
                    {"file": name, "most": most, "kind": kind.label},
                )
            )
        yield piece
        piece = stream.read(PIECE)
