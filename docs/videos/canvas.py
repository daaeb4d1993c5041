"""A slide to draw on: its measures, colours, fonts, and how words and boxes are set."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, FPS, SCALE = 1280, 720, 12, 2
LEFT, RIGHT, BODY_TOP, BODY_BOTTOM = 96, WIDTH - 96, 218, 664
PAPER, CARD, INK, QUIET, LINE = "#faf7f2", "#ffffff", "#1d2330", "#5b6474", "#e7e1d7"
ACCENT, TINT, SAND = "#b4431f", "#f6e7df", "#d8cfc1"
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

    def text(  # noqa: PLR0913 - where, what, and how it looks
        self, x: float, y: float, text: str, style: str, size: int, colour: str = INK, anchor: str = "la"
    ) -> None:
        at = (x * SCALE, y * SCALE)
        self.pen.text(at, text, font=self.font(style, size), fill=colour, anchor=anchor)

    def paragraph(  # noqa: PLR0913 - as `text`
        self, x: float, y: float, text: str, style: str, size: int, room: float, colour: str = INK
    ) -> float:
        """Set wrapped text from `y` down; returns where it ends."""
        leading = round(size * 1.26)
        for number, line in enumerate(self.balance(text, style, size, room)):
            self.text(x, y + size + number * leading, line, style, size, colour, "ls")
        return y + leading * (number + 1)

    def box(  # noqa: PLR0913 - four edges, and how it looks
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
