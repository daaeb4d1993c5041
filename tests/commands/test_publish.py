"""`dayletter publish`, `move`, `history` and `rollback`: what an author is told, asked, and spared."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from tests.support.world.sample_course import SLUG
from tests.support.world.settings import SECRET
from tests.support.world.world import World
from web.commands import dayletter

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Run = Callable[..., str]


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the world's database and folder; what it printed."""
    settings = world.runtime.settings
    for name, value in {
        "DATABASE_URL": settings.database_url,
        "VAR_DIR": str(settings.var_dir),
        "LESSONS_DIR": str(world.lessons_dir),
        "SECRET_KEY": SECRET,
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("REDIS_URL", "CLOCK", "MAIL_URL", "TRACKING"):
        monkeypatch.delenv(name, raising=False)

    def command(*arguments: str, answer: str = "", code: int = 0) -> str:
        result: Result = CliRunner().invoke(dayletter, arguments, input=answer)
        assert result.exit_code == code, result.output
        return result.output + (str(result.exception) if code else "")

    return command


def write(world: World, file: str, *, old: str = "", new: str) -> None:
    path = world.lessons_dir / SLUG / file
    path.write_text(path.read_text().replace(old, new) if old else new)


def test_publishing_shows_what_changes_and_whom_it_touches_and_asks(world: World, run: Run) -> None:
    world.enrol()
    world.enrol("bea@example.org")
    write(world, "1-dough-1.md", old="Weigh", new="Weigh out")
    write(world, "4-dough-4.md", new="---\ntitle: Day of the oven\n---\nHeat it.\n")
    said = run("publish", "--diff", answer="n\n")
    for line in (
        "new: lesson dough-4",
        "corrected: lesson dough-1",
        "a new edition: dough-1, dough-2, dough-3, dough-4 (it was: dough-1, dough-2, dough-3)",
        "whom it touches: 2 active",
        "under way on edition 1: 2 had 1 lesson",
        "the 2 under way keep their lessons, unless you move them afterwards",
        "to move them: dayletter move bread-at-home",
        "-- [ ] Weigh the **flour**",
        "+- [ ] Weigh out the **flour**",
        "Publish this? [y/N]",
    ):
        assert line in said
    assert len(world.course.lessons) == 3
    assert "is published" in run("publish", SLUG, "--yes", "--why", "A fourth day")
    assert len(world.course.lessons) == 4
    assert "nothing has changed" in run("publish")
    assert "A fourth day, in service" in run("history", SLUG)


def test_a_rename_that_does_not_say_so_is_pointed_out_before_anything_happens(world: World, run: Run) -> None:
    folder = world.lessons_dir / SLUG
    (folder / "2-dough-2.md").rename(folder / "2-kneading.md")
    said = run("publish", "--dry-run")
    assert "write `was: dough-2` in its front matter" in said
    assert "dough-2" in [lesson.slug for lesson in world.course.lessons]
    write(world, "2-kneading.md", old="title: Day", new="was: dough-2\ntitle: Day")
    assert "renamed: lesson dough-2 is kneading from now on" in run("publish", "--yes")


def test_a_name_that_cannot_be_is_refused_with_its_file(world: World, run: Run) -> None:
    write(world, "4-more.md", new="---\ntitle: More\nwas: dough-1\n---\nMore.\n")
    said = run("publish", "--yes", code=1)
    assert "4-more.md:3: " in said
    assert "`was: dough-1` names a lesson that is still there" in said
    assert "what is in service stays as it is" in said


def test_learners_are_moved_after_seeing_what_each_gets(world: World, run: Run) -> None:
    world.enrol()
    write(world, "4-dough-4.md", new="---\ntitle: Day of the oven\n---\nHeat it.\n")
    (world.lessons_dir / SLUG / "2-dough-2.md").unlink()
    assert "nobody under way" in run("move", SLUG)
    run("publish", "--yes")
    said = run("move", SLUG, answer="n\n")
    for line in (
        "1 learner with dough-1, dough-2, dough-3:",
        "have had: dough-1",
        "get next: dough-3",
        "added for them: dough-4",
        "falls away before it came: dough-2",
        "Move them? [y/N]",
    ):
        assert line in said
    assert "1 learners were moved" in run("move", SLUG, "--yes")
    assert "nobody under way" in run("move", SLUG)


def test_going_back_is_one_step_and_can_be_looked_at_before(world: World, run: Run) -> None:
    before = world.course
    write(world, "1-dough-1.md", old="Weigh", new="Weigh out")
    run("publish", "--yes")
    said = run("rollback", SLUG, "1", "--diff", answer="n\n")
    assert "+- [ ] Weigh the **flour**" in said
    assert world.course != before
    assert "as it was in version 1" in run("rollback", SLUG, "1", "--yes")
    assert world.course == before
    assert "the same as version 1" in run("rollback", SLUG, "1")
    assert "-- [ ] Weigh the **flour**" in run("history", SLUG, "1", "2")
    assert "no version 9" in run("rollback", SLUG, "9", code=1)
    run("history", SLUG, "1", code=2)
