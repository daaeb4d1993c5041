"""docs/writing-a-course.md, followed to the letter in an empty folder."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.project import ROOT

pytestmark = pytest.mark.server

GUIDE = ROOT / "docs/writing-a-course.md"
FENCE = re.compile(r"^```(\w+)(?: ([^\n]+))?\n(.*?)^```$", flags=re.M | re.S)


def environment() -> dict[str, str]:
    """A newcomer's: no setting, and the installed command on the path."""
    ours = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "BASE_URL", "MAIL_URL", "LESSONS_DIR", "VAR_DIR", "CLOCK"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return kept | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def test_a_newcomer_gets_from_nothing_to_a_published_course(tmp_path: Path) -> None:
    settings = environment()
    said = ""
    blocks = FENCE.findall(GUIDE.read_text())
    assert [kind for kind, _, _ in blocks].count("sh") >= 7
    for kind, note, content in blocks:
        if kind == "sh":
            for name, value in re.findall(r"^export (\w+)=(\S+)$", content, flags=re.M):
                settings[name] = value
            said, status = run(content, tmp_path, settings)
            assert (status != 0) == (note == "fails"), said
        elif kind == "markdown":
            (tmp_path / note).write_text(content)
        elif kind == "text":
            assert [line for line in content.splitlines() if line not in said] == [], said
    mail = (tmp_path / "day-1.eml").read_text()
    assert "Subject: One idea, one example, one thing to do" in mail
    assert len(list((tmp_path / "rehearsal").glob("*.eml"))) == 5
    assert "first-aid is published" in said


def run(script: str, folder: Path, settings: dict[str, str]) -> tuple[str, int]:
    done = subprocess.run(
        ["sh", "-ec", script],
        cwd=folder,
        env=settings,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.stdout, done.returncode
