"""`dayletter up` as a newcomer starts it: a process of its own that nothing survives, however a test ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.project import LESSONS, ROOT
from tests.support.waiting import PATIENCE, wait_for

DAYLETTER = str(Path(sys.executable).parent / "dayletter")


@dataclass(frozen=True)
class Up:
    """It has said where everything is. `told` is all that it and its children said."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def told(self) -> str:
        return self.log.read_text()

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Sends the signal; the exit code, once it has ended."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def has_ended(self) -> bool:
        return self.process.poll() is not None


def settings(var_dir: Path, **more: str) -> dict[str, str]:
    """Nothing is set but where files go, and what is asked for."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(var_dir), "PYTHONUNBUFFERED": "1"}
    # The command may be installed from another working copy than the one under test.
    environment["PYTHONPATH"] = str(ROOT)
    return {**environment, "VAR_DIR": str(var_dir), "LESSONS_DIR": str(LESSONS), **more}


@contextmanager
def running(var_dir: Path, port: int, *options: str, **more: str) -> Iterator[Up]:
    """For as long as the block lasts, unless the test ends it. `options` of the command and `more` settings."""
    log = var_dir / "up.log"
    command = [DAYLETTER, "up", "--port", str(port), *options]
    with (
        log.open("wb") as output,
        subprocess.Popen(command, env=settings(var_dir, **more), stdout=output, stderr=output) as process,
    ):
        up = Up(process, port, log)
        try:
            wait_for(lambda: "Ctrl-C" in up.told(), up.told, hopeless=up.has_ended)
            yield up
        finally:
            try:
                up.end()
            except subprocess.TimeoutExpired:
                # Its reaper ends its children.
                process.kill()
                raise
            for pid in children(var_dir):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def children(var_dir: Path) -> dict[int, str]:
    """Processes whose environment has this VAR_DIR, or whose command names it."""
    listed = subprocess.run(["ps", "axeww", "-o", "pid=,command="], capture_output=True, text=True, check=True)
    lines = [
        line.split(None, 1) for line in listed.stdout.splitlines() if str(var_dir) in line and "ps axe" not in line
    ]
    return {int(pid): command for pid, command in lines if int(pid) != os.getpid()}
