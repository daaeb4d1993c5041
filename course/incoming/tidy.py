"""Blank lines and line ends of Markdown that was put together by a program."""

import re

from course.content.markup.structure import code_lines, structure

TWO_SPACES = re.compile(r"(?<=[^\s|]) {2,}(?=[^\s|])")


def tidied(markdown: str) -> str:
    """No more than one empty line, none at either end, and no break of a line before one. Code stays as it is."""
    hidden, kept = code_lines(structure(markdown)), [""]
    for at, line in enumerate(markdown.split("\n")):
        if at in hidden:
            kept.append(line)
        elif line.strip(" \t>") or (line.strip() and kept[-1]):
            words = line.rstrip() if "`" in line else TWO_SPACES.sub(" ", line.rstrip())
            kept.append(words + ("  " if line.endswith("  ") else ""))
        else:
            kept[-1] = kept[-1].rstrip()
            if kept[-1]:
                kept.append("")
    text = "\n".join(kept).strip("\n").rstrip()
    return f"{text}\n" if text else ""
