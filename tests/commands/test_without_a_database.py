"""Commands before `migrate`, or with a database that is not there: a clear word and exit 1, no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.servers.ports import free_port
from tests.support.world.sample_course import SLUG
from tests.support.world.settings import SECRET

pytestmark = pytest.mark.server


def told(var_dir: Path, database_url: str, *arguments: str) -> str:
    """What a command that cannot do its work says instead."""
    environment = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(var_dir),
        "DATABASE_URL": database_url,
        "REDIS_URL": f"redis://127.0.0.1:{free_port()}",
        "SECRET_KEY": SECRET,
    }
    command = [str(Path(sys.executable).with_name("dayletter")), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, arguments
    assert "Traceback" not in done.stderr
    return done.stderr


def test_before_migrating_a_command_says_what_is_missing(tmp_path: Path, empty_database_url: str) -> None:
    for command in ("stats", SLUG), ("hold",):
        said = told(tmp_path / "var", empty_database_url, *command)
        assert "The database did not do it: " in said
        assert "`dayletter doctor` says more" in said


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
