"""Files of files (`.docx`, a Notion export): read within bounds, whatever they claim."""

import zlib
from collections.abc import Mapping
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from course.errors import Refused
from course.language.words import Phrase

MEGABYTE = 1_000_000
MOST_PACKED, MOST_UNPACKED, MOST_FILES = 100 * MEGABYTE, 400 * MEGABYTE, 5000
UNREADABLE = Phrase("This file cannot be read: it is damaged, or locked by a password. Save it anew.")
MOST_XML = 20 * MEGABYTE


def unpacked(data: bytes) -> Mapping[str, bytes]:
    """The files by name. Raises Refused for what is no such file, is locked, or would grow beyond all bounds."""
    if len(data) > MOST_PACKED:
        raise Refused(
            Phrase("This file is over %(most)s MB. Take out some pictures.", {"most": MOST_PACKED // MEGABYTE})
        )
    try:
        with ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            _check(entries)
            return {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    # What zipfile raises, and the unpacking below it: broken, encrypted (RuntimeError), packed in a way it does
    # not know (NotImplementedError), cut off, or with names and sizes that cannot be.
    except (BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError, zlib.error) as problem:
        raise Refused(UNREADABLE) from problem


def _check(entries: list[ZipInfo]) -> None:
    size = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_FILES or size > MOST_UNPACKED:
        raise Refused(
            Phrase(
                "Unpacked, this file would take %(size)s MB in %(files)s files, which is more than a text needs.",
                {"size": size // MEGABYTE, "files": len(entries)},
            )
        )
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")) and entry.file_size > MOST_XML:
            raise Refused(
                Phrase("This is over %(most)s MB of text. Bring it over in parts.", {"most": MOST_XML // MEGABYTE})
            )
