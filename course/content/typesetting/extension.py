"""A text set for its reader while Markdown becomes HTML: names first, then quotes, dashes and spaces."""

from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

from course.content.typesetting.names import name_edits, said
from course.content.typesetting.passages import Run, change, passages
from course.content.typesetting.style import Style
from course.content.typesetting.typography import fine_edits

WORDS_IN = ("alt", "title")
"""Attributes that hold words for people."""
KEPT = ("br", "img", "hr", "td", "th", "li")
"""Elements that stand for something although they hold no words."""


class Typesetting(Extension):
    def __init__(self, style: Style) -> None:
        super().__init__()
        self.style = style

    def extendMarkdown(self, md: Markdown) -> None:
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, '"', "'"]
        # After emphasis and links are elements, and before line ends come in between blocks.
        md.treeprocessors.register(_Typesetter(md, self.style), "typesetting", 15)


class _Typesetter(Treeprocessor):
    def __init__(self, md: Markdown, style: Style) -> None:
        super().__init__(md)
        self.style = style

    def run(self, root: Element) -> None:
        if self.style.names != "as written":
            self._fill_names(root)
        if self.style.fine:
            for passage in passages(root, self.md.is_block_level):
                change(passage, fine_edits(_text(passage), self.style.language))

    def _fill_names(self, root: Element) -> None:
        names, language = self.style.names, self.style.language
        changed = [
            passage
            for passage in passages(root, self.md.is_block_level)
            if change(passage, name_edits(_text(passage), names, language))
        ]
        for element in root.iter():
            for attribute in WORDS_IN:
                if words := element.get(attribute):
                    element.set(attribute, said(words, names, language))
        if names == "left out" and changed:
            _drop(root, {id(run.element) for passage in changed for run in passage if run.place == "text"})


def _text(passage: list[Run]) -> str:
    return "".join(run.seen for run in passage)


def _drop(element: Element, emptied: set[int]) -> None:
    """Takes out elements that held nothing but a name."""
    before: Element | None = None
    for child in list(element):
        _drop(child, emptied)
        if id(child) in emptied and not len(child) and not (child.text or "").strip() and child.tag not in KEPT:
            tail = child.tail or ""
            if before is None:
                element.text = (element.text or "") + tail
            else:
                before.tail = (before.tail or "") + tail
            element.remove(child)
        else:
            before = child
