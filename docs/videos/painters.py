"""What may appear on a slide, each kind with the one who paints it."""

from collections.abc import Callable

from docs.videos.canvas import ACCENT, CARD, INK, LEFT, LINE, QUIET, RIGHT, SAND, TINT, Canvas

Painter = Callable[[Canvas, list[str], float, bool, float], float]
"""Gets the canvas, its fields, where to begin, whether it is the newest thing on the slide, and the slide's
largest bar; returns where it ends."""


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
