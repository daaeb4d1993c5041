"""The HTML that `markup` makes as plain text: wrapped, every link's address beside its words."""

import re
from html.parser import HTMLParser
from textwrap import fill

TEXT_WIDTH = 72
BLANKS = re.compile(r"[ \t\n\r\f\v]+")
"""Those that break a line. A no-break space stays what it is."""
ITEM = re.compile(r"[> ]*(-|\d+\.) ")


def plain_text(html: str) -> str:
    writer = _TextWriter()
    writer.feed(html)
    return writer.text()


def wrapped(text: str, first: str = "", rest: str = "") -> str:
    """Wrap a text into lines that begin with `first`, then `rest`. Neither a long address nor a hyphenated word is
    broken."""
    return fill(
        text,
        TEXT_WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _start(text: str) -> int:
    """A list's first number; nine digits as in CommonMark, since int() refuses thousands."""
    return int(text) if len(text) <= 9 else 1


class _TextWriter(HTMLParser):
    """Writes the HTML this module makes as wrapped plain text."""

    def __init__(self) -> None:
        super().__init__()
        self._blocks: list[str] = []
        self._line = ""
        self._href = ""
        self._words = ""
        self._lists: list[int | None] = []
        self._bullet = ""
        self._widths: list[int] = []
        self._apart = False
        self._quote = 0
        self._verbatim = False
        self._cells = 0

    def text(self) -> str:
        self._end_block()
        return "\n\n".join(self._blocks).strip("\n") + "\n"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "a":
                self._href, self._words = given.get("href", ""), ""
            case "img":
                self.handle_data(f"[{given.get('alt', '')}]")
            case "br":
                self._line += "\n"
            case "sup":
                self._line += "["
            case "ul" | "ol":
                self._end_block()
                self._lists.append(_start(given.get("start", "1")) if tag == "ol" else None)
            case "li":
                self._start_item()
            case "blockquote":
                self._end_block()
                self._quote += 1
            case "pre":
                self._end_block()
                self._verbatim = True
            case "td" | "th":
                self._line = self._line.rstrip(" ") + (" | " if self._cells else "")
                self._cells += 1
            case "tr":
                self._cells = 0
            case "hr":
                self._end_block()
                self._blocks.append("* * *")
            case _:
                pass

    def _start_item(self) -> None:
        self._end_block()
        number = self._lists[-1] if self._lists else None
        if number is None:
            self._bullet = "- "
        else:
            self._bullet = f"{number}. "
            self._lists[-1] = number + 1
        self._widths.append(len(self._bullet))

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "sup":
                self._line += "]"
            case "a" if self._href.startswith("#"):
                # Within the mail; a way back is of no use in plain text.
                self._line = self._line.removesuffix("↩")
            case "a" if self._href.removeprefix("mailto:") not in ("", self._words):
                self._line += f" ({self._href.removeprefix('mailto:')})"
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self._end_block(underline="-" if tag != "h1" else "=")
            case "ul" | "ol":
                self._end_block()
                self._lists.pop()
                self._apart = not self._lists
            case "blockquote":
                self._end_block()
                self._quote -= 1
            case "pre":
                self._end_block()
                self._verbatim = False
            case "tr":
                self._line += "\n"
            case "li":
                self._end_block()
                self._bullet = ""
                self._widths.pop()
            case "p" | "table":
                self._end_block()
            case _:
                pass

    def handle_data(self, data: str) -> None:
        self._words += data
        self._line += data if self._verbatim else BLANKS.sub(" ", data)

    def _end_block(self, underline: str = "") -> None:
        content, self._line = self._line.strip("\n" if self._verbatim else None), ""
        if not content.strip():
            return
        indent = "> " * self._quote + "  " * (len(self._lists) - 1)
        rest = indent + " " * (self._widths[-1] if self._widths else 0)
        first = indent + self._bullet if self._bullet else rest
        lines = [wrapped(line.strip(), first, rest) for line in content.split("\n")]
        if self._verbatim:
            lines = [f"{rest}    {line}" for line in content.split("\n")]
        block = "\n".join(lines)
        if underline:
            block += "\n" + underline * min(TEXT_WIDTH, len(block))
        self._append(block)
        self._bullet = ""

    def _append(self, block: str) -> None:
        apart, self._apart = self._apart, False
        if not apart and self._lists and self._blocks and ITEM.match(self._blocks[-1]) and ITEM.match(block):
            self._blocks[-1] += "\n" + block
        else:
            self._blocks.append(block)
