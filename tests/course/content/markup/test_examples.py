"""The page of examples, `docs/markdown.md`, tells the truth."""

import re

import pytest

from course.content.markup.html import to_html
from tests.support.project import ROOT

PAGE = (ROOT / "docs/markdown.md").read_text()
EXAMPLES = re.findall(
    r"^## (.+?)\n.*?^~~~~markdown\n(.*?)\n~~~~\n\n~~~~html\n(.*?)\n~~~~$", PAGE, flags=re.M | re.S
)


@pytest.mark.parametrize(("name", "markdown", "html"), EXAMPLES, ids=[name for name, _, _ in EXAMPLES])
def test_readers_get_what_the_example_says(name: str, markdown: str, html: str) -> None:
    assert to_html(markdown) == html


def test_each_example_is_found() -> None:
    assert len(EXAMPLES) == PAGE.count("~~~~markdown") == PAGE.count("~~~~html")
