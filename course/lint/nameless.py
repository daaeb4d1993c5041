"""The rule for sentences that need a name, which not everybody gives."""

import re
from collections.abc import Iterator

from course.content.problems import Problem
from course.content.typesetting.names import NAME, lost, said
from course.content.typesetting.removal import BY_THEMSELVES, Removal
from course.content.typesetting.signs import ENDERS, UNSPACED, is_wordy
from course.language.words import Phrase
from course.lint.draft import Draft, Line, Page
from course.lint.words_around_names import is_greeting, needs_more

AROUND = 300
"""Signs looked at on either side of a slot: no sentence worth showing is longer."""
SENTENCE_END = re.compile(rf"[{ENDERS}][\"'\u201d\u201c\u00bb)\]]*(?:\s+|$)|[{BY_THEMSELVES}]")
MARKS = re.compile(r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(?:\[[ xX]\][ \t]+)?(?:#{1,6}[ \t]+)?", flags=re.M)
NEW = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)]|#{1,6}|\|)[ \t]")
EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_]|[*_](?!\w)")


def sentences_that_need_a_name(draft: Draft) -> Iterator[Problem]:
    for page in draft.pages.values():
        for number, text in (*_fields(page), *_paragraphs(page)):
            for line, sentence in _odd_sentences(text, draft.course.language):
                message = Phrase(
                    "Who gave no name reads “%(sentence)s” here. Write it so that the name may be missing, or say"
                    " what stands there instead, such as `{{ name|friend }}`.",
                    {"sentence": sentence},
                )
                yield Problem(page.path, number + line, "DL111", message)


def _odd_sentences(text: str, language: str) -> Iterator[Line]:
    """Each sentence that misses a name, once, as it is read without; with its line, from 0."""
    line = counted = told = 0
    for removal in lost(text):
        if removal.first < told or not _reads_oddly(text, removal, language):
            continue
        line += text.count("\n", counted, removal.first)
        counted = removal.first
        start, told = _sentence(text, removal)
        yield line, " ".join(said(text[start:told], "left out", language).split())


def _fields(page: Page) -> Iterator[Line]:
    """The front matter's lines with a slot, each without its field and its quotes."""
    for number, line in enumerate(page.matter.split("\n"), 1):
        if NAME.search(line):
            yield number, line.partition(":")[2].strip().strip("\"'")


def _paragraphs(page: Page) -> Iterator[Line]:
    """Lines that are read in one go, as one text without marks of Markdown; each with its first line's number."""
    gathered: list[str] = []
    end = page.lines[-1][0] + 1 if page.lines else 1
    for number, line in (*page.lines, (end, "")):
        if gathered and (not line.strip() or NEW.match(line)):
            text = "\n".join(gathered)
            if "{{" in text:
                yield number - len(gathered), EMPHASIS.sub("", MARKS.sub("", text))
            gathered.clear()
        if line.strip():
            gathered.append(line)


def _reads_oddly(text: str, removal: Removal, language: str) -> bool:
    before, after = text[removal.first - 1 : removal.first], text[removal.last : removal.last + 1]
    if _hangs_together(before) or _hangs_together(after):
        return True
    words = text[max(0, removal.first - AROUND) : removal.first].split()
    word = words[-1] if words else ""
    if removal.after and is_wordy(removal.after):
        return not is_greeting(word)
    return needs_more(word, language)


def _hangs_together(sign: str) -> bool:
    """Whether a sign next to the slot makes one word of both."""
    return bool(sign) and (sign in "'\u2019@-" or (is_wordy(sign) and not UNSPACED.match(sign)))


def _sentence(text: str, removal: Removal) -> tuple[int, int]:
    """Where the sentence with the slot in it begins and ends."""
    floor = max(0, removal.first - AROUND)
    starts = [found.end() for found in SENTENCE_END.finditer(text, floor, removal.first)]
    end = SENTENCE_END.search(text, removal.last, removal.last + AROUND)
    return starts[-1] if starts else floor, end.end() if end else removal.last + AROUND
