"""What people write in their own words: taken as it is, as far as it can be kept."""

import re

from course.errors import Invalid
from course.language.words import Phrase

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def read_writing(field: str, text: str, most: int) -> str:
    """Return a text with plain line ends, and without signs that no screen shows and databases refuse.

    Raises Invalid for more than `most` characters.
    """
    lines = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    written = CONTROLS.sub("", lines).strip("\n").rstrip()
    if len(written) > most:
        why = Phrase(
            "This has %(length)s characters, and up to %(most)s can be kept."
            " Nothing was saved: please shorten it and save again.",
            {"length": f"{len(written):,}", "most": f"{most:,}"},
        )
        raise Invalid({field: why})
    return written
