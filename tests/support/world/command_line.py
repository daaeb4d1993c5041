"""The `dayletter` command in this process, on a world's database."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.world.settings import SECRET
from tests.support.world.world import World
from web.commands import dayletter

Run = Callable[..., Result]


def files_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No setting but the folder of courses, which is not there yet, in an empty working directory."""
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "BASE_URL", "VAR_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LESSONS_DIR", str(folder / "lessons"))
    monkeypatch.chdir(folder)
    return folder / "lessons"


def command_line(world: World, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command without any Redis to hurry with."""
    settings = world.runtime.settings
    for name, value in {
        "DATABASE_URL": settings.database_url,
        "VAR_DIR": str(settings.var_dir),
        "SECRET_KEY": SECRET,
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("REDIS_URL", "CLOCK", "MAIL_URL", "TRACKING", "STUDIO_USERS"):
        monkeypatch.delenv(name, raising=False)

    def command(*arguments: str, answer: str = "") -> Result:
        result = CliRunner().invoke(dayletter, arguments, input=answer)
        # The command goes by the real clock: from here on the world does too.
        world.clock.moments.append(
            max([world.clock.now(), *(row["retry_at"] for row in world.rows()["delivery"])])
        )
        return result

    return command
