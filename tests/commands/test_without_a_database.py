"""Commands before `migrate`, or with a database that is not there: a clear word and exit 1, no traceback."""

import os
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from course.db import Database
from course.migrations.revisions import schema_in, schema_problem
from course.migrations.schema import migrate_database
from mailer.runtime import build
from mailer.settings import load
from tests.support.project import ROOT
from tests.support.servers.ports import free_port
from tests.support.up import DAYLETTER
from tests.support.waiting import PATIENCE, wait_for
from tests.support.world.sample_course import SLUG
from tests.support.world.settings import SECRET
from web.app import create_app
from worker import AGAIN_SECONDS

pytestmark = pytest.mark.server


def settings(var_dir: Path, database_url: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "VAR_DIR": str(var_dir),
        "DATABASE_URL": database_url,
        "REDIS_URL": f"redis://127.0.0.1:{free_port()}",
        "SECRET_KEY": SECRET,
    }


def told(var_dir: Path, database_url: str, *arguments: str) -> str:
    """What a command that cannot do its work says instead."""
    environment = settings(var_dir, database_url)
    done = subprocess.run([DAYLETTER, *arguments], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, arguments
    assert "Traceback" not in done.stderr
    return done.stderr


def test_before_migrating_a_command_says_what_is_missing(tmp_path: Path, empty_database_url: str) -> None:
    for command in ("stats", SLUG), ("hold",), ("explain", "a@b.org"), ("plan",):
        said = told(tmp_path / "var", empty_database_url, *command)
        assert said == "The database has no tables yet. Run `dayletter migrate`.\n"


def test_a_database_of_a_newer_version_is_left_alone_and_it_is_said(tmp_path: Path, database_url: str) -> None:
    newer = "9999"
    with closing(Database(database_url)) as database:
        with database.engine.execution_options(writes=True).begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :newer"), {"newer": newer})
        up = ("up", "--port", str(free_port()))
        for command in ("stats", SLUG), ("hold",), ("migrate",), ("publish", "--yes"), up:
            said = told(tmp_path / "var", database_url, *command)
            assert said.startswith(f"The database is of a newer Dayletter: its schema is {newer}")
            assert len(said.splitlines()) == 1
        with database.engine.connect() as connection:
            assert schema_in(connection) == newer


@pytest.mark.parametrize("command", ["work", "clock"])
def test_who_works_all_the_time_says_once_what_to_run_and_waits_for_it(
    command: str, tmp_path: Path, empty_database_url: str
) -> None:
    log = tmp_path / "said"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [DAYLETTER, command], env=settings(tmp_path / "var", empty_database_url), stderr=output
        ) as process,
    ):
        try:
            wait_for(lambda: "Run `dayletter migrate`. Waiting" in log.read_text(), log.read_text)
            time.sleep(3 * AGAIN_SECONDS)  # it would have said it again
            assert len(log.read_text().splitlines()) == 1
            with closing(Database(empty_database_url)) as database:
                migrate_database(database)
            # There is no Redis here, which they notice as soon as they go to work.
            wait_for(lambda: "Redis is away" in log.read_text() or command == "clock", log.read_text)
            process.terminate()
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()


def test_a_site_without_tables_says_what_to_run_and_lives(tmp_path: Path, empty_database_url: str) -> None:
    values = settings(tmp_path / "var", empty_database_url)
    runtime = build(load(values))
    with closing(runtime):
        client = create_app(runtime).test_client()
        assert client.get("/healthz").status_code == 200
        for path in ("/", f"/courses/{SLUG}"):
            answer = client.get(path)
            assert answer.status_code == 503, path
            assert "Try again in a minute" in answer.text
        ready = client.get("/readyz")
        assert ready.status_code == 503
        assert ready.json is not None
        assert ready.json["alarms"] == ["The database has no tables yet. Run `dayletter migrate`."]
        migrate_database(runtime.db)
        assert client.get("/readyz").status_code == 200


KNOWN = ("0001", "0002")
SAID = {
    None: "The database has no tables yet. Run `dayletter migrate`.",
    "0001": "has schema 0001, and this Dayletter needs 0002. Run `dayletter migrate`.",
    "0003": "of a newer Dayletter: its schema is 0003, and this one knows none after 0002.",
}


@pytest.mark.parametrize("present", SAID)
def test_what_to_run_is_told_by_what_is_there(present: str | None) -> None:
    assert SAID[present] in schema_problem(present, KNOWN)


def test_of_the_newest_schema_there_is_nothing_to_say() -> None:
    assert schema_problem("0002", KNOWN) == ""


@pytest.mark.parametrize("command", ["migrate", "up"])
def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path, command: str) -> None:
    arguments = ("--port", str(free_port())) if command == "up" else ()
    url = f"postgresql://nobody:a-password@127.0.0.1:{free_port()}/none"
    said = told(tmp_path / "var", url, command, *arguments)
    assert "refused" in said
    assert "a-password" not in said


def test_a_file_where_the_folder_is_to_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("in the way")
    assert f"{tmp_path}/taken" in told(tmp_path, f"sqlite:///{tmp_path}/taken/dayletter.sqlite", "migrate")
