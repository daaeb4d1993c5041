"""A course whose lesson mails weigh 25 KB on the wire."""

from course.drafts.folder import Folder

LESSONS = 3
MAIL_BYTES = 25_000
# What the layout, its styles and the links of a lesson weigh, and a paragraph in both parts.
PARAGRAPHS = 12

COURSE = """---
title: A course to be measured
tagline: Of no use to anybody.
summary: Only its weight matters.
audience: Nobody.
author: A benchmark
sender: A benchmark
language: en
minutes: "1-60"
start: at-once
---
Nothing to see here.
"""
PARAGRAPH = (
    "Everybody who has measured anything knows that the first figure is wrong, the second is luck, and only "
    "the many after them say something, dear {{ name }}. Write each of them down, take the middle one, and keep "
    "an eye on the [widest apart](https://example.org/apart/%d): they tell what you have *not* understood. "
    "Then change one thing, and **only one**, and measure all of it again from the beginning, patiently.\n\n"
)


def folder() -> Folder:
    return Folder("measured", {"course.md": COURSE, **_lessons()}, {}, ())


def _lessons() -> dict[str, str]:
    return {f"{day}-day-{day}.md": _lesson(day) for day in range(1, LESSONS + 1)}


def _lesson(day: int) -> str:
    head = (
        f'---\ntitle: Day {day}\nsubject: "{{{{ name }}}}, measure again ({day})"\npreheader: Once more.\n---\n\n'
    )
    body = "".join(PARAGRAPH % number for number in range(PARAGRAPHS))
    return f"{head}Dear {{{{ name }}}},\n\n{body}- [ ] Measure once more\n- [ ] Write it down\n"
