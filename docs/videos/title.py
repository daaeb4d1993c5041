"""The title slide, with the picture that a script names."""

from PIL import Image

from docs.videos.canvas import ACCENT, CARD, HEIGHT, LEFT, PAPER, QUIET, RIGHT, SAND, Canvas
from docs.videos.script import Script


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
