"""A video's script: its slides, what appears on them, and the narration."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from docs.videos.painters import PAINTERS

ORDER = ("standing-still", "career-conversation", "without-a-vacancy", "lending-well", "making-it-last")


@dataclass
class Step:
    """Something that appears (or nothing), and what is said from then on."""

    kind: str = ""
    fields: list[str] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)


@dataclass
class Slide:
    heading: str
    steps: list[Step] = field(default_factory=lambda: [Step()])

    @property
    def largest(self) -> float:
        """The largest bar of the slide, by which all its bars are drawn."""
        return max((float(s.fields[1]) for s in self.steps if s.kind == "bar"), default=1.0)


@dataclass
class Script:
    title: str
    number: int
    motif: str
    slides: list[Slide]


def read_script(path: Path) -> Script:
    script = Script(title="", number=ORDER.index(path.stem) + 1, motif="", slides=[])
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            script.title = line[2:]
            script.slides.append(Slide(heading=""))
        elif line.startswith("motif: "):
            script.motif = line.removeprefix("motif: ")
        elif line.startswith("## "):
            script.slides.append(Slide(heading=line[3:]))
        elif line.startswith("- "):
            kind, _, rest = line[2:].partition(": ")
            if kind not in PAINTERS:
                raise SystemExit(f"{path.name}: no such kind of line: {kind}")
            fields = [part.strip() for part in rest.split("|")]
            script.slides[-1].steps.append(Step(kind, fields))
        elif line.strip():
            script.slides[-1].steps[-1].sentences += split_sentences(line)
    return script


def split_sentences(paragraph: str) -> list[str]:
    return re.split(r"(?<=[.?])\s+", paragraph.strip())
