"""What could not be kept of a text from elsewhere: marked where it stood, and found again in the Markdown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from course.content.problems import Problem
from course.language.words import Phrase

FIRST, LAST, BACKSLASH = "\ufdd0", "\ufdd1", "\ufdd2"
"""Characters that no text has: Unicode keeps them for programs."""
MARK = re.compile(f"{FIRST}(\\d{{1,6}}){LAST}")
AT_FIRST = re.compile(f"^((?:{MARK.pattern})+) +")
MOST_WORDS = 60

EMBEDDED = Phrase("a file, chart or drawing of another program")
EQUATION = Phrase("an equation")
TEXT_BOX = Phrase("a text box, whose words were taken into the text where it was anchored")
DATABASE = Phrase("a database")
FRAME = Phrase("a frame of another site, or a form")
MERGED = Phrase("merged cells, which are separate ones now")


@dataclass(frozen=True, slots=True)
class Loss:
    code: str
    message: Phrase


@dataclass
class Losses:
    """Collects them while a text is converted; each is marked by its number."""

    found: list[Loss] = field(default_factory=list)

    def mark(self, code: str, message: Phrase) -> str:
        """Note a loss; returns the mark to put where it stood."""
        self.found.append(Loss(code, message))
        return f"{FIRST}{len(self.found) - 1}{LAST}"

    def cannot_be_kept(self, what: Phrase) -> str:
        return self.mark("DL603", Phrase("Here stood %(what)s. Markdown has nothing of the kind.", {"what": what}))

    def picture(self, name: str = "") -> str:
        message = Phrase(
            "A picture stood here that did not come along%(name)s. Put its file into `media/`, and write"
            " `![What it shows](media/file.jpg)`.",
            {"name": f" ({name[:MOST_WORDS]})" if name else ""},
        )
        return self.mark("DL604", message)

    def file(self, name: str) -> str:
        message = Phrase(
            "A link led from here to `%(file)s`, which did not come along.", {"file": name[:MOST_WORDS]}
        )
        return self.mark("DL604", message)

    def comment(self, words: str) -> str:
        return self.mark("DL602", Phrase("A comment was left out: “%(words)s”.", {"words": shortened(words)}))

    def deleted(self, words: str) -> str:
        message = Phrase(
            "Deleted words that nobody had agreed to yet were left out: “%(words)s”.", {"words": shortened(words)}
        )
        return self.mark("DL601", message)

    def inserted(self) -> str:
        return self.mark("DL601", Phrase("Words were inserted here that nobody had agreed to yet; they are kept."))


def shortened(words: str) -> str:
    plain = " ".join(MARK.sub("", words).split())
    return plain if len(plain) <= MOST_WORDS else f"{plain[: MOST_WORDS - 1]}…"


def without_marks(text: str) -> str:
    """Return a text as nobody has marked it: what marks are made of belongs in no text, nor does a NUL."""
    return text.replace("\0", "").replace(FIRST, "").replace(LAST, "").replace(BACKSLASH, "")


def placed(path: str, markdown: str, losses: Sequence[Loss]) -> tuple[str, tuple[Problem, ...]]:
    """The Markdown without its marks, and each marked loss as a finding at its line."""
    found: list[Problem] = []
    lines = _on_lines_of_words(markdown.split("\n"))
    for number, line in enumerate(lines, 1):
        for mark in MARK.finditer(line):
            # A number that we never gave was in the text itself, as a character reference.
            found += [Problem(path, number, loss.code, loss.message) for loss in losses[int(mark[1]) :][:1]]
    return without_marks(MARK.sub("", "\n".join(lines))), tuple(dict.fromkeys(found))


def _on_lines_of_words(lines: Sequence[str]) -> list[str]:
    """A line on which nothing but marks stands would be empty: they go to the line above, or to the first."""
    kept: list[str] = []
    waiting = ""
    for line in lines:
        words = MARK.sub("", line)
        if words == line or words.strip(" >-*"):
            kept.append(AT_FIRST.sub(r"\1", line))
            if waiting and words.strip():
                kept[-1], waiting = kept[-1] + waiting, ""
            continue
        marks = "".join(mark[0] for mark in MARK.finditer(line))
        at = next((at for at in range(len(kept) - 1, -1, -1) if kept[at].strip()), None)
        if at is None:
            waiting += marks
        else:
            kept[at] += marks
        if kept and not kept[-1].strip():
            kept.pop()
    return [*kept, *([waiting] if waiting else [])]
