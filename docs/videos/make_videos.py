"""Make the course's videos from the scripts beside this file.

Needs ffmpeg, espeak-ng and Pillow, and the fonts TeX Gyre Pagella and Lato (on Debian:
``apt-get install ffmpeg espeak-ng fonts-texgyre fonts-lato``; DejaVu stands in for a missing
font). Each ``NAME.md`` becomes ``NAME.mp4``, ``NAME.vtt`` and ``NAME.jpg`` in the course's media
folder.

A script is Markdown: ``# Title``, ``motif: WORD`` for the picture on the title slide, one ``##``
heading for each slide. A line ``- kind: a | b`` appears on the slide at the moment its narration,
the paragraph below it, begins. The kinds are the keys of ``PAINTERS``.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import tempfile
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import IO

from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).resolve().parent
MEDIA = HERE.parent.parent / "lessons" / "career-mobility" / "media"
ORDER = ("standing-still", "career-conversation", "without-a-vacancy", "lending-well", "making-it-last")

WIDTH, HEIGHT, FPS, SCALE = 1280, 720, 12, 2
LEFT, RIGHT, BODY_TOP, BODY_BOTTOM = 96, WIDTH - 96, 218, 664
PAPER, CARD, INK, QUIET, LINE = "#faf7f2", "#ffffff", "#1d2330", "#5b6474", "#e7e1d7"
ACCENT, TINT, SAND = "#b4431f", "#f6e7df", "#d8cfc1"
GAP, WIDEST_GAP = 24, 50  # pixels between two things on a slide
FADE = 4  # frames

VOICE = ("-v", "en-gb-x-rp", "-s", "143", "-p", "42", "-g", "1")
LEAD, BETWEEN_SENTENCES, BETWEEN_STEPS, BETWEEN_SLIDES, TAIL = 0.7, 0.34, 0.5, 0.9, 1.6
CAPTION_LINE = 42

FONT_DIRS = (
    Path("/usr/share/texmf/fonts/opentype/public/tex-gyre"),
    Path("/usr/share/fonts/truetype/lato"),
    Path("/usr/share/fonts/truetype/dejavu"),
)
FONTS = {
    "serif": ("texgyrepagella-bold.otf", "DejaVuSerif-Bold.ttf"),
    "italic": ("texgyrepagella-italic.otf", "DejaVuSerif-Italic.ttf"),
    "sans": ("Lato-Medium.ttf", "DejaVuSans.ttf"),
    "bold": ("Lato-Bold.ttf", "DejaVuSans-Bold.ttf"),
}


# --- the script --------------------------------------------------------------------------------


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


# --- drawing -----------------------------------------------------------------------------------


def font_path(style: str) -> Path:
    for name in FONTS[style]:
        for folder in FONT_DIRS:
            if (folder / name).exists():
                return folder / name
    raise SystemExit(f"No font for {style}: install one of {', '.join(FONTS[style])}.")


class Canvas:
    """A slide, drawn at twice its size so that edges come out smooth."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), PAPER)
        self.pen = ImageDraw.Draw(self.image)
        self.fonts: dict[tuple[str, int], ImageFont.FreeTypeFont] = {}

    def font(self, style: str, size: int) -> ImageFont.FreeTypeFont:
        key = (style, size)
        if key not in self.fonts:
            self.fonts[key] = ImageFont.truetype(str(font_path(style)), size * SCALE)
        return self.fonts[key]

    def width(self, text: str, style: str, size: int) -> float:
        return self.font(style, size).getlength(text) / SCALE

    def wrap(self, text: str, style: str, size: int, room: float) -> list[str]:
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and self.width(longer, style, size) > room:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def balance(self, text: str, style: str, size: int, room: float) -> list[str]:
        """Wrapped into as few lines as fit, of lengths as even as can be."""
        lines = self.wrap(text, style, size, room)
        while len(narrower := self.wrap(text, style, size, room - 10)) == len(lines) and room > 60:
            lines, room = narrower, room - 10
        return lines

    def text(
        self, x: float, y: float, text: str, style: str, size: int, colour: str = INK, anchor: str = "la"
    ) -> None:
        at = (x * SCALE, y * SCALE)
        self.pen.text(at, text, font=self.font(style, size), fill=colour, anchor=anchor)

    def paragraph(
        self, x: float, y: float, text: str, style: str, size: int, room: float, colour: str = INK
    ) -> float:
        """Set wrapped text from `y` down; returns where it ends."""
        leading = round(size * 1.26)
        for number, line in enumerate(self.balance(text, style, size, room)):
            self.text(x, y + size + number * leading, line, style, size, colour, "ls")
        return y + leading * (number + 1)

    def box(
        self, x: float, y: float, right: float, bottom: float, fill: str | None = CARD,
        outline: str | None = None, radius: float = 14, width: int = 2,
    ) -> None:  # fmt: skip
        self.pen.rounded_rectangle(
            [x * SCALE, y * SCALE, right * SCALE, bottom * SCALE],
            radius=radius * SCALE, fill=fill, outline=outline, width=width * SCALE,
        )  # fmt: skip

    def dot(self, x: float, y: float, radius: float, fill: str) -> None:
        self.box(x - radius, y - radius, x + radius, y + radius, fill, radius=radius)

    def line(self, points: list[tuple[float, float]], colour: str, width: int) -> None:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(scaled, fill=colour, width=width * SCALE, joint="curve")

    def arrow(self, x: float, y: float, to: float, colour: str, width: int = 5) -> None:
        head = 16 if to > x else -16
        self.line([(x, y), (to, y)], colour, width)
        self.line([(to - head, y - 14), (to, y), (to - head, y + 14)], colour, width)

    def person(self, x: float, y: float, size: float, colour: str) -> None:
        """A head and shoulders, `size` wide, with its top left at (x, y)."""
        middle, head = x + size / 2, size * 0.25
        self.dot(middle, y + head, head, colour)
        left, top = x * SCALE, (y + size * 0.6) * SCALE
        self.pen.pieslice([left, top, left + size * SCALE, top + size * 1.1 * SCALE], 180, 360, fill=colour)

    def finished(self) -> Image.Image:
        return self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


