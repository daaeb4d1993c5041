"""A whole Dayletter of real processes: the site, a worker and a clock process, on free loopback ports."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar
from urllib.request import urlopen

from course.migrations.schema import migrate_database
from mailer.runtime import build
from mailer.settings import load
from tests.support.lasting import Lasting
from tests.support.project import LESSONS, ROOT
from tests.support.servers.ports import free_port
from tests.support.waiting import PATIENCE, wait_for
from tests.support.world.mails import Mail, Source, read_mail
from tests.support.world.person import HttpBrowser, Person
from tests.support.world.settings import SETTINGS
from tests.support.world.world import publish_folders

T = TypeVar("T")
HERE = Path(sys.executable).parent


class Site(Lasting):
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
            # The command may be installed from another working copy than the one under test.
            "PYTHONPATH": str(ROOT),
            "VAR_DIR": str(var_dir),
            "LESSONS_DIR": str(LESSONS),
            "BASE_URL": self.base_url,
            **SETTINGS,
            **environment,
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def _at_work(self) -> Iterator[None]:
        self._var_dir.mkdir(parents=True, exist_ok=True)
        with closing(build(load(self.environment))) as runtime:
            migrate_database(runtime.db)
            publish_folders(runtime)
        try:
            for name in ("web", "worker", "clock"):
                self.start(name)
            self.wait_for(self._is_served)
            yield
        finally:
            for process in self._processes.values():
                self._signal(process, signal.SIGTERM)
            for process in self._processes.values():
                with suppress(subprocess.TimeoutExpired):
                    process.wait(10)
                # To the whole group, also when its head is gone: a site's own workers may have stayed.
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
        commands: dict[str, list[str]] = {
            "web": [str(HERE / "dayletter"), "serve", "--port", str(self.port)],
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

    def mail(self, kind: str, day: int | None = None) -> Mail:
        """The first mail of a kind (and day), as soon as it is there."""

        def find() -> Mail | None:
            return next((mail for mail in self.mails() if mail.kind == kind and mail.day == day), None)

        return self.wait_for(find)

    def wait_for(self, found: Callable[[], T | None]) -> T:
        """The first true answer; in vain only if one of the processes died by itself."""
        return wait_for(found, self.logs, hopeless=self._has_died)

    def logs(self) -> str:
        return "\n".join(f"--- {log.name}\n{log.read_text()[-3000:]}" for log in self._var_dir.glob("*.log"))

    def _has_died(self) -> bool:
        return any(process.poll() is not None for process in self._processes.values())

    def _is_served(self) -> bool:
        try:
            with urlopen(f"{self.base_url}/readyz", timeout=PATIENCE) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _signal(self, process: subprocess.Popen[bytes], number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
