"""`dayletter backup`, `restore` and `release`: what a lost machine had sent goes out no second time."""

import io
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from course.backup.container import Writer, members
from course.backup.manifest import Manifest, as_lines
from course.db import Database
from course.migrations.schema import is_current
from course.models import Base, Deed
from tests.support.servers.postgres import Postgres
from tests.support.servers.redis_server import RedisServer
from tests.support.world.databases import KINDS
from tests.support.world.settings import SECRET
from tests.support.world.world import BASE_URL, World
from tests.upgrade.fixture import read_fixture
from web.commands import dayletter

On = Callable[..., Result]
Rebuild = Callable[[], World]


@pytest.fixture(params=KINDS)
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database on the new machine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.sqlite3'}"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.fresh_database() as url:
        yield url


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "dayletter.backup"


@pytest.fixture
def on(redis_server: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> On:
    """A command on a machine: its database, its VAR_DIR, and whatever else is set there."""

    def run(database_url: str, var_dir: Path, *arguments: str, **settings: str) -> Result:
        for name in ("SECRET_KEY", "CLOCK", "MAIL_URL", "TRACKING", "STUDIO_USERS", "BASE_URL"):
            monkeypatch.delenv(name, raising=False)
        places = {"DATABASE_URL": database_url, "VAR_DIR": str(var_dir), "LESSONS_DIR": str(tmp_path / "lessons")}
        for name, value in {"REDIS_URL": redis_server.url, "BASE_URL": BASE_URL, **places, **settings}.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(dayletter, arguments)

    return run


@pytest.fixture
def old(world: World) -> World:
    """It has made its own secret."""
    (world.runtime.settings.var_dir / "secret").write_text(f"{SECRET}\n")
    return world


@pytest.fixture
def rebuild(
    old: World, new_url: str, tmp_path: Path, redis_server: RedisServer, on: On, file: Path
) -> Iterator[Rebuild]:
    """The machine is lost, and another one is made of its backup, with the same settings."""
    with ExitStack() as closing_all:

        def rebuilt() -> World:
            redis_server.empty()
            done = on(new_url, tmp_path / "new", "restore", str(file))
            assert done.exit_code == 0, done.output
            new = World(tmp_path / "new", new_url, redis_server.url, tmp_path / "lessons", True)
            closing_all.callback(new.close)
            new.clock.moments.append(old.clock.now())
            return new

        yield rebuilt


def back_up(on: On, old: World, file: Path) -> Result:
    settings = old.runtime.settings
    return on(settings.database_url, settings.var_dir, "backup", str(file))


def to(world: World) -> tuple[str, Path]:
    return world.runtime.settings.database_url, world.runtime.settings.var_dir


def lessons(world: World) -> list[str]:
    return [mail.subject for mail in world.mails("lesson")]


def test_a_backup_is_for_its_owner_alone_and_overwrites_nothing(on: On, old: World, file: Path) -> None:
    old.enrol()
    done = back_up(on, old, file)
    assert done.exit_code == 0, done.output
    assert done.output.startswith(f"{file}: ")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    assert "is there already" in str(back_up(on, old, file).exception)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.glob(".*")] == []


def test_what_cannot_be_written_in_full_leaves_nothing(on: On, old: World, tmp_path: Path) -> None:
    done = back_up(on, old, tmp_path / "no-such-folder/file")
    assert isinstance(done.exception, FileNotFoundError)


def test_a_secret_that_is_set_is_not_in_it_and_that_is_told(on: On, old: World, file: Path) -> None:
    settings = old.runtime.settings
    done = on(settings.database_url, settings.var_dir, "backup", str(file), SECRET_KEY=SECRET)
    assert "Not in it: SECRET_KEY" in done.output
    with file.open("rb") as opened:
        assert "secret" not in [name for name, _ in members(opened)]


def test_a_new_machine_sends_nothing_by_itself_and_then_only_what_is_due_later(
    on: On, old: World, rebuild: Rebuild, file: Path
) -> None:
    """The old one has sent two more lessons since the backup was made."""
    old.enrol()
    back_up(on, old, file)
    assert old.forward(days=1, hours=2) == 1
    assert old.forward(days=1) == 1
    last = old.clock.now()
    assert len(lessons(old)) == 3
    new = rebuild()
    new.clock.forward(hours=1)
    assert new.step() == 0
    looked = on(*to(new), "release", "--dry-run")
    assert "Held: restored from a backup made at" in looked.output
    assert "bread-at-home: 1 learner is due the next lesson or a reminder (ada@example.org)" in looked.output
    assert new.step() == 0
    done = on(*to(new), "release", "--sent-before", last.isoformat())
    assert done.output.endswith("2 mails count as sent, and will not be sent.\nSending goes on.\n")
    assert new.step() == 0
    for _ in range(5):
        new.forward(days=1)
    assert lessons(new) == []
    with new.runtime.db.read() as session:
        details = session.scalars(select(Deed.details).where(Deed.what == "let sending go on")).one()
    assert details["counted_as_sent"] == 2


def test_a_lesson_that_was_due_while_nobody_sent_comes_once(
    on: On, old: World, rebuild: Rebuild, file: Path
) -> None:
    old.enrol()
    back_up(on, old, file)
    assert old.forward(days=1, hours=2) == 1
    lost = old.clock.now()
    new = rebuild()
    new.clock.forward(days=1)
    assert new.step() == 0
    on(*to(new), "release", "--sent-before", f"{lost:%Y-%m-%dT%H:%M:%S}")
    assert new.step() == 1
    new.forward(days=3)
    assert len(lessons(new)) == 1
    sent = [row["occasion"] for row in new.rows()["delivery"] if row["attempt_id"] and row["kind"] == "lesson"]
    assert sorted(sent) == ["lesson:dough-1", "lesson:dough-3"]