Painter = Callable[[Canvas, list[str], float, bool, float], float]
# A painter gets the canvas, its fields, where to begin, whether it is the newest thing on the
# slide, and the slide's largest bar; it returns where it ends.


def paint_point(c: Canvas, fields: list[str], y: float, new: bool, largest: float) -> float:
    c.dot(LEFT + 10, y + 33, 10, ACCENT if new else SAND)
    return c.paragraph(LEFT + 48, y, fields[0], "sans", 50, RIGHT - LEFT - 48)


def paint_note(c: Canvas, fields: list[str], y: float, new: bool, largest: float) -> float:
    return c.paragraph(LEFT, y, fields[0], "italic", 44, RIGHT - LEFT, QUIET)


def paint_line(c: Canvas, fields: list[str], y: float, new: bool, largest: float) -> float:
    end = c.paragraph(LEFT + 40, y, fields[0], "serif", 60, RIGHT - LEFT - 40)
    c.box(LEFT, y + 12, LEFT + 8, end + 2, ACCENT, radius=4)
    return end


def paint_number(c: Canvas, fields: list[str], y: float, new: bool, largest: float) -> float:
    base = y + 106
    c.text(LEFT, base, fields[0], "serif", 120, ACCENT, "ls")
    after = LEFT + c.width(fields[0], "serif", 120) + 32
    lines = c.balance(fields[1], "sans", 44, RIGHT - after)
    for back, line in enumerate(reversed(lines)):
        c.text(after, base - back * 54, line, "sans", 44, QUIET, "ls")
    return base + 12


def paint_bar(c: Canvas, fields: list[str], y: float, new: bool, largest: float) -> float:
    label, value, shown = fields
    c.text(LEFT, y + 38, label, "sans", 42, INK, "ls")
    length = max(8.0, 820 * float(value) / largest)
    top = y + 54
    c.box(LEFT, top, LEFT + length, top + 36, ACCENT if new else SAND, radius=6)
    c.text(LEFT + length + 22, top + 33, shown, "bold", 42, ACCENT if new else INK, "ls")
    return top + 36


