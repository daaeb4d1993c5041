"""Commands on a full disk, or into a folder closed to writing: a clear word, exit 1, nothing half-written."""

import shutil
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from sqlalchemy import Row, select

from course.db import Database
from course.models import Base
from tests.support.author.poor_disk import MOST_BYTES, poor_command, read_only
from tests.support.world.sample_course import SLUG, write_sample
from tests.support.world.settings import SECRET

pytestmark = pytest.mark.server

Everything = dict[Path, bytes]
Rows = dict[str, Sequence[Row[tuple[object, ...]]]]


@pytest.fixture
def lessons(tmp_path: Path) -> Path:
    write_sample(tmp_path / "lessons")
    return tmp_path / "lessons"


def call(
    lessons: Path,
    *arguments: str,
    most_bytes: int = MOST_BYTES,
    out: Path | None = None,
    database: Path | None = None,
) -> CompletedProcess[str]:
    place = lessons.parent
    settings = {
        "LESSONS_DIR": str(lessons),
        "VAR_DIR": str(place / "var"),
        "DATABASE_URL": f"sqlite:///{database or place / 'dayletter.sqlite3'}",
        "SECRET_KEY": SECRET,
    }
    return poor_command(*arguments, most_bytes=most_bytes, out=out, **settings)


def everything(place: Path) -> Everything:
    return {path: path.read_bytes() if path.is_file() else b"" for path in place.rglob("*")}


def is_told(result: CompletedProcess[str], *words: str) -> None:
    assert result.returncode == 1, result.stderr
    assert "Traceback" not in result.stderr
    assert "Exception ignored" not in result.stderr
    for word in words:
        assert word in result.stderr


def test_of_a_new_course_nothing_is_left_where_it_cannot_be_written(lessons: Path) -> None:
    before = everything(lessons.parent)
    is_told(call(lessons, "new", "first-aid", most_bytes=100), "could not be written: File too large")
    with read_only(lessons):
        is_told(
            call(lessons, "new", "first-aid"), "could not be written: Permission denied", "Nothing was changed"
        )
    assert everything(lessons.parent) == before


def test_half_a_rehearsal_is_none(lessons: Path, tmp_path: Path) -> None:
    before = everything(tmp_path)
    (tmp_path / "empty").mkdir()
    for out in ("fresh", "empty"):
        result = call(lessons, "rehearse", SLUG, "--out", str(tmp_path / out), most_bytes=8000)
        is_told(result, f"{out} could not be written: File too large", "--out")
    assert everything(tmp_path) == before | {tmp_path / "empty": b""}
    with read_only(tmp_path / "empty"):
        for out in ("empty", "empty/in-it"):
            result = call(lessons, "rehearse", SLUG, "--out", str(tmp_path / out))
            is_told(result, f"{out} could not be written: Permission denied")
    assert everything(tmp_path) == before | {tmp_path / "empty": b""}


def test_an_earlier_rehearsal_makes_room_for_the_next_and_a_failed_one_is_repeated(
    lessons: Path, tmp_path: Path
) -> None:
    rehearse = ("rehearse", SLUG, "--out", str(tmp_path / "out"))
    assert call(lessons, *rehearse).returncode == 0
    whole = sorted(path.name for path in (tmp_path / "out").iterdir())
    is_told(call(lessons, *rehearse, most_bytes=8000), "could not be written")
    assert call(lessons, *rehearse).returncode == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == whole


def test_media_that_find_no_room_are_told_and_nothing_is_published(
    lessons: Path, tmp_path: Path, published_sqlite: Path
) -> None:
    database = Path(shutil.copyfile(published_sqlite, tmp_path / "published.sqlite3"))
    rows = rows_of(database)
    (lessons / SLUG / "media/knead.mp4").write_bytes(b"\0\0\0\x20ftypisom" + b"frames" * MOST_BYTES)
    is_told(
        call(lessons, "publish", SLUG, "--yes", database=database), "could not be kept", "Nothing was published"
    )
    assert [*(tmp_path / "var/media").glob(".*")] == []
    assert rows_of(database) == rows


def test_a_database_without_room_publishes_nothing(lessons: Path, tmp_path: Path, published_sqlite: Path) -> None:
    database = Path(shutil.copyfile(published_sqlite, tmp_path / "published.sqlite3"))
    rows = rows_of(database)
    (lessons / SLUG / "4-crust.md").write_text("---\ntitle: Crust\n---\n" + "word " * 20_000)
    result = call(lessons, "publish", SLUG, "--yes", database=database)
    is_told(result, "The database did not do it: ", "what is in service stays as it is")
    assert rows_of(database) == rows


def test_a_file_that_cannot_be_read_is_told(lessons: Path) -> None:
    (lessons / SLUG / "1-dough-1.md").chmod(0o000)
    for command in ("lint", "rehearse"):
        is_told(call(lessons, command, SLUG), "1-dough-1.md could not be read or written: Permission denied")


def test_a_database_that_cannot_be_made_is_told(lessons: Path, tmp_path: Path) -> None:
    (tmp_path / "ro").mkdir()
    with read_only(tmp_path / "ro"):
        is_told(
            call(lessons, "publish", SLUG, "--yes", database=tmp_path / "ro/d.sqlite3"),
            "The database did not do it",
        )
    assert [*(tmp_path / "ro").iterdir()] == []


def test_an_export_that_finds_no_room_is_told(lessons: Path, tmp_path: Path, published_sqlite: Path) -> None:
    database = Path(shutil.copyfile(published_sqlite, tmp_path / "published.sqlite3"))
    team = tmp_path / "team.csv"
    team.write_text("email,name\n" + "".join(f"learner{number}@example.org,Ada\n" for number in range(1200)))
    imported = call(lessons, "learners", "import", SLUG, str(team), most_bytes=10**9, database=database)
    assert imported.returncode == 0, imported.stderr
    result = call(lessons, "learners", "export", SLUG, out=tmp_path / "out.csv", database=database)
    is_told(result, "The output could not be written: File too large")


def rows_of(database: Path) -> Rows:
    with closing(Database(f"sqlite:///{database}")) as opened, opened.read() as session:
        return {table.name: session.execute(select(table)).all() for table in Base.metadata.sorted_tables}
