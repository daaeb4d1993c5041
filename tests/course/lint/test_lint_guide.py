"""docs/lint.md explains every finding, and nothing that is none."""

import re

from course.content.problems import CODES
from tests.support.project import ROOT

GUIDE = (ROOT / "docs/lint.md").read_text()
SECTION = re.compile(r"^### (DL\d{3})\n\*\*(.+?)\*\* · (error|warning)( · always on)?\.", flags=re.M)


def test_every_code_has_its_section_and_every_section_its_code() -> None:
    told = {code: (title, level, bool(fixed)) for code, title, level, fixed in SECTION.findall(GUIDE)}
    assert told == {code: (entry.title, entry.level, entry.fixed) for code, entry in CODES.items()}
    assert re.findall(r"^### (.+)", GUIDE, flags=re.M) == list(CODES)
