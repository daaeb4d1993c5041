"""Lint: every rule fires where it should, and nowhere else."""

from pathlib import Path

import pytest

from course.content.problems import CODES
from course.drafts.folder import read_folder
from course.language.catalogues import LANGUAGES, words_in
from course.language.words import Phrase
from mailer.preview.mail_rules import check_draft
from tests.support.author.faulty_courses import Case, cases, write

CASES = tuple(cases())
TOLD_ELSEWHERE = {
    "DL001": "a folder without a course page is no course: test_parse",
    "DL008": "needs what is in service: test_history",
    "DL011": "needs a power cut: test_atomic",
    "DL013": "needs limits that only the studio sets: test_too_much",
    "DL501": "asks the network: test_web_pages",
    "DL502": "asks the network: test_web_pages",
    "DL601": "speaks of a text from elsewhere: test_whole",
    "DL602": "speaks of a text from elsewhere: test_whole",
    "DL603": "speaks of a text from elsewhere: test_whole",
    "DL604": "speaks of a text from elsewhere: test_whole",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_course_has_exactly_these_findings(case: Case, tmp_path: Path) -> None:
    write(case, tmp_path / "moving-on")
    found = check_draft(read_folder(tmp_path, "moving-on")).problems
    assert tuple(str(problem).partition(" ")[0] + f" {problem.level} {problem.code}" for problem in found) == (
        case.expected
    )


def test_every_finding_is_said_in_every_language(tmp_path: Path) -> None:
    found: set[Phrase] = set()
    for number, case in enumerate(CASES):
        write(case, tmp_path / f"course-{number}")
        found |= {problem.message for problem in check_draft(read_folder(tmp_path, f"course-{number}")).problems}
    said = [part for message in found for part in (message, *message.values.values())]
    texts = {part.text for part in said if isinstance(part, Phrase)}
    for language in LANGUAGES[1:]:
        assert texts <= words_in(language).forms.keys()


def test_every_rule_has_a_course_in_which_it_fires() -> None:
    fired = {line.rpartition(" ")[2] for case in CASES for line in case.expected}
    assert fired | TOLD_ELSEWHERE.keys() == CODES.keys()
    assert not fired & TOLD_ELSEWHERE.keys()
