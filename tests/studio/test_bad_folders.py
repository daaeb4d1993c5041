"""A folder full of what no course should hold: told by every command and every page, and nothing of it served."""

import re

import pytest

from course.errors import DayletterError
from tests.support.author.studio import sign_in
from tests.support.world.command_line import command_line
from tests.support.world.sample_course import SLUG
from tests.support.world.world import World

SECRET = "the secret of another folder"
COURSE = f"/studio/courses/{SLUG}"
FINDINGS = {
    ("2-dough-2.md", 3, "DL007"),  # not UTF-8
    ("3-dough-3.md", 1, "DL006"),  # ten megabytes
    ("articles/water.md", 2, "DL101"),  # front matter that is a list
    ("1-dough-1.md", 4, "DL203"),  # absolute, and out of the folder
    ("4-linked.md", 1, "DL005"),
    ("5-round.md", 1, "DL005"),
    ("media/linked.jpg", 1, "DL005"),
    ("media/page.png", 1, "DL310"),  # it lies about its kind
}


@pytest.fixture
def bad(studio: World) -> World:
    folder, outside = studio.lessons_dir / SLUG, studio.lessons_dir.parent / "outside.md"
    outside.write_text(SECRET)
    (folder / "1-dough-1.md").write_text("---\ntitle: A\n---\n[a](/etc/passwd) [b](../../outside.md)\n")
    (folder / "2-dough-2.md").write_bytes(b"---\ntitle: B\n\xff\xfe\n---\n")
    (folder / "3-dough-3.md").write_bytes(b"---\ntitle: C\n---\n" + b"word " * 2_000_000)
    (folder / "articles/water.md").write_text("---\n- title\n---\nWet.\n")
    (folder / "4-linked.md").symlink_to(outside)
    (folder / "5-round.md").symlink_to(folder / "5-round.md")
    (folder / "6-around").symlink_to(folder)
    (folder / "media/linked.jpg").symlink_to(outside)
    (folder / "media/page.png").write_text("<script>alert(1)</script>")
    return studio


def found_in(output: str) -> set[tuple[str, int, str]]:
    lines = re.findall(r"([\w./-]+):(\d+): (?:error|warning) (DL\d+)", output)
    return {(path.rpartition(f"{SLUG}/")[2], int(line), code) for path, line, code in lines}


def test_every_command_tells_it_and_none_fails_or_follows(bad: World, monkeypatch: pytest.MonkeyPatch) -> None:
    run = command_line(bad, monkeypatch)
    monkeypatch.setenv("LESSONS_DIR", str(bad.lessons_dir))
    linted = run("lint", SLUG)
    found = found_in(linted.output)
    assert found >= FINDINGS, linted.output
    version = bad.course
    for command in (
        ("lint", SLUG),
        ("lint", SLUG, "--json"),
        ("publish", SLUG, "--dry-run"),
        ("publish", SLUG, "--yes"),
        ("preview", f"{SLUG}/2-dough-2"),
        ("preview", f"{SLUG}/4-linked"),
        ("rehearse", SLUG, "--out", str(bad.lessons_dir.parent / "out")),
    ):
        result = run(*command)
        assert result.exit_code in (1, 2), command
        assert result.exception is None or isinstance(result.exception, SystemExit | DayletterError), command
        assert SECRET not in result.output
    assert bad.course == version, "the published edition stays in service"


def test_every_page_tells_it_and_none_fails_or_serves_it(bad: World) -> None:
    person, before = sign_in(bad, "author"), bad.course
    page = person.look(COURSE)
    for path, _, code in FINDINGS:
        assert path in page.text, path
        told = person.look(f"{COURSE}/edit/{path}") if path in ("1-dough-1.md", "articles/water.md") else page
        assert code in told.text, path
    for path in (
        "1-dough-1.md",
        "2-dough-2.md",
        "3-dough-3.md",
        "articles/water.md",
        "4-linked.md",
        "5-round.md",
        "6-around/course.md",
        "6-around/6-around/course.md",
    ):
        for kind in ("edit", "preview", "mail"):
            shown = person.look(f"{COURSE}/{kind}/{path}")
            assert shown.status in (200, 404, 422), shown.url
            assert SECRET not in shown.text
    for path, status in (("linked.jpg", 404), ("../course.md", 404), ("page.png", 200)):
        shown = person.look(f"{COURSE}/media/{path}")
        assert shown.status == status, path
        assert SECRET not in shown.text
    for path in ("publish", "calendar", "media", "history"):
        assert person.look(f"{COURSE}/{path}").status == 200
    _, fields = person.look("/studio/you").form_fields()
    assert person.post(f"{COURSE}/publish", fields).status in (409, 422)
    assert bad.course == before, "the published edition stays in service"


@pytest.mark.parametrize("text", ["---\n- a\n---\nx", "---\n7\n---\nx", "---\n&a [*a]\n---\nx", "---\n{{{\n---\n"])
def test_a_front_matter_that_is_no_mapping_is_told_while_it_is_written(studio: World, text: str) -> None:
    person = sign_in(studio, "author")
    _, fields = person.look(f"{COURSE}/edit/2-dough-2.md").form_fields()
    page = person.post(f"{COURSE}/draft/2-dough-2.md", fields | {"text": text})
    assert page.status == 200
    assert "DL101" in page.text
    page = person.post(f"{COURSE}/edit/2-dough-2.md", fields | {"text": text})
    assert "DL101" in page.text, "saved, with its finding"
