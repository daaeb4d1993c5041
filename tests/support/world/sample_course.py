"""A small course on disk: enough to publish, quick to read."""

from pathlib import Path

from tests.support.author.mail_samples import COURSE_MD, LESSON_MD, MEDIA

SLUG = "bread-at-home"
DAYS = 3
ARTICLES = {
    "flour": "---\ntitle: Flour in short\nsummary: Ash and protein.\n---\nMilled, {{ name }}.\n",
    "water": "---\ntitle: Water\nsummary: Wet.\n---\nWet.\n",
}


def write_sample(lessons_dir: Path) -> Path:
    """Bread at home, in three days with the same words each; its folder."""
    folder = lessons_dir / SLUG
    for place in ("articles", "media"):
        (folder / place).mkdir(parents=True)
    (folder / "course.md").write_text(COURSE_MD)
    for day in range(1, DAYS + 1):
        (folder / f"{day}-dough-{day}.md").write_text(LESSON_MD)
    for slug, text in ARTICLES.items():
        (folder / "articles" / f"{slug}.md").write_text(text)
    for path in MEDIA:
        (folder / path).write_bytes(f"the bytes of {path}".encode())
    return folder
