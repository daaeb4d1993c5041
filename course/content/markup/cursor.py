"""One line while its beginning is read, with tabs as wide as they look."""

TAB = 4
"""Columns: as CommonMark has it, 2.2."""


class Cursor:
    """What is left of a line (`rest`, and `words` without white space before them), and the column it stands at.
    `indent` is the width of that white space in columns."""

    __slots__ = ("column", "indent", "rest", "words")

    def __init__(self, line: str) -> None:
        self.rest, self.column = line, 0
        self._look()

    @property
    def blank(self) -> bool:
        return not self.words

    def skip(self, columns: int) -> None:
        """Leave out so many columns of white space, or as many as there are."""
        end = self.column + min(columns, self.indent)
        at = 0
        while self.column < end:
            width = self._width(self.rest[at])
            at += 1
            if self.column + width > end:
                # A tab that is left out in part leaves spaces.
                self.rest, at = " " * (self.column + width - end) + self.rest[at:], 0
                width = end - self.column
            self.column += width
        self.rest = self.rest[at:]
        self._look()

    def take(self, characters: int) -> None:
        """Leave out so many characters, none of them a tab, after the white space."""
        self.column += self.indent + characters
        self.rest = self.words[characters:]
        self._look()

    def _look(self) -> None:
        self.words = self.rest.lstrip(" \t")
        white = self.rest[: len(self.rest) - len(self.words)]
        # Where there is no tab, the white space is as wide as it is long.
        self.indent = self._spread(white) if "\t" in white else len(white)

    def _spread(self, white: str) -> int:
        return len((" " * (self.column % TAB) + white).expandtabs(TAB)) - self.column % TAB

    def _width(self, one: str) -> int:
        return TAB - self.column % TAB if one == "\t" else 1
