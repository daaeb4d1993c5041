"""A folder that another program has written: its texts, and the files that they show or lead to."""

import re
from collections.abc import Mapping
from posixpath import dirname, join, normpath

from course.content.slugs import plain_slug
from course.errors import Refused
from course.incoming.from_notion import notion_markdown, plain_name
from course.incoming.losses import Losses
from course.language.words import Phrase
from course.media.kinds import HEAD_BYTES, MEDIA_TYPES, is_what_it_says, kind_in

TEXT_ENDINGS = (".md", ".markdown", ".txt")


class Export:
    """Files by path; `known` leads from the texts among them to ours, `media` gathers what texts show."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.known: dict[str, str] = {}
        self.media: dict[str, bytes] = {}

    def text(self, path: str, losses: Losses) -> str:
        return notion_markdown(decoded(path, self.files[path]), lambda to: self.target(path, to), losses)

    def target(self, path: str, address: str) -> str | None:
        there = normpath(join(dirname(path), address))
        if there in self.known or (there in self.files and there.lower().endswith(TEXT_ENDINGS)):
            return self.known.get(there, "")
        data = self.files.get(there)
        ending = f".{there.lower().rpartition('.')[2]}"
        if data is None or ending not in MEDIA_TYPES or not is_what_it_says(there, kind_in(data[:HEAD_BYTES])):
            return None
        stem = plain_slug(plain_name(there.rpartition(".")[0])) or "picture"
        ours, again = f"media/{stem}{ending}", 2
        while self.media.get(ours, data) != data:
            ours, again = f"media/{stem}-{again}{ending}", again + 1
        self.media[ours] = data
        return ours


def decoded(name: str, data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return re.sub(r"\r\n?", "\n", data.decode(encoding)).replace("\0", "")
    except UnicodeDecodeError as problem:
        raise Refused(Phrase("`%(file)s` is not UTF-8 text. Save it as UTF-8.", {"file": name})) from problem
