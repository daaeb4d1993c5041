"""Marks in a Word file's XML where stands what Markdown cannot hold, before it is made into a page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from defusedxml.ElementTree import fromstring

from course.incoming.losses import EMBEDDED, EQUATION, TEXT_BOX, Losses, without_marks

WORD = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
PICTURE = "/picture"


def marked_parts(parts: Mapping[str, bytes], losses: Losses) -> Mapping[str, bytes]:
    """The same parts, with marks as words in `word/document.xml`."""
    source = parts.get("word/document.xml")
    if source is None:
        return parts
    root: Element = fromstring(without_marks(source.decode("utf-8-sig")))
    word = next((space for space in WORD if root.tag.startswith(space)), WORD[0])
    marker = _Marker(word, _comments(parts, word), losses)
    for parent in list(root.iter()):
        for at, child in reversed(list(enumerate(parent))):
            marker.mark(parent, at, child)
    return {**parts, "word/document.xml": tostring(root, "utf-8", xml_declaration=True)}


@dataclass(frozen=True, slots=True)
class _Marker:
    """`word` is the namespace of Word's own elements; `comments` are words by id."""

    word: str
    comments: Mapping[str, str]
    losses: Losses

    def mark(self, parent: Element, at: int, child: Element) -> None:
        name = child.tag.rpartition("}")[2]
        in_paragraph, in_run = parent.tag == f"{self.word}p", parent.tag == f"{self.word}r"
        if child.tag == f"{self.word}del" and in_paragraph:
            words = "".join(part.text or "" for part in child.iter(f"{self.word}delText"))
            if words.strip():
                parent.insert(at, self._run(self.losses.deleted(words)))
        elif child.tag == f"{self.word}ins" and in_paragraph:
            parent.insert(at, self._run(self.losses.inserted()))
        elif child.tag in (f"{MATH}oMath", f"{MATH}oMathPara") and in_paragraph:
            parent[at] = self._run(self.losses.cannot_be_kept(EQUATION))
        elif child.tag == f"{self.word}commentReference":
            words = self.comments.get(child.get(f"{self.word}id", ""), "")
            parent.insert(at, self._words(self.losses.comment(words)))
        elif child.tag == f"{self.word}object":
            parent[at] = self._words(self.losses.cannot_be_kept(EMBEDDED))
        elif name in ("drawing", "AlternateContent", "pict") and in_run:
            if any(True for _ in child.iter(f"{self.word}txbxContent")):
                parent.insert(at, self._words(self.losses.cannot_be_kept(TEXT_BOX)))
            elif any(not uri.endswith(PICTURE) for uri in _kinds(child)):
                parent[at] = self._words(self.losses.cannot_be_kept(EMBEDDED))

    def _run(self, mark: str) -> Element:
        run = Element(f"{self.word}r")
        run.append(self._words(mark))
        return run

    def _words(self, mark: str) -> Element:
        words = SubElement(Element("holder"), f"{self.word}t")
        words.text = mark
        return words


def _kinds(drawing: Element) -> Iterator[str]:
    for part in drawing.iter():
        if part.tag.endswith("}graphicData"):
            yield part.get("uri", "")


def _comments(parts: Mapping[str, bytes], word: str) -> Mapping[str, str]:
    source = parts.get("word/comments.xml")
    if source is None:
        return {}
    root: Element = fromstring(source.decode("utf-8-sig"))
    return {
        comment.get(f"{word}id", ""): " ".join(part.text or "" for part in comment.iter(f"{word}t"))
        for comment in root.iter(f"{word}comment")
    }