def paint_strip(c: Canvas, fields: list[str], y: float, new: bool, largest: float) -> float:
    """A square for each week, filled as far as the week is lost."""
    label, count, share, shown = fields
    side, step = 40, 50
    c.text(LEFT, y + 38, label, "sans", 42, INK, "ls")
    c.text(RIGHT, y + 38, shown, "bold", 42, ACCENT if new else INK, "rs")
    top = y + 56
    for week in range(int(count)):
        x = LEFT + week * step
        c.box(x, top, x + side, top + side, CARD, SAND, radius=6)
        filled = side * float(share)
        c.box(x, top + side - filled, x + side, top + side, ACCENT, radius=min(6.0, filled / 2))
    return top + side


def paint_grid(c: Canvas, fields: list[str], y: float, new: bool, largest: float) -> float:
    """A row for each person, a square for each day; one day a week of the last row is marked."""
    people, weeks = int(fields[0]), int(fields[1])
    side, step, week_gap = 19, 24, 16
    for row in range(people):
        for day in range(weeks * 5):
            x = LEFT + day * step + day // 5 * week_gap
            top = y + row * step
            marked = row == people - 1 and day % 5 == 3
            c.box(x, top, x + side, top + side, ACCENT if marked else SAND, radius=3)
    return c.paragraph(LEFT, y + people * step + 12, fields[2], "sans", 42, RIGHT - LEFT)


def paint_cell(c: Canvas, fields: list[str], y: float, new: bool, largest: float) -> float:
    c.text(LEFT, y + 48, fields[0], "italic", 44, ACCENT if new else QUIET, "ls")
    end = c.paragraph(LEFT + 268, y, fields[1], "sans", 48, RIGHT - LEFT - 268)
    c.box(LEFT, end + 12, RIGHT, end + 15, LINE, radius=1)
    return end + 15


def paint_bubble(c: Canvas, fields: list[str], y: float, on_right: bool) -> float:
    role, words = fields
    size, pad, room = 44, 17, 860
    lines = c.balance(words, "sans", size, room)
    width = max(c.width(line, "sans", size) for line in lines) + 2 * pad + 8
    x = RIGHT - width if on_right else LEFT
    anchor = "rs" if on_right else "ls"
    c.text(RIGHT - 6 if on_right else LEFT + 6, y + 27, role, "italic", 34, ACCENT, anchor)
    top = y + 42
    bottom = top + 2 * pad + len(lines) * round(size * 1.26) - 4
    c.box(x, top, x + width, bottom, TINT if on_right else CARD, None if on_right else SAND, 22)
    c.paragraph(x + pad + 4, top + pad - 5, words, "sans", size, room)
    return bottom


def paint_left(c: Canvas, fields: list[str], y: float, new: bool, largest: float) -> float:
    return paint_bubble(c, fields, y, on_right=False)


def paint_right(c: Canvas, fields: list[str], y: float, new: bool, largest: float) -> float:
    return paint_bubble(c, fields, y, on_right=True)


def paint_two(c: Canvas, fields: list[str], y: float, new: bool, largest: float) -> float:
    gap, pad, size = 36, 36, 46
    width = (RIGHT - LEFT - gap) / 2
    deepest = max(len(c.wrap(fields[i], "sans", size, width - 2 * pad)) for i in (1, 3))
    bottom = y + 2 * pad + 74 + deepest * round(size * 1.26)
    for column in (0, 1):
        x = LEFT + column * (width + gap)
        c.box(x, y, x + width, bottom, TINT if column else CARD, None if column else SAND, 18)
        c.text(x + pad, y + pad + 42, fields[2 * column], "serif", 44, anchor="ls")
        c.paragraph(x + pad, y + pad + 68, fields[2 * column + 1], "sans", size, width - 2 * pad)
    return bottom


def paint_people(c: Canvas, fields: list[str], y: float, new: bool, largest: float) -> float:
    count, marked, size = int(fields[0]), int(fields[1]), 104
    for i in range(count):
        colour = ACCENT if i >= count - marked else SAND
        c.person(LEFT + i * (size + 36), y, size, colour)
    return c.paragraph(LEFT, y + size + 48, fields[2], "sans", 48, RIGHT - LEFT)


def paint_dates(c: Canvas, fields: list[str], y: float, new: bool, largest: float) -> float:
    current, names, gap = int(fields[0]), fields[1:], 12
    width = (RIGHT - LEFT - gap * (len(names) - 1)) / len(names)
    for i, name in enumerate(names, start=1):
        x = LEFT + (i - 1) * (width + gap)
        c.box(x, y, x + width, y + 18, ACCENT if i == current else SAND, radius=9)
        c.text(x, y + 66, name, "bold" if i == current else "sans", 42, INK if i == current else QUIET, "ls")
    return y + 84


