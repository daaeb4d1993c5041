"""`dayletter new COURSE --from FILE`: a text from elsewhere as a course."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course.drafts.folder import read_folder
from mailer.preview.mail_rules import check_draft
from tests.support.author.word_files import PNG, paragraph, picture, word_file
from tests.support.world.command_line import files_alone
from web.commands import dayletter


@pytest.fixture(autouse=True)
def lessons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return files_alone(tmp_path, monkeypatch)


def call(*arguments: str) -> Result:
    return CliRunner().invoke(dayletter, arguments)


def test_a_word_file_is_laid_out_as_a_course_without_errors(lessons: Path, tmp_path: Path) -> None:
    file = tmp_path / "Bread at home.docx"
    file.write_bytes(
        word_file(
            paragraph("Bread", "Title"),
            paragraph("Day 1", "heading1"),
            paragraph(picture("rId9", "A loaf") + "<m:oMath/>"),
            paragraph("Day 2", "heading1"),
            paragraph("Bake it."),
        )
    )
    result = call("new", "bread", "--from", str(file))
    assert result.exit_code == 0
    assert f"{lessons}/bread/1-day-1.md:7: warning DL603 Here stood an equation." in result.output
    folder = read_folder(lessons, "bread")
    assert set(folder.texts) == {"course.md", "1-day-1.md", "2-day-2.md"}
    assert folder.media["media/bread-at-home-1.png"].read_bytes() == PNG
    parsed = check_draft(folder)
    assert parsed.course.title == "Bread"
    assert [str(problem) for problem in parsed.problems if problem.level == "error"] == []


def test_a_folder_of_markdown_is_laid_out_with_its_landing_page(lessons: Path, tmp_path: Path) -> None:
    export = tmp_path / "export"
    (export / "Bread").mkdir(parents=True)
    (export / "Bread.md").write_text("# Bread\n\nWelcome, all of you.\n\n![gone](x.png)\n")
    (export / "Bread" / "Day 1.md").write_text("# Day 1\n\nText\n")
    (export / "Bread" / ".hidden.md").write_text("# Hidden\n")
    (export / "Bread" / "Day 2.md").symlink_to("/etc/hostname")
    result = call("new", "bread", "--from", str(export), "--title", "My bread")
    assert result.exit_code == 0
    folder = read_folder(lessons, "bread")
    assert set(folder.texts) == {"course.md", "1-day-1.md"}
    assert "Welcome, all of you." in folder.texts["course.md"]
    line = folder.texts["course.md"].split("\n").index("Welcome, all of you.") + 1
    assert f"course.md:{line}: warning DL604" in result.output
    assert check_draft(folder).course.title == "My bread"


def test_what_cannot_be_read_lays_out_nothing(lessons: Path, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"text")
    (tmp_path / "a.pdf").write_bytes(b"%PDF-")
    for name, told in (("a.docx", "damaged"), ("a.pdf", "none of the files")):
        result = call("new", "bread", "--from", str(tmp_path / name))
        assert result.exit_code == 1
        assert told in str(result.exception)
    assert call("new", "bread", "--from", str(tmp_path / "none.md")).exit_code == 2
    assert not lessons.exists()


def test_no_course_that_exists_is_written_over(lessons: Path, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n")
    assert call("new", "bread", "--from", str(tmp_path / "a.md")).exit_code == 0
    assert "already" in str(call("new", "bread", "--from", str(tmp_path / "a.md")).exception)
