"""A Word file (`.docx`, also as Google Docs, Pages and LibreOffice write it) to our Markdown and its pictures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import ZIP_STORED, ZipFile

import mammoth

from course.errors import Refused
from course.incoming.archive import UNREADABLE, unpacked
from course.incoming.docx_marks import marked_parts
from course.incoming.from_html import marked_markdown
from course.incoming.losses import Losses
from course.language.words import Phrase
from course.media.kinds import HEAD_BYTES, kind_in

PICTURES = ("jpg", "png", "gif", "webp")
STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='HTML Preformatted'] => pre:separator('\\n')
p[style-name='Code'] => pre:separator('\\n')
p[style-name='Source Code'] => pre:separator('\\n')
r[style-name='Code'] => code
r[style-name='HTML Code'] => code
strike => del
"""


@dataclass
class _Pictures:
    """Those of one document, each kept once, by the path that the course will have them at."""

    stem: str
    found: dict[str, bytes] = field(default_factory=dict)

    def keep(self, image: Any) -> dict[str, str]:
        """Called for each picture by mammoth, which wants the attributes of an `img`."""
        try:
            with image.open() as stream:
                data: bytes = stream.read()
        except (ValueError, KeyError, OSError):  # a picture that is only linked to, or is not in the file
            return {"src": "blob:"}
        kind = kind_in(data[:HEAD_BYTES])
        if kind not in PICTURES:
            return {"src": "blob:"}
        for path, known in self.found.items():
            if known == data:
                return {"src": path}
        path = f"media/{self.stem}-{len(self.found) + 1}.{kind}"
        self.found[path] = data
        return {"src": path}


def docx_markdown(data: bytes, stem: str, losses: Losses) -> tuple[str, Mapping[str, bytes]]:
    """The marked Markdown, and the pictures by path. `stem` begins their names. Raises Refused."""
    pictures = _Pictures(stem)
    packed = BytesIO()
    parts = unpacked(data)
    if "word/document.xml" not in parts and "[Content_Types].xml" not in parts:
        raise Refused(Phrase("This is no Word file, whatever its name says. Save it as `.docx`."))
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"\0" in part):
            raise Refused(Phrase("No Word program writes such a file. Save it anew as `.docx`."))
    try:
        with ZipFile(packed, "w", ZIP_STORED) as archive:
            for name, part in marked_parts(parts, losses).items():
                archive.writestr(name, part)
        result = mammoth.convert_to_html(
            packed,
            style_map=STYLES,
            convert_image=mammoth.images.img_element(pictures.keep),
            include_embedded_style_map=False,
            external_file_access=False,
        )
    except RecursionError as problem:
        raise Refused(Phrase("This is nested deeper than any text. Paste it as plain text.")) from problem
    except (ParseError, OSError, KeyError, ValueError, AttributeError, SyntaxError, TypeError) as problem:
        # All of these are what mammoth and its parser raise for files that are not whole.
        raise Refused(UNREADABLE) from problem
    return marked_markdown(result.value, losses), pictures.found