PAINTERS: dict[str, Painter] = {
    "point": paint_point,
    "note": paint_note,
    "line": paint_line,
    "number": paint_number,
    "bar": paint_bar,
    "strip": paint_strip,
    "grid": paint_grid,
    "cell": paint_cell,
    "left": paint_left,
    "right": paint_right,
    "two": paint_two,
    "people": paint_people,
    "dates": paint_dates,
}


def motif_bars(c: Canvas, x: float, y: float) -> None:
    for row, length in enumerate((330, 116, 16)):
        top = y + 40 + row * 92
        c.box(x, top, x + length, top + 58, SAND if row < 2 else ACCENT, radius=8)


def motif_talk(c: Canvas, x: float, y: float) -> None:
    c.box(x, y + 20, x + 250, y + 140, CARD, SAND, 26, 4)
    c.box(x + 90, y + 168, x + 340, y + 308, ACCENT, None, 26)
    for row, length in enumerate((180, 120)):
        c.box(x + 34, y + 60 + row * 32, x + 34 + length, y + 70 + row * 32, SAND, radius=5)
    for row, length in enumerate((180, 140, 70)):
        c.box(x + 124, y + 206 + row * 30, x + 124 + length, y + 216 + row * 30, PAPER, radius=5)


def motif_page(c: Canvas, x: float, y: float) -> None:
    c.box(x + 50, y - 10, x + 310, y + 330, CARD, SAND, 16, 4)
    c.box(x + 86, y + 32, x + 230, y + 48, ACCENT, radius=8)
    for row, length in enumerate((188, 160, 188, 120, 176)):
        top = y + 92 + row * 44
        c.dot(x + 92, top + 6, 6, SAND)
        c.box(x + 112, top, x + 112 + length - 26, top + 12, SAND, radius=6)


def motif_swap(c: Canvas, x: float, y: float) -> None:
    c.person(x, y + 90, 118, SAND)
    c.person(x + 226, y + 90, 118, ACCENT)
    c.arrow(x + 90, y + 30, x + 254, ACCENT, 7)
    c.arrow(x + 254, y + 290, x + 90, SAND, 7)


def motif_dates(c: Canvas, x: float, y: float) -> None:
    for i in range(13):
        across, down = i % 4, i // 4
        colour = ACCENT if i == 12 else SAND
        c.box(x + across * 86, y + down * 86, x + across * 86 + 66, y + down * 86 + 66, colour, radius=12)


MOTIFS = {
    "bars": motif_bars,
    "talk": motif_talk,
    "page": motif_page,
    "swap": motif_swap,
    "dates": motif_dates,
}


def draw_title(script: Script) -> Image.Image:
    c = Canvas()
    room, size = 700, 84
    lines = c.balance(script.title, "serif", size, room)
    y = HEIGHT / 2 - len(lines) * size * 1.14 / 2 + 10
    c.text(LEFT, y - 62, "Career mobility in five days", "italic", 36, QUIET, "ls")
    c.box(LEFT, y - 36, LEFT + 72, y - 30, ACCENT, radius=3)
    for line in lines:
        c.text(LEFT, y, line, "serif", size)
        y += round(size * 1.14)
    MOTIFS[script.motif](c, 836, HEIGHT / 2 - 160)
    c.text(RIGHT, HEIGHT - 52, f"Dayletter  ·  Video {script.number}", "sans", 26, QUIET, "rs")
    return c.finished()


def paint_steps(c: Canvas, slide: Slide, top: float, gap: float, shown: int) -> float:
    """Paint what has appeared so far; everything keeps its final place from the start."""
    y, scratch = top, Canvas()
    for index, step in enumerate(slide.steps):
        if step.kind:
            target = c if index <= shown else scratch
            y = PAINTERS[step.kind](target, step.fields, y, index == shown, slide.largest) + gap
    return y - gap