def test_released_without_a_moment_it_sends_what_it_thinks_is_due(
    on: On, old: World, rebuild: Rebuild, file: Path
) -> None:
    old.enrol()
    back_up(on, old, file)
    new = rebuild()
    new.clock.forward(days=1, hours=2)
    assert new.step() == 0
    assert on(*to(new), "release").output.endswith("Sending goes on.\n")
    assert new.step() == 1


def test_mails_that_waited_in_the_backup_count_as_sent_too(
    on: On, old: World, rebuild: Rebuild, file: Path
) -> None:
    old.admit("bob@example.org", "carl@example.org")
    back_up(on, old, file)
    new = rebuild()
    told = on(*to(new), "release", "--dry-run").output
    assert "2 welcome mails wait and go out (bob@example.org, carl@example.org)" in told
    moment = new.clock.now() + timedelta(seconds=1)
    on(*to(new), "release", "--sent-before", moment.isoformat())
    assert new.step() == 0
    assert {row["state"] for row in new.rows()["delivery"]} == {"accepted"}


def test_links_in_mails_of_before_still_open(on: On, old: World, rebuild: Rebuild, file: Path) -> None:
    old.enrol()
    back_up(on, old, file)
    new = rebuild()
    assert (new.runtime.settings.var_dir / "secret").read_text() == f"{SECRET}\n"
    assert stat.S_IMODE((new.runtime.settings.var_dir / "secret").stat().st_mode) == 0o600
    assert new.person.look(old.learn_url()).status == 200


def test_a_moment_that_is_none_or_to_come_is_refused(on: On, old: World) -> None:
    assert on(*to(old), "release", "--sent-before", "yesterday").exit_code == 2
    assert "still to come" in str(on(*to(old), "release", "--sent-before", "9999-01-01").exception)


def test_counting_as_sent_needs_a_hold(on: On, old: World) -> None:
    done = on(*to(old), "release", "--sent-before", "2026-01-01")
    assert "`dayletter hold` first" in str(done.exception)


def test_a_damaged_file_changes_nothing(on: On, old: World, new_url: str, tmp_path: Path, file: Path) -> None:
    old.enrol()
    back_up(on, old, file)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    done = on(new_url, tmp_path / "new", "restore", str(file))
    assert done.exit_code == 1
    assert "was not restored, and nothing was changed" in str(done.exception)
    assert not (tmp_path / "new").exists()


def test_a_database_in_use_is_left_alone(on: On, old: World, file: Path, tmp_path: Path) -> None:
    back_up(on, old, file)
    before = old.rows()
    done = on(old.runtime.settings.database_url, tmp_path / "new", "restore", str(file))
    assert "not empty" in str(done.exception)
    assert old.rows() == before


def test_another_secret_is_not_overwritten(on: On, old: World, new_url: str, file: Path, tmp_path: Path) -> None:
    back_up(on, old, file)
    (tmp_path / "new").mkdir()
    (tmp_path / "new/secret").write_text("one that up has made meanwhile")
    done = on(new_url, tmp_path / "new", "restore", str(file))
    assert "another secret" in str(done.exception)
    assert (tmp_path / "new/secret").read_text() == "one that up has made meanwhile"


def write_by_hand(file: Path, schema: str, tables: Mapping[str, Sequence[Mapping[str, object]]]) -> None:
    columns = {name: list(rows[0]) for name, rows in tables.items() if rows}
    made = Manifest("2026-03-27T06:00:00+00:00", "0.0.1", schema, columns, secret=False)
    output = io.BytesIO()
    writer = Writer(output, 0)
    writer.add("manifest.json", made.written())
    for name in columns:
        writer.add(f"rows/{name}/00000000.jsonl.gz", as_lines([list(row.values()) for row in tables[name]]))
    writer.finish()
    file.write_bytes(output.getvalue())


@pytest.mark.parametrize("schema", ["schema_0001", "schema_0002"])
def test_a_backup_of_an_older_dayletter_is_brought_up_to_date(
    on: On, new_url: str, tmp_path: Path, file: Path, schema: str
) -> None:
    left = read_fixture(schema)
    # Attempts referred to their deliveries then.
    order = [*(table.name for table in Base.metadata.sorted_tables if table.name != "attempt"), "attempt"]
    write_by_hand(file, left.schema, {name: list(left.rows[name]) for name in order if name in left.rows})
    done = on(new_url, tmp_path / "new", "restore", str(file), SECRET_KEY=SECRET)
    assert done.exit_code == 0, (done.output, done.exception)
    with closing(Database(new_url)) as database:
        assert is_current(database)
        with database.read() as session:
            assert len(session.connection().exec_driver_sql("SELECT id FROM learner").all()) == len(
                left.rows["learner"]
            )


def test_a_backup_of_a_newer_dayletter_is_refused(on: On, new_url: str, tmp_path: Path, file: Path) -> None:
    write_by_hand(file, "9999", {"learner": [{"id": 1}]})
    done = on(new_url, tmp_path / "new", "restore", str(file), SECRET_KEY=SECRET)
    assert done.exit_code == 1
    assert "of a newer Dayletter" in str(done.exception)
