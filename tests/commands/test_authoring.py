"""`dayletter new` and `dayletter lint`: from files alone."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course.drafts.folder import read_folder
from mailer.preview.mail_rules import check_draft
from tests.support.world.command_line import files_alone
from tests.support.world.sample_course import write_sample
from web.commands import dayletter


@pytest.fixture(autouse=True)
def lessons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return files_alone(tmp_path, monkeypatch)


def call(*arguments: str) -> Result:
    return CliRunner().invoke(dayletter, arguments)


@pytest.mark.parametrize(
    "title", ["First aid", 'What to do: "first", # and then', "{{ name }}", "$title", "急救", "- x"]
)
def test_a_new_course_is_clean_whatever_its_title(lessons: Path, title: str) -> None:
    assert call("new", "first-aid", "--title", title).exit_code == 0
    parsed = check_draft(read_folder(lessons, "first-aid"))
    assert [problem for problem in parsed.problems if problem.code != "DL105"] == []
    assert parsed.course.title == title
    assert [path.name for path in lessons.iterdir()] == ["first-aid"]


def test_a_new_course_is_named_by_its_folder(lessons: Path) -> None:
    call("new", "first-aid")
    parsed = check_draft(read_folder(lessons, "first-aid"))
    assert (parsed.course.title, parsed.problems) == ("First aid", ())


@pytest.mark.parametrize("slug", ["First Aid", "../elsewhere", "a/b", ".", "", "é"])
def test_what_cannot_be_a_name_is_told(lessons: Path, slug: str) -> None:
    result = call("new", slug)
    assert result.exit_code == 1
    assert "small letters" in str(result.exception)
    assert not lessons.exists()


def test_nothing_that_exists_is_written_over(lessons: Path) -> None:
    lessons.mkdir()
    (lessons / "first-aid").write_text("mine")
    (lessons / "dangling").symlink_to("nowhere")
    for slug in ("first-aid", "dangling"):
        assert "already" in str(call("new", slug).exception)
    assert (lessons / "first-aid").read_text() == "mine"


def test_where_nothing_can_be_written_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LESSONS_DIR", str(tmp_path / "file"))
    result = call("new", "first-aid")
    assert "could not be written" in str(result.exception)


def test_a_finding_has_its_path_line_level_code_and_message(lessons: Path) -> None:
    folder = write_sample(lessons)
    (folder / "1-dough-1.md").write_text(
        "---\ntitle: T\nsubject: S\npreheader: P\n---\n{{ nmae }}\n\n- [ ] Do it\n"
    )
    result = call("lint", "bread-at-home")
    line = f"{folder}/1-dough-1.md:6: error DL105 `{{{{ nmae }}}}` is not a known slot; did you mean `name`."
    assert line in result.output.splitlines()
    assert result.exit_code == 1


def test_warnings_alone_are_no_failure(lessons: Path) -> None:
    write_sample(lessons)
    result = call("lint")
    assert result.exit_code == 0
    assert "bread-at-home: 0 errors" in result.output
    assert "warning DL204" in result.output


def test_findings_come_as_json_with_where_each_is_explained(lessons: Path) -> None:
    write_sample(lessons)
    found = json.loads(call("lint", "--json").output)
    (first, *_) = [finding for finding in found if finding["code"] == "DL204"]
    assert (first["course"], first["path"], first["line"], first["level"]) == (
        "bread-at-home",
        "1-dough-1.md",
        1,
        "warning",
    )
    assert first["explained"] == "docs/lint.md#dl204"


@pytest.mark.server
def test_links_are_asked_on_request_only(lessons: Path) -> None:
    folder = write_sample(lessons)
    (folder / "course.md").write_text("---\ntitle: T\n---\n[x](http://127.0.0.1:1/)\n")
    assert "DL502" not in call("lint").output
    result = call("lint", "--links")
    assert "course.md:4: error DL502" in result.output
    assert result.exit_code == 1


@pytest.mark.parametrize(("slug", "told"), [("bred-at-home", "did you mean `bread-at-home`"), ("x", "known are")])
def test_an_unknown_course_is_told_with_the_nearest(lessons: Path, slug: str, told: str) -> None:
    write_sample(lessons)
    assert told in str(call("lint", slug).exception)
