"""Blocks as the elements that Python-Markdown's own processors of a line's Markdown go on with."""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import zip_longest
from xml.etree.ElementTree import Element, ElementTree, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.util import AtomicString

from course.content.markup.alerts import name_of
from course.content.markup.anchors import LEVELS, Anchors
from course.content.markup.nodes import Node
from course.content.markup.references import References, count_definitions, normal
from course.content.markup.spans import write
from course.content.markup.tables import cells

TASK = re.compile(r"\A\[([ xX])\](?=[ \t]+\S)")


class Blocks(BlockParser):
    """In place of Python-Markdown's parser of blocks."""

    def __init__(self, md: Markdown, document: Node, references: References, language: str) -> None:
        super().__init__(md)
        self._document, self._references, self._language = document, references, language
        self._anchors = Anchors()

    def parseDocument(self, lines: Iterable[str]) -> "ElementTree[Element | None]":
        root = Element(self.md.doc_tag)
        children = self._document.children
        self._fill(root, [node for node in children if node.kind != "note"])
        self._notes(root, {normal(node.mark): node for node in children if node.kind == "note"})
        return ElementTree(root)

    def _fill(self, parent: Element, nodes: list[Node], tight: bool = False) -> None:
        for node in nodes:
            match node.kind:
                case "paragraph":
                    self._paragraph(parent, node, tight)
                case "heading":
                    self._heading(parent, node)
                case "fence" | "indented":
                    code = SubElement(SubElement(parent, "pre"), "code")
                    code.text = AtomicString(f"{node.text}\n")
                case "rule":
                    SubElement(parent, "hr")
                case "table":
                    self._table(parent, node)
                case "quote":
                    self._quote(parent, node)
                case "list":
                    self._list(parent, node)
                case _:
                    pass

    def _quote(self, parent: Element, node: Node) -> None:
        quote = SubElement(parent, "blockquote")
        children = node.children
        if name := name_of(node, self._language):
            SubElement(SubElement(quote, "p"), "strong").text = name
            first = children[0]
            rest = replace(first, first=first.first + 1, lines=first.lines[1:])
            children = [rest, *children[1:]] if rest.lines else children[1:]
        self._fill(quote, children)

    def _paragraph(self, parent: Element, node: Node, tight: bool) -> None:
        words = "\n".join(node.lines[count_definitions(node.lines) :]).rstrip(" \t")
        if parent.tag == "li" and not len(parent):
            # What is no lesson has nothing to tick; the box is shown.
            words = TASK.sub(lambda found: "☐" if found[1] == " " else "☑", words, count=1)
        if not words:
            return
        if not tight:
            self._write(SubElement(parent, "p"), words)
        elif len(parent):
            # Beside another block: in a tight list a line of text has no element of its own.
            beside = SubElement(parent, "span")
            beside.tail = "\n"
            self._write(beside, words)
        else:
            self._write(parent, words)

    def _write(self, element: Element, words: str) -> None:
        write(element, words, self._references)

    def _heading(self, parent: Element, node: Node) -> None:
        heading = SubElement(parent, f"h{node.number}")
        lines = node.lines[count_definitions(node.lines) :] if node.last > node.first else node.lines
        words = "\n".join(lines).strip(" \t")
        self._write(heading, words)
        if node.number in LEVELS:
            heading.set("id", self._anchors.of(words))

    def _list(self, parent: Element, node: Node) -> None:
        ordered = node.mark in ".)"
        made = SubElement(parent, "ol" if ordered else "ul")
        if ordered and node.number != 1:
            made.set("start", str(node.number))
        for item in node.children:
            self._fill(SubElement(made, "li"), item.children, not node.loose)

    def _table(self, parent: Element, node: Node) -> None:
        table = SubElement(parent, "table")
        head, *rows = node.lines
        self._row(SubElement(table, "thead"), "th", head, node.align)
        body = SubElement(table, "tbody") if rows else table
        for row in rows:
            self._row(body, "td", row, node.align)

    def _row(self, parent: Element, tag: str, line: str, align: tuple[str, ...]) -> None:
        row = SubElement(parent, "tr")
        for aligned, words in zip_longest(align, cells(line)[: len(align)], fillvalue=""):
            cell = SubElement(row, tag)
            self._write(cell, words)
            if aligned:
                cell.set("align", aligned)

    def _notes(self, root: Element, notes: dict[str, Node]) -> None:
        """The footnotes that are mentioned, in the order of their numbers, each with a way back."""
        numbers = self._references.notes
        mentioned = sorted(numbers.keys() & notes.keys(), key=lambda label: numbers[label])
        if not mentioned:
            return
        SubElement(root, "hr")
        made = SubElement(root, "ol")
        if (first := numbers[mentioned[0]]) != 1:
            made.set("start", str(first))
        for label in mentioned:
            item = SubElement(made, "li", {"id": f"note-{numbers[label]}"})
            self._fill(item, notes[label].children)
            last = item[-1] if len(item) and item[-1].tag == "p" else SubElement(item, "p")
            SubElement(last, "span").text = " "
            back = SubElement(last, "a", {"href": f"#mention-{numbers[label]}"})
            back.text = AtomicString("↩")
