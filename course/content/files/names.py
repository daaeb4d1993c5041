"""Names of files that nobody reads, and what to name them instead."""

import re
from collections.abc import Collection, Mapping

from course.content.files.frame import frame_of
from course.content.files.values import read_values
from course.content.slugs import LONGEST_SLUG, plain_slug
from course.language.words import Phrase

PLACE = re.compile(r"(\d+)-.*\.md")
MARKDOWN_ENDINGS = (".md", ".markdown", ".mdown", ".mkdn", ".mkd", ".mdx", ".md.txt")
BESIDE_A_COURSE = frozenset(
    ["readme", "license", "licence", "contributing", "changelog", "code_of_conduct", "security", "authors"]
)
"""What people expect in a folder that is shared, and nobody takes for a lesson: these are passed over silently."""
NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
ARTICLES = frozenset({"articles", "article"})


def is_beside(path: str) -> bool:
    """Whether a file is a README or its like, which belongs to the folder and not to the course."""
    return path.rpartition("/")[2].partition(".")[0].casefold() in BESIDE_A_COURSE


def is_markdown(name: str) -> bool:
    """Whether a file is Markdown by its name, whatever the letters of its ending."""
    return name.lower().endswith(MARKDOWN_ENDINGS)


def misnamed(path: str, texts: Mapping[str, str], mails: Collection[str]) -> Phrase:
    """What to say of a Markdown file that is no lesson, article or mail by its name; `texts` are all files."""
    if path.casefold().startswith("mails/"):
        return Phrase(
            "Nothing reads `%(file)s`: mails are `mails/<%(mails)s>.md`.", {"file": path, "mails": "|".join(mails)}
        )
    better = better_name(path, texts)
    if PLACE.fullmatch(better) and not NUMBER.search(_stem(path)):
        article = f"articles/{better.partition('-')[2]}"
        return Phrase(
            "Nothing reads `%(file)s`: a lesson has its place before its name. Rename it `%(lesson)s`, or"
            " `%(article)s` if it is an article.",
            {"file": path, "lesson": better, "article": article},
        )
    return Phrase(
        "Nothing reads `%(file)s`: rename it `%(better)s`. Names have small letters from a to z, digits and"
        " hyphens.",
        {"file": path, "better": better},
    )


def better_name(path: str, texts: Mapping[str, str]) -> str:
    """Return the path that is meant: the same number and words as a lesson's or an article's name."""
    stem, folders = _stem(path), path.casefold().split("/")[:-1]
    if stem.casefold() == "course" and not folders:
        return "course.md"
    if ARTICLES & set(folders):
        return _free("articles/", plain_slug(stem) or _title_slug(path, texts) or "article", texts)
    found = NUMBER.search(stem)
    number = int(found[0]) if found else _next_number(texts)
    before, after = (stem[: found.start()], stem[found.end() :]) if found else (stem, "")
    # `Lesson 3: The end`: a single word before the number says no more than the number does.
    words = plain_slug(after if found and len(re.findall(r"\w+", before)) < 2 else f"{before} {after}")
    return _free(f"{number}-", words or _title_slug(path, texts) or plain_slug(before) or "lesson", texts)


def _stem(path: str) -> str:
    name = path.rpartition("/")[2]
    ending = next(
        (end for end in sorted(MARKDOWN_ENDINGS, key=len, reverse=True) if name.lower().endswith(end)), ""
    )
    return name[: len(name) - len(ending)]


def _title_slug(path: str, texts: Mapping[str, str]) -> str:
    frame = frame_of(texts.get(path, ""))
    title = read_values(frame.source).values.get("title") if frame else None
    return plain_slug(title) if isinstance(title, str) else ""


def _next_number(texts: Mapping[str, str]) -> int:
    found = (PLACE.fullmatch(path) for path in texts)
    return max((int(lesson[1]) for lesson in found if lesson), default=0) + 1


def _free(before: str, slug: str, texts: Mapping[str, str]) -> str:
    slug, again = slug[: LONGEST_SLUG - 3].strip("-"), 2
    name = f"{before}{slug}.md"
    while name in texts:
        name, again = f"{before}{slug}-{again}.md", again + 1
    return name
