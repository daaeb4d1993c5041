"""A slide with as much on it as has been told so far."""

from PIL import Image, ImageDraw

from docs.videos.canvas import ACCENT, BODY_BOTTOM, BODY_TOP, HEIGHT, INK, LEFT, LINE, WIDTH, Canvas
from docs.videos.painters import PAINTERS
from docs.videos.script import Slide

GAP, WIDEST_GAP = 24, 50  # pixels between two things on a slide


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
