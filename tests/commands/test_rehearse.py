"""`dayletter rehearse`: a course as files, from files alone."""

import json
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.world.command_line import files_alone
from tests.support.world.sample_course import write_sample
from web.commands import dayletter


@pytest.fixture(autouse=True)
def draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return write_sample(files_alone(tmp_path, monkeypatch))


def rehearse(*arguments: str) -> Result:
    return CliRunner().invoke(
        dayletter, ["rehearse", "bread-at-home", "--zone", "Europe/Berlin", "--from", "2026-03-27", *arguments]
    )


def test_every_mail_is_a_file_named_by_its_local_time() -> None:
    result = rehearse("--out", "there")
    assert result.exit_code == 0
    assert sorted(path.name for path in Path("there").iterdir()) == [
        "2026-03-27T0800-01-confirm.eml",
        "2026-03-27T0800-02-welcome.eml",
        "2026-03-27T0800-03-dough-1.eml",
        "2026-03-28T0800-04-dough-2.eml",
        "2026-03-29T0800-05-dough-3.eml",
        "2026-03-29T0807-06-finished.eml",
        "plan.json",
    ]
    for file in Path("there").glob("*.eml"):
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        assert message.get_content_type() == "multipart/alternative"
        assert not message.defects
    assert "clock changes met: Sunday 29 March 2026 (1)" in result.output
    assert not Path("var").exists()


def test_the_plan_says_why_each_mail_goes_when() -> None:
    rehearse("--out", "there", "--hour", "7")
    plan = json.loads(Path("there/plan.json").read_text())
    assert [(mail["kind"], mail["day"], mail["local_at"][:16]) for mail in plan["mails"]][2:5] == [
        ("lesson", 1, "2026-03-27T07:00"),
        ("lesson", 2, "2026-03-28T07:00"),
        ("lesson", 3, "2026-03-29T07:00"),
    ]
    assert plan["mails"][3]["why"] == "you take one a day, at 7:00 Berlin time"
    assert plan["summary"]["hours"] == {"7": 3}


def test_a_second_rehearsal_takes_the_place_of_the_first() -> None:
    rehearse("--out", "there", "--hour", "7")
    Path("there/my notes.txt").write_text("mine")
    assert rehearse("--out", "there").exit_code == 0
    assert not list(Path("there").glob("*T07*"))
    assert Path("there/my notes.txt").read_text() == "mine"


@pytest.mark.parametrize("plan", [None, "{}", "[1]", "no JSON"])
def test_a_folder_of_somebody_else_is_left_alone(plan: str | None) -> None:
    Path("there").mkdir()
    Path("there/letter.eml").write_text("mine")
    if plan:
        Path("there/plan.json").write_text(plan)
    result = rehearse("--out", "there")
    assert result.exit_code == 1
    assert "holds other files" in str(result.exception)
    assert Path("there/letter.eml").read_text() == "mine"


def test_a_plan_that_was_tampered_with_deletes_nothing_elsewhere() -> None:
    Path("there").mkdir()
    Path("mine.eml").write_text("mine")
    Path("there/plan.json").write_text(json.dumps({"mails": [{"file": "../mine.eml"}]}))
    rehearse("--out", "there")
    assert Path("mine.eml").exists()


def test_many_learners_live_in_many_zones() -> None:
    result = rehearse("--learners", "40", "--out", "there")
    assert result.exit_code == 0
    plan = json.loads(Path("there/plan.json").read_text())
    assert len({mail["zone"] for mail in plan["mails"]}) == 40
    assert {mail["local_at"][11:13] for mail in plan["mails"] if mail["lesson"]} == {"08"}
    assert len(list(Path("there").glob("*/*.eml"))) == len(plan["mails"]) == 40 * 6
    assert "240 mails to 40 learners" in result.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--zone", "Mars/Olympus"), "time zone"),
        (("--hour", "24"), "hour from 0 to 23"),
        (("--from", "tomorrow"), "2026-03-26"),
        (("--from", "9999-12-31"), "2026-03-26"),
    ],
)
def test_what_cannot_be_rehearsed_is_told(arguments: tuple[str, str], told: str) -> None:
    result = rehearse(*arguments, "--out", "there")
    assert result.exit_code == 1
    assert told in str(result.exception)
    assert not Path("there").exists()


def test_a_draft_with_errors_is_not_rehearsed(draft: Path) -> None:
    (draft / "1-dough-1.md").write_text("No front matter.")
    result = rehearse("--out", "there")
    assert result.exit_code == 1
    assert "1-dough-1.md:1: error DL102" in str(result.exception)
