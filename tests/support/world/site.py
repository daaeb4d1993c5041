"""A whole Dayletter of real processes: the site, a worker and a clock process, on free loopback ports."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar
from urllib.request import urlopen

from course.db import migrate_database
from mailer.runtime import build
from mailer.settings import load
from tests.support.project import ROOT
from tests.support.servers.ports import free_port
from tests.support.world.mails import Mail, Source, read_mail
from tests.support.world.person import HttpBrowser, Person
from tests.support.world.settings import SETTINGS
from tests.support.world.waiting import wait_for
from tests.support.world.world import publish_folders

T = TypeVar("T")
HERE = Path(sys.executable).parent
LESSONS = ROOT / "lessons"


class Site:
    """`environment` is all the settings there are; `mails` reads what the mail server caught."""

    def __init__(self, var_dir: Path, environment: Mapping[str, str], mails: Source) -> None:
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.person = Person(HttpBrowser(), self.base_url)
        self._source = mails
        self._var_dir = var_dir
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(var_dir),
            "VAR_DIR": str(var_dir),
            "LESSONS_DIR": str(LESSONS),
            "BASE_URL": self.base_url,
            **SETTINGS,
            **environment,
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        self._var_dir.mkdir(parents=True, exist_ok=True)
        with closing(build(load(self.environment))) as runtime:
            migrate_database(runtime.db)
            publish_folders(runtime)
        for name in ("web", "worker", "clock"):
            self.start(name)
        self.wait_for(self._is_served)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes.values():
            self._signal(process, signal.SIGTERM)
        for process in self._processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                self._signal(process, signal.SIGKILL)
                process.wait()

    def command(self, *arguments: str) -> str:
        """Runs `dayletter ARGUMENTS` to its end; what it printed."""
        done = subprocess.run(
            [HERE / "dayletter", *arguments], env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, name: str) -> None:
        granian = ["--interface", "wsgi", "--factory", "--host", "127.0.0.1", "--port", str(self.port)]
        commands: dict[str, list[str]] = {
            "web": [str(HERE / "granian"), *granian, "--log-level", "warning", "web.app:create_app"],
            "worker": [str(HERE / "dayletter"), "work"],
            "clock": [str(HERE / "dayletter"), "clock"],
        }
        with (self._var_dir / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                commands[name], env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self, name: str) -> None:
        """`kill -9`, also of its children."""
        self._signal(self._processes[name], signal.SIGKILL)
        self._processes[name].wait()

    def mails(self) -> list[Mail]:
        return [read_mail(raw) for raw in self._source()]

    def mail(self, kind: str, day: int | None = None, within: float = 60.0) -> Mail:
        """The first mail of a kind (and day), as soon as it is there."""

        def find() -> Mail | None:
            return next((mail for mail in self.mails() if mail.kind == kind and mail.day == day), None)

        return self.wait_for(find, within)

    def wait_for(self, found: Callable[[], T | None], within: float = 60.0) -> T:
        return wait_for(found, within, self.logs)

    def logs(self) -> str:
        return "\n".join(f"--- {log.name}\n{log.read_text()[-3000:]}" for log in self._var_dir.glob("*.log"))

    def _is_served(self) -> bool:
        try:
            with urlopen(f"{self.base_url}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _signal(self, process: subprocess.Popen[bytes], number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
