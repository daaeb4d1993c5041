"""Whatever stands in a course's files: findings, and never an accident."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from course.drafts.folder import read_folder
from course.lint.draft import draft_of
from mailer.preview.mail_rules import bytes_at_most, check_draft, mail_bytes

PATHS = (
    *("course.md", "1-first.md", "2-second.md", "articles/map.md", "mails/welcome.md", "notes.md"),
    *("media/a.jpg", "media/talk.mp4", "media/talk.webm", "media/talk.vtt"),
    *("media/a.webp", "media/a.avif", "media/a.svg", "media/talk.mp3", "media/talk.ogg", "media/My plan.pdf"),
)
LINES = """
---
title: x
lint: {DL204: y}
lint: [DL204]
was: [first, x]
was: first
```
~~~
- [ ] item
![T](media/talk.mp4 "4:30")
See ![T](media/talk.mp4 '4:30') and ![U](<media/My plan.pdf>)
![T](https://youtu.be/x "3 min")
[![T](media/a.jpg)](https://youtu.be/x)
![T][x]
[x]: media/My%20plan.pdf "4:30"
[T](media/my plan.pdf)
https://youtu.be/x
[x](articles/map.md) and [y](../../y)
[x](javascript:y)
{{ x }} and {name}
<b> and <https://a.b>
# h
#### h
===
    code
-
| a | b |
|---|---|
`
](
![](
> quote
1. one
***
**a** _b_ `c` & < > " ' [d](https://e.org)
"""
TEXTS = st.lists(st.sampled_from([*LINES.splitlines(), "a  ", "\u2028", "word " * 40]), max_size=25).map("\n".join)


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from(PATHS), st.binary(max_size=200) | TEXTS.map(str.encode), max_size=6))
def test_any_bytes_in_any_file_give_findings(files: dict[str, bytes]) -> None:
    with TemporaryDirectory() as folder:
        for name, data in {"course.md": b"---\ntitle: T\n---\n", **files}.items():
            path = Path(folder) / "c" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        for problem in check_draft(read_folder(Path(folder), "c")).problems:
            assert 1 <= problem.line <= files.get(problem.path, b"").count(b"\n") + 4
            assert problem.message


@settings(max_examples=60)
@given(TEXTS, st.text(max_size=60), TEXTS)
def test_no_mail_is_bigger_than_is_taken_for_granted(body: str, title: str, summary: str) -> None:
    texts = {
        "course.md": f"---\ntitle: {title!r}\n---\n",
        "1-first.md": f"---\ntitle: {title!r}\n---\n{body}\n",
        "2-second.md": f"---\ntitle: {title!r}\n---\n",
        "articles/map.md": f"---\ntitle: {title!r}\nsummary: {summary!r}\n---\n{body}",
    }
    draft = draft_of("c", texts, {})
    for page, lesson in draft.lessons:
        assert mail_bytes(draft, lesson) <= bytes_at_most(draft, page, lesson)
