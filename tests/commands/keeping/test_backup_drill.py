"""The drill of docs/deploy.md, followed to the letter: real processes, and a machine that is lost."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from tests.support.project import ROOT
from tests.support.servers.ports import free_port
from tests.support.servers.postgres import Postgres
from tests.support.up import DAYLETTER, running, settings
from tests.support.waiting import PATIENCE, wait_for
from tests.support.world.databases import KINDS
from tests.support.world.mails import Mail, of_outbox, read_mail

pytestmark = pytest.mark.server

COURSE = "career-mobility"
EXAMPLE = "2026-03-27T06:00Z"


def drill() -> list[str]:
    """The commands, in their order."""
    section = re.search(r"^## Backups.*?(?=^## )", (ROOT / "docs/deploy.md").read_text(), flags=re.M | re.S)
    assert section is not None
    return re.findall(r"^ +(dayletter .*)$", section[0], flags=re.M)


@pytest.fixture
def two_on_postgresql(postgres: Postgres) -> Iterator[list[dict[str, str]]]:
    with postgres.fresh_database() as old, postgres.fresh_database() as new:
        yield [{"DATABASE_URL": url} for url in (old, new)]


@pytest.fixture(params=KINDS)
def databases(request: pytest.FixtureRequest) -> list[dict[str, str]]:
    """Settings for the database of the old machine, and of the new one."""
    if request.param == "sqlite":
        return [{}, {}]
    urls: list[dict[str, str]] = request.getfixturevalue("two_on_postgresql")
    return urls


class Machine:
    def __init__(self, folder: Path, name: str, more: dict[str, str]) -> None:
        self.folder, self.var_dir, self.more = folder, folder / name, more
        self.var_dir.mkdir()

    def run(self, command: str) -> str:
        """As in a shell there; what it said."""
        environment = settings(self.var_dir, **self.more)
        environment["PATH"] = f"{Path(DAYLETTER).parent}{os.pathsep}{environment['PATH']}"
        done = subprocess.run(
            command, shell=True, env=environment, cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def mails(self, to: str) -> list[Mail]:
        sent = [read_mail(raw) for raw in of_outbox(self.var_dir / "outbox")()]
        return [mail for mail in sent if mail.message["To"] == to]

    def kinds(self, to: str) -> list[str]:
        return sorted(mail.kind for mail in self.mails(to))


def test_the_drill_sends_nothing_twice(tmp_path: Path, databases: list[dict[str, str]]) -> None:
    backup, restore, up, look, release = drill()
    old, new = (Machine(tmp_path, name, more) for name, more in zip(("old", "new"), databases, strict=True))
    with running(old.var_dir, free_port(), **old.more) as lost:
        old.run("dayletter hold")
        old.run(f"dayletter enrol {COURSE} ada@example.org --confirmed")
        old.run(backup)
        assert "Sending goes on" in old.run("dayletter release")
        wait_for(lambda: old.kinds("ada@example.org") == ["lesson", "welcome"], lost.told)
        lost.end(signal.SIGKILL)
    moment = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    assert "Sending is on hold" in new.run(restore)
    assert up == "dayletter up"
    with running(new.var_dir, free_port(), **new.more) as back:
        assert "Sending is on hold: restored from a backup" in back.told()
        told = new.run(look)
        assert "1 welcome mail" in told
        assert "ada@example.org" in told
        assert EXAMPLE in release
        assert "2 mails count as sent" in new.run(release.replace(EXAMPLE, moment))
        new.run(f"dayletter enrol {COURSE} bob@example.org --confirmed")
        wait_for(lambda: new.kinds("bob@example.org") == ["lesson", "welcome"], back.told)
        assert new.kinds("ada@example.org") == []
        link = old.mails("ada@example.org")[0].link("/learn/")
        with urlopen(f"{back.url}{urlsplit(link).path}", timeout=PATIENCE) as page:
            assert page.status == 200
