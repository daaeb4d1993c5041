"""Marks in a Word file's XML where stands what Markdown cannot hold, before it is made into a page."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

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
    root = fromstring(without_marks(source.decode("utf-8-sig")))  # noqa: S314 - no DTD, so nothing to expand
    word = next((space for space in WORD if root.tag.startswith(space)), WORD[0])
    comments = _comments(parts, word)
    for parent in list(root.iter()):
        for at, child in reversed(list(enumerate(parent))):
            _mark(parent, at, child, word, comments, losses)
    return {**parts, "word/document.xml": tostring(root, "utf-8", xml_declaration=True)}


def _mark(
    parent: Element, at: int, child: Element, word: str, comments: Mapping[str, str], losses: Losses
) -> None:
    name = child.tag.rpartition("}")[2]
    if child.tag == f"{word}del" and parent.tag == f"{word}p":
        words = "".join(part.text or "" for part in child.iter(f"{word}delText"))
        if words.strip():
            parent.insert(at, _run(word, losses.deleted(words)))
    elif child.tag == f"{word}ins" and parent.tag == f"{word}p":
        parent.insert(at, _run(word, losses.inserted()))
    elif child.tag in (f"{MATH}oMath", f"{MATH}oMathPara") and parent.tag == f"{word}p":
        parent[at] = _run(word, losses.cannot_be_kept(EQUATION))
    elif child.tag == f"{word}commentReference":
        parent.insert(at, _words(word, losses.comment(comments.get(child.get(f"{word}id", ""), ""))))
    elif child.tag == f"{word}object":
        parent[at] = _words(word, losses.cannot_be_kept(EMBEDDED))
    elif name in ("drawing", "AlternateContent", "pict") and parent.tag == f"{word}r":
        if any(True for _ in child.iter(f"{word}txbxContent")):
            parent.insert(at, _words(word, losses.cannot_be_kept(TEXT_BOX)))
        elif any(not uri.endswith(PICTURE) for uri in _kinds(child)):
            parent[at] = _words(word, losses.cannot_be_kept(EMBEDDED))


def _kinds(drawing: Element) -> Iterator[str]:
    for part in drawing.iter():
        if part.tag.endswith("}graphicData"):
            yield part.get("uri", "")


def _comments(parts: Mapping[str, bytes], word: str) -> Mapping[str, str]:
    source = parts.get("word/comments.xml")
    if source is None:
        return {}
    root = fromstring(source.decode("utf-8-sig"))  # noqa: S314 - no DTD, so nothing to expand
    return {
        comment.get(f"{word}id", ""): " ".join(part.text or "" for part in comment.iter(f"{word}t"))
        for comment in root.iter(f"{word}comment")
    }


def _run(word: str, mark: str) -> Element:
    run = Element(f"{word}r")
    run.append(_words(word, mark))
    return run


def _words(word: str, mark: str) -> Element:
    holder = Element("holder")
    words = SubElement(holder, f"{word}t")
    words.text = mark
    return words