def draw_slide(slide: Slide, shown: int) -> Image.Image:
    c = Canvas()
    c.text(LEFT, 124, slide.heading, "serif", 62, INK, "ls")
    c.box(LEFT, 154, LEFT + 72, 160, ACCENT, radius=3)
    height = paint_steps(Canvas(), slide, 0, GAP, len(slide.steps) - 1)
    spare = BODY_BOTTOM - BODY_TOP - height
    if spare < 0:
        raise SystemExit(f"Too much on the slide “{slide.heading}”: {-spare:.0f} pixels over.")
    gaps = max(sum(bool(step.kind) for step in slide.steps) - 1, 1)
    gap = min(GAP + spare / (gaps + 1.5), WIDEST_GAP)
    spare -= (gap - GAP) * gaps
    paint_steps(c, slide, BODY_TOP + min(spare * 0.38, 90), gap, shown)
    return c.finished()


def with_progress(picture: Image.Image, share: float) -> Image.Image:
    """A thin line at the foot shows how far along the video is."""
    picture = picture.copy()
    pen = ImageDraw.Draw(picture)
    pen.rectangle([0, HEIGHT - 6, WIDTH, HEIGHT], fill=LINE)
    pen.rectangle([0, HEIGHT - 6, round(WIDTH * share), HEIGHT], fill=ACCENT)
    return picture


# --- sound and time ----------------------------------------------------------------------------


@dataclass
class Cue:
    start: float
    end: float
    text: str


@dataclass
class State:
    """A picture and the second at which it appears."""

    start: float
    picture: Image.Image


@dataclass
class Film:
    sound: bytes
    rate: int
    seconds: float
    cues: list[Cue]
    states: list[State]


def speak(sentence: str, folder: Path) -> tuple[bytes, int]:
    """The sentence as 16-bit mono samples, without silence at either end, and the sample rate."""
    path = folder / "sentence.wav"
    subprocess.run(["espeak-ng", *VOICE, "-w", str(path), "--", sentence], check=True)
    with wave.open(str(path)) as sound:
        samples, rate = sound.readframes(sound.getnframes()), sound.getframerate()
    return trim_silence(samples), rate


def trim_silence(samples: bytes, threshold: int = 160) -> bytes:
    values = memoryview(samples).cast("h")
    loud = [i for i in range(0, len(values), 20) if abs(values[i]) > threshold]
    first, last = max(loud[0] - 400, 0), min(loud[-1] + 1200, len(values))
    return samples[first * 2 : last * 2]


