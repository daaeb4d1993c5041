"""What stands in a line: emphasis, code, links, pictures, mentions of footnotes (CommonMark 0.31, 6, and GitHub's
additions). Raw HTML is text. The time it takes grows with the text, and no faster."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown.util import AtomicString

from course.content.markup import targets
from course.content.markup.emphasis import Run, end_of_run, pair, run_at
from course.content.markup.pieces import END, Piece, build, words_of
from course.content.markup.references import References, Target, normal

LITERAL_BRACE = "\ue002"
"""Stands for `{` where an author has escaped the first of two, until all slots are found."""
SET_FINER = frozenset("\"'-.")
SPECIAL = re.compile(r"[\\`*_~\[\]<&\n]|!\[|(?:https?://|www\.)", flags=re.I)
TICKS = re.compile(r"`+")
MENTION = re.compile(r"\[\^([^\]\s\[^]{1,200})\]")
LONGEST_LABEL = 999
LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){0,999})\]", flags=re.S)


@dataclass(slots=True)
class Bracket:
    """`piece` is its place among the pieces, `at` the one in the text behind it; `runs` how many stood before."""

    piece: int
    at: int
    runs: int
    image: bool
    holds_brackets: bool = False


def write(element: Element, text: str, references: References) -> None:
    """Fill an element with what a text in Markdown says."""
    if SPECIAL.search(text):
        build(element, _Scan(text, references).pieces())
    else:
        element.text = text


class _Scan:
    def __init__(self, text: str, references: References) -> None:
        self._text, self._references = text, references
        self._pieces: list[Piece] = []
        self._runs: list[Run] = []
        self._brackets: list[Bracket] = []
        self._no_links_before = 0
        self._ticks: dict[int, list[int]] | None = None

    def pieces(self) -> list[Piece]:
        text, at = self._text, 0
        while found := SPECIAL.search(text, at):
            if found.start() > at:
                self._pieces.append(text[at : found.start()])
            at = self._special(found[0], found.start())
        self._pieces.append(text[at:])
        pair(self._runs)
        return self._pieces

    def _special(self, what: str, at: int) -> int:
        """Read what begins with a special character; return where it ends."""
        match what:
            case "\\":
                return self._escape(at)
            case "`":
                return self._code(at)
            case "*" | "_" | "~":
                return self._run(at)
            case "[" | "![":
                return self._open(at, what)
            case "]":
                return self._close(at)
            case "<":
                return self._autolink(at)
            case "&":
                return self._entity(at)
            case "\n":
                return self._line_end(at)
            case _:
                return self._url(at, len(what))

    def _say(self, words: str, end: int) -> int:
        self._pieces.append(words)
        return end

    def _say_as_written(self, sign: str, end: int) -> int:
        """A sign that nothing makes finer: its span does not outlive the cleaning."""
        if sign not in SET_FINER:
            return self._say(sign, end)
        span = Element("span")
        span.text = AtomicString(sign)
        self._whole(span)
        return end

    def _whole(self, element: Element) -> None:
        self._pieces += (element, END)

    def _escape(self, at: int) -> int:
        escaped = self._text[at + 1 : at + 2]
        if escaped == "\n":
            self._whole(Element("br"))
            return at + 2
        if escaped == "{" and self._text[at + 2 : at + 3] == "{":
            return self._say(LITERAL_BRACE, at + 2)
        found = targets.ESCAPED.match(self._text, at)
        return self._say_as_written(found[1], at + 2) if found else self._say("\\", at + 1)

    def _code(self, at: int) -> int:
        begin = end_of_run(self._text, at)
        length = begin - at
        end = self._ticks_after(begin, length)
        if end < 0:
            return self._say(self._text[at:begin], begin)
        words = self._text[begin:end].replace("\n", " ")
        if words.strip(" ") and words[0] == words[-1] == " ":
            words = words[1:-1]
        code = Element("code")
        code.text = AtomicString(words)
        self._whole(code)
        return end + length

    def _ticks_after(self, at: int, length: int) -> int:
        """Where the next run of so many backticks begins, or -1."""
        if self._ticks is None:
            self._ticks = {}
            for found in TICKS.finditer(self._text):
                self._ticks.setdefault(len(found[0]), []).append(found.start())
        places = self._ticks.get(length, [])
        index = bisect_right(places, at - 1)
        return places[index] if index < len(places) else -1

    def _run(self, at: int) -> int:
        end = end_of_run(self._text, at)
        run = run_at(self._text, at, end)
        self._pieces.append(run)
        self._runs.append(run)
        return end

    def _autolink(self, at: int) -> int:
        if found := targets.AUTOLINK.match(self._text, at):
            return self._link_to(found[1], found[1], found.end())
        if found := targets.MAIL.match(self._text, at):
            return self._link_to(f"mailto:{found[1]}", found[1], found.end())
        return self._say("<", at + 1)

    def _url(self, at: int, length: int) -> int:
        url = targets.bare_url(self._text, at)
        if url is None:
            return self._say(self._text[at : at + length], at + length)
        return self._link_to(url.address, url.words, at + len(url.words))

    def _link_to(self, address: str, words: str, end: int) -> int:
        link = Element("a", {"href": address})
        link.text = AtomicString(words)
        self._whole(link)
        return end

    def _entity(self, at: int) -> int:
        found = targets.ENTITY.match(self._text, at)
        return self._say_as_written(targets.plain(found[0]), found.end()) if found else self._say("&", at + 1)

    def _line_end(self, at: int) -> int:
        before = self._pieces[-1] if self._pieces else ""
        if isinstance(before, str):
            self._pieces[-1:] = [before.rstrip(" ")]
            if before.endswith("  "):
                # Python-Markdown ends the line behind it.
                self._whole(Element("br"))
                return at + 1
        return self._say("\n", at + 1)

    # ---- Links, pictures, footnotes. ----

    def _open(self, at: int, what: str) -> int:
        if what == "[" and (found := MENTION.match(self._text, at)):
            number = self._references.notes.get(normal(found[1]))
            if number is not None:
                self._mention(normal(found[1]), number)
                return found.end()
        if self._brackets:
            self._brackets[-1].holds_brackets = True
        end = at + len(what)
        self._brackets.append(Bracket(len(self._pieces), end, len(self._runs), what == "!["))
        return self._say(what, end)

    def _mention(self, label: str, number: int) -> None:
        mention = Element("sup")
        if label in self._references.first:
            mention.set("id", f"mention-{number}")
        link = Element("a", {"href": f"#note-{number}"})
        link.text = AtomicString(str(number))
        mention.append(link)
        self._whole(mention)

    def _close(self, at: int) -> int:
        if not self._brackets:
            return self._say("]", at + 1)
        bracket = self._brackets.pop()
        within_link = len(self._brackets) < self._no_links_before
        self._no_links_before = min(self._no_links_before, len(self._brackets))
        if within_link and not bracket.image:
            return self._say("]", at + 1)
        target, end = self._target(bracket, at)
        if target is None:
            return self._say("]", at + 1)
        pair(self._runs[bracket.runs :])
        del self._runs[bracket.runs :]
        if bracket.image:
            alt = words_of(self._pieces[bracket.piece + 1 :])
            del self._pieces[bracket.piece :]
            self._whole(_with_title(Element("img", {"alt": alt, "src": target.address}), target.title))
        else:
            self._forget_links(bracket.piece)
            self._pieces[bracket.piece] = _with_title(Element("a", {"href": target.address}), target.title)
            self._pieces.append(END)
            # What is open around this one would hold a link within a link.
            self._no_links_before = len(self._brackets)
        return end

    def _forget_links(self, start: int) -> None:
        """Addresses that stand for themselves are words where they stand for another one."""
        for piece in self._pieces[start:]:
            if isinstance(piece, Element) and piece.tag == "a":
                piece.tag, piece.attrib = "span", {}

    def _target(self, bracket: Bracket, at: int) -> tuple[Target | None, int]:
        if found := targets.inline_target(self._text, at + 1):
            return found
        label = LABEL.match(self._text, at + 1)
        if label is not None and label[1].strip():
            return self._references.links.get(normal(label[1])), label.end()
        if bracket.holds_brackets or at - bracket.at > LONGEST_LABEL:
            return None, at + 1
        words = normal(self._text[bracket.at : at])
        return self._references.links.get(words), label.end() if label else at + 1


def _with_title(element: Element, title: str) -> Element:
    if title:
        element.set("title", title)
    return element
