"""What the documents send their readers to is there."""

import re
from pathlib import Path

import pytest

from tests.support.project import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FENCED = re.compile(r"^(```+|~~~+).*?^\1", flags=re.M | re.S)
QUOTED = re.compile(r"`([\w.-]+/[^`\s]*|[\w.-]+\.(?:py|toml|yaml))`")
LINK = re.compile(r"`[^`\n]*`|\]\(([^)#\s:]+)[^):]*\)")
BLANK = re.compile(r"<[^>]*>")
TOPS = {path.name for path in ROOT.iterdir()}

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def paths_in(text: str) -> list[str]:
    """What stands between backticks and begins like a path of the project; `<name>` stands for anything."""
    found = (BLANK.sub("*", path) for path in QUOTED.findall(FENCED.sub("", text)))
    return [path for path in found if path.partition("/")[0] in TOPS]


def links_in(text: str) -> list[str]:
    """Where links lead that stay within the project, without their `#` and what follows it."""
    return [target for target in LINK.findall(FENCED.sub("", text)) if target]


@each_document
def test_every_path_between_backticks_is_there(document: Path) -> None:
    # What was there once belongs to a changelog, and is gone today.
    told = [] if document.name == "CHANGELOG.md" else paths_in(document.read_text())
    assert [path for path in told if not any(ROOT.glob(path))] == []


@each_document
def test_every_link_within_the_project_leads_somewhere(document: Path) -> None:
    assert [to for to in links_in(document.read_text()) if not (document.parent / to).exists()] == []


def test_a_path_is_told_from_an_address_and_from_code() -> None:
    text = (
        "`web/app.py`, `web/`, `docs/*.md`, `lessons/<slug>/course.md`, `/readyz`, `media/talk.mp4`, `worker.py`"
    )
    assert paths_in(text) == ["web/app.py", "web/", "docs/*.md", "lessons/*/course.md", "worker.py"]
    assert paths_in("`dayletter lint`\n```\n`web/none.py`\n```\n") == []


def test_a_link_into_the_project_is_told_from_others_and_from_examples() -> None:
    text = "[a](docs/lint.md#dl1), [b](https://e.org/x), [c](#here), `[d](media/x.mp4)`, ![e](x.png)"
    assert links_in(text) == ["docs/lint.md", "x.png"]