class Timeline:
    """Sound and cues, in the order in which they are added."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sound = bytearray()
        self.rate = 22050
        self.cues: list[Cue] = []

    @property
    def now(self) -> float:
        return len(self.sound) / 2 / self.rate

    def rest(self, seconds: float) -> None:
        self.sound += bytes(2 * round(seconds * self.rate))

    def say(self, sentence: str) -> None:
        start = self.now
        samples, self.rate = speak(sentence, self.folder)
        self.sound += samples
        self.cues += cut_cues(sentence, start, self.now)


def cut_cues(sentence: str, start: float, end: float) -> list[Cue]:
    """Captions of at most two lines; a long sentence shares its time by length."""
    parts = balanced_parts(sentence, 2 * CAPTION_LINE - 6)
    cues: list[Cue] = []
    for part in parts:
        until = start + (end - start) * len(part) / sum(len(p) for p in parts[len(cues) :])
        cues.append(Cue(start, until, two_lines(part)))
        start = until
    return cues


def balanced_parts(text: str, limit: int) -> list[str]:
    """Cut into as few parts as fit the limit, each near the same length, after commas if possible."""
    if len(text) <= limit:
        return [text]
    gaps = [m.start() for m in re.finditer(" ", text)]
    wanted = len(text) / -(-len(text) // limit)
    fitting = [g for g in gaps if g <= limit]
    cut = min(fitting, key=lambda g: abs(g - wanted) - (18 if text[g - 1] in ",;:" else 0))
    return [text[:cut], *balanced_parts(text[cut + 1 :], limit)]


def two_lines(text: str) -> str:
    if len(text) <= CAPTION_LINE:
        return text
    gaps = [m.start() for m in re.finditer(" ", text)]
    cut = min(gaps, key=lambda g: max(g, len(text) - g - 1))
    return f"{text[:cut]}\n{text[cut + 1 :]}"


def direct(script: Script, folder: Path) -> Film:
    """Speak the whole script and note when each picture appears."""
    timeline, states = Timeline(folder), [State(0.0, draw_title(script))]
    timeline.rest(LEAD)
    for slide in script.slides:
        if slide.heading:
            timeline.rest(BETWEEN_SLIDES)
        for index, step in enumerate(slide.steps):
            if slide.heading and (step.kind or step.sentences):
                if index > 0 and states[-1].start < timeline.now - BETWEEN_SLIDES:
                    timeline.rest(BETWEEN_STEPS)
                states.append(State(max(timeline.now - 0.35, 0), draw_slide(slide, index)))
            for sentence in step.sentences:
                timeline.say(sentence)
                timeline.rest(BETWEEN_SENTENCES)
    timeline.rest(TAIL)
    return Film(bytes(timeline.sound), timeline.rate, timeline.now, timeline.cues, states)


# --- files -------------------------------------------------------------------------------------


def stamp(seconds: float) -> str:
    millis = round(seconds * 1000)
    minutes, millis = divmod(millis, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{millis // 1000:02d}.{millis % 1000:03d}"


def write_captions(cues: list[Cue], path: Path) -> None:
    blocks = [f"{stamp(c.start)} --> {stamp(c.end)}\n{c.text}\n" for c in cues]
    path.write_text("WEBVTT\n\n" + "\n".join(blocks), encoding="utf-8")


def write_poster(script: Script, path: Path) -> None:
    draw_title(script).save(path, quality=86, optimize=True, progressive=True)


def frames(film: Film) -> Iterator[bytes]:
    """Every frame as raw RGB, with a short fade into each new picture."""
    total = round(film.seconds * FPS)
    starts = [round(s.start * FPS) for s in film.states] + [total]
    before = film.states[0].picture
    for state, (first, last) in zip(film.states, pairwise(starts), strict=True):
        picture = with_progress(state.picture, last / total)
        for step in range(1, min(FADE, last - first) + 1):
            yield Image.blend(before, picture, step / FADE).tobytes()
        still = picture.tobytes()
        for _ in range(last - first - FADE):
            yield still
        before = picture


def encode(film: Film, folder: Path, path: Path) -> None:
    sound = folder / "narration.wav"
    with wave.open(str(sound), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(film.rate)
        out.writeframes(film.sound)
    warm = "highpass=f=90,equalizer=f=220:t=q:w=1:g=2,highshelf=f=4500:g=-5,lowpass=f=8500"
    even = "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int+full_chroma_inp"
    pictures = f"ffmpeg -v error -y -f rawvideo -pix_fmt rgb24 -s {WIDTH}x{HEIGHT} -r {FPS} -i pipe:0 -i"
    result = (
        f"-af {warm},loudnorm=I=-19:TP=-4:LRA=7 -ar 44100 -ac 1 -c:a aac -b:a 64k"
        f" -vf {even} -c:v libx264 -preset medium -tune stillimage -crf 21 -g 120 -pix_fmt yuv420p"
        " -colorspace bt709 -color_primaries bt709 -color_trc bt709 -threads 1"
        f" -t {film.seconds:.3f} -movflags +faststart -map_metadata -1"
    )
    command = [*pictures.split(), str(sound), *result.split(), str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as ffmpeg:
        pipe: IO[bytes] | None = ffmpeg.stdin
        assert pipe is not None
        for frame in frames(film):
            pipe.write(frame)
        pipe.close()
    if ffmpeg.returncode:
        raise SystemExit(f"ffmpeg failed for {path.name}.")


def make(name: str, out: Path, slides_only: bool) -> None:
    script = read_script(HERE / f"{name}.md")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        film = direct(script, folder)
        if slides_only:
            for number, state in enumerate(film.states):
                state.picture.save(out / f"{name}-{number:02d}.png")
        else:
            write_captions(film.cues, out / f"{name}.vtt")
            write_poster(script, out / f"{name}.jpg")
            encode(film, folder, out / f"{name}.mp4")
    seconds = round(film.seconds)
    print(f'![{script.title}](media/{name}.mp4 "{seconds // 60}:{seconds % 60:02d}")')


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the course's videos.")
    parser.add_argument("names", nargs="*", default=list(ORDER), metavar="NAME")
    parser.add_argument("--out", type=Path, default=MEDIA, help="the folder to write to")
    parser.add_argument("--slides", action="store_true", help="write the slides as PNG and nothing else")
    args = parser.parse_args()
    for name in args.names:
        make(name, args.out, args.slides)


if __name__ == "__main__":
    main()
