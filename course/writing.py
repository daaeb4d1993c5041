"""What people write in their own words: taken as it is, as far as it can be kept."""

import re

from course.errors import Invalid

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def read_writing(field: str, text: str, most: int) -> str:
    """With plain line ends, and without signs that no screen shows and databases refuse.

    Raises Invalid for more than `most` characters.
    """
    lines = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    words = CONTROLS.sub("", lines).strip("\n").rstrip()
    if len(words) > most:
        why = f"This has {len(words):,} characters, and up to {most:,} can be kept."
        raise Invalid({field: f"{why} Nothing was saved: please shorten it and save again."})
    return words
