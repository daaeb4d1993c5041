"""`dayletter preview`: a mail of the draft, from the files alone."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course.content.parse import parse_course
from course.drafts.folder import read_folder
from course.language.words import ENGLISH
from mailer.compose.compose import compile_mail
from mailer.preview.sample_site import sample_site, sample_slots
from tests.support.world.command_line import files_alone
from tests.support.world.sample_course import write_sample
from web.commands import dayletter


@pytest.fixture(autouse=True)
def draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return write_sample(files_alone(tmp_path, monkeypatch))


def preview(*arguments: str) -> Result:
    return CliRunner().invoke(dayletter, ["preview", *arguments])


@pytest.mark.parametrize("lesson", ["dough-2", "2-dough-2", "2-dough-2.md", "2"])
def test_a_lesson_is_found_by_slug_file_or_day(lesson: str) -> None:
    result = preview(f"bread-at-home/{lesson}")
    assert result.exit_code == 0
    assert "Day 2 of 3" in result.output
    assert "Dear Ada" in result.output


def test_the_whole_mail_is_what_a_server_would_be_given(draft: Path) -> None:
    mail = message_from_bytes(
        preview("bread-at-home/dough-1", "--format", "eml").stdout_bytes, policy=policy.default
    )
    assert mail["Subject"] == "Flour, water, Ada"
    for name in ("Message-ID", "Date", "List-Id", "List-Unsubscribe", "Feedback-ID", "X-Dayletter-Delivery"):
        assert len(mail.get_all(name, [])) == 1
    assert sorted(path.name for path in draft.parent.iterdir()) == ["bread-at-home"]


def test_the_html_part_is_a_page() -> None:
    assert preview("bread-at-home/1", "--format", "html").output.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("kind", ["confirm", "welcome", "finished", "link", "nudge"])
def test_the_fixed_mails_may_be_looked_at_too(kind: str) -> None:
    assert preview(f"bread-at-home/{kind}").exit_code == 0


def test_the_draft_is_shown_as_it_is_now(draft: Path) -> None:
    file = draft / "1-dough-1.md"
    file.write_text(file.read_text().replace("Dear {{ name }}", "Good morning {{ name }}"))
    assert "Good morning Ada" in preview("bread-at-home/1").output


@pytest.mark.parametrize("kind", ["1", "welcome", "confirm", "finished"])
def test_any_mail_program_opens_the_file(kind: str) -> None:
    raw = preview(f"bread-at-home/{kind}", "--format", "eml").stdout_bytes
    mail = message_from_bytes(raw, policy=policy.default)
    assert not mail.defects
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    for part in mail.iter_parts():
        assert part.get_content_charset() == "utf-8"
        assert not part.defects
        assert part.get_content().strip()
    assert b"\r\n" in raw
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


def test_dates_are_said_in_the_language_of_the_course(draft: Path) -> None:
    course_md = draft / "course.md"
    course_md.write_text(course_md.read_text().replace("sender:", "language: de\nsender:"))
    assert "Freitag, 27. März um 8:04 Uhr" in preview("bread-at-home/2").output


def test_it_is_the_very_mail_that_sending_compiles(draft: Path) -> None:
    course = parse_course("bread-at-home", read_folder(draft.parent, "bread-at-home").texts).course
    template = compile_mail(sample_site(), "lesson", course, "dough-2", tracked=True)
    assert preview("bread-at-home/2").output == template.text.filled(sample_slots(ENGLISH))


@pytest.mark.parametrize(
    ("wanted", "meant"), [("dogh-2", "dough-2"), ("welcom", "welcome"), ("finish", "finished")]
)
def test_a_slip_of_the_keyboard_is_told_what_was_meant(wanted: str, meant: str) -> None:
    result = preview(f"bread-at-home/{wanted}")
    assert result.exit_code == 1
    assert f"did you mean `{meant}`" in str(result.exception)


@pytest.mark.parametrize(
    "mail", ["bread-at-home/none", "bread-at-home", "none/1", "bread-at-home/", "/", "../x/1"]
)
def test_what_is_not_there_is_told_with_what_is(mail: str) -> None:
    result = preview(mail)
    assert result.exit_code == 1
    assert "There is no" in str(result.exception)
