"""Child processes that are started again when they die, and that never outlive us."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import click

from course.errors import DayletterError
from mailer import time_limits

# Reads process groups from its standard input; when that ends, however we ended, it stops them all.
REAPER = """
import os, signal, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
groups = set()
for line in sys.stdin:
    sign, group = line[0], int(line[1:])
    groups.add(group) if sign == "+" else groups.discard(group)
for sent in (signal.SIGTERM, signal.SIGKILL):
    for group in groups:
        try:
            os.killpg(group, sent)
        except OSError:
            pass
    time.sleep(1 if groups else 0)
"""

SOONEST_AGAIN_SECONDS = 1.0
TOLD_AFTER_SECONDS = 10.0
ASK_SECONDS = 0.1
LAST_LINES = 12
WELL_SECONDS = 60.0
"""Who has lived as long had started well: its next death is the first of a row."""
MOST_DEATHS = 3
DRAIN_SECONDS = 2.0
"""How long the last words of one that has ended are waited for: children of its own may hold its outputs open."""


@dataclass
class Child:
    """One long-running process in a group of its own. `stop_seconds` is how long it may take to end when asked.

    What it says is passed on as it comes, and the end of it kept. `log` is where it says it instead, if it does.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    stop_seconds: float = time_limits.QUICK_STOP
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    _said: deque[bytes] = field(default_factory=lambda: deque(maxlen=LAST_LINES))
    _listeners: list[threading.Thread] = field(default_factory=list)

    def start(self) -> int:
        """Starts it, anew if it has ended; the number of its process and of its group."""
        self.process = process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command,
            env=dict(self.environment),
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.started = time.monotonic()
        self._said.clear()
        self._listeners = [
            threading.Thread(target=self._pass_on, args=(source, number), daemon=True)
            for source, number in ((process.stdout, 1), (process.stderr, 2))
        ]
        for listener in self._listeners:
            listener.start()
        return process.pid

    def last_words(self) -> str:
        """How it ended, and the last lines that it said, each indented; to be asked for once it has ended."""
        self.hear_out()
        said = [line.decode(errors="replace").rstrip() for line in self._said]
        if self.log is not None and self.log.exists():
            said += self.log.read_text(errors="replace").splitlines()[-LAST_LINES:]
        how = "" if self.process is None else _ending(self.process.returncode)
        if not any(said):
            return f"It ended {how} without a word."
        return "\n  ".join([f"It ended {how}. Its last words:", *said])

    def hear_out(self) -> None:
        """Waits until all that it said has been passed on."""
        for listener in self._listeners:
            listener.join(DRAIN_SECONDS)

    def _pass_on(self, source: IO[bytes], number: int) -> None:
        for line in source:
            self._said.append(line)
            # Whoever closed our own output does not stop the child's.
            with suppress(OSError):
                os.write(number, line)
        source.close()

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def wait_until(self, ready: Callable[[], bool], stop: threading.Event, otherwise: str) -> None:
        """Waits as long as the process lives, since a busy machine may need minutes, or until `stop` is set. After
        ten seconds it is said what is waited for. Raises DayletterError with `otherwise` and its last words once
        it has ended."""
        patience, is_told = time.monotonic() + TOLD_AFTER_SECONDS, False
        while not ready() and not stop.wait(ASK_SECONDS):
            if self.has_ended():
                raise DayletterError(f"{otherwise} {self.last_words()}")
            if not is_told and time.monotonic() > patience:
                click.echo(f"Still waiting for {self.name} to answer; it is starting.", err=True)
                is_told = True

    def wait_for_end(self) -> None:
        """As long as it may take. After ten seconds it is said what is waited for."""
        soon = min(TOLD_AFTER_SECONDS, self.stop_seconds)
        if not self._ends_within(soon) and soon < self.stop_seconds:
            click.echo(
                f"Stopping waits for {self.name}, which is hearing what became of its last letters.", err=True
            )
            self._ends_within(self.stop_seconds - soon)

    def _ends_within(self, seconds: float) -> bool:
        try:
            if self.process is not None:
                self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True


def _ending(code: int) -> str:
    """`with exit code 1`, `by SIGKILL`"""
    return f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"


@dataclass
class Family:
    """Starts children in order, and stops them in the opposite one."""

    children: list[Child] = field(default_factory=list)
    _reaper: subprocess.Popen[str] | None = None

    def add(self, child: Child) -> None:
        self.children.append(child)
        self._start(child)

    def look_after(self) -> list[str]:
        """Starts again what has died (at most once a second each); their names. Raises DayletterError, with the
        last words, when one has died three times in a row."""
        died: list[str] = []
        for child in self.children:
            if child.has_ended() and time.monotonic() - child.started > SOONEST_AGAIN_SECONDS:
                self._sweep(child, signal.SIGKILL)
                child.deaths = 1 if time.monotonic() - child.started > WELL_SECONDS else child.deaths + 1
                if child.deaths == MOST_DEATHS:
                    raise DayletterError(
                        f"Everything was stopped, since {child.name} died three times in a row and would again."
                        f" {child.last_words()}"
                    )
                self._start(child)
                died.append(child.name)
        return died

    def stop(self) -> None:
        for child in reversed(self.children):
            self._sweep(child, signal.SIGTERM)
            child.wait_for_end()
            self._sweep(child, signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
                child.hear_out()
                self._tell_reaper(f"-{child.process.pid}")
        self.children.clear()
        if self._reaper is not None and self._reaper.stdin is not None:
            self._reaper.stdin.close()
            self._reaper.wait()

    def _start(self, child: Child) -> None:
        if child.process is not None:
            self._tell_reaper(f"-{child.process.pid}")
        self._tell_reaper(f"+{child.start()}")

    def _sweep(self, child: Child, sent: signal.Signals) -> None:
        """To the whole group: a killed parent may have left children of its own."""
        if child.process is not None:
            with suppress(OSError):
                os.killpg(child.process.pid, sent)

    def _tell_reaper(self, line: str) -> None:
        if self._reaper is None or self._reaper.poll() is not None:
            self._reaper = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-c", REAPER], stdin=subprocess.PIPE, text=True, start_new_session=True
            )
            known = [f"+{child.process.pid}" for child in self.children if child.process is not None]
            line = "\n".join([*known, line])
        if self._reaper.stdin is not None:
            self._reaper.stdin.write(line + "\n")
            self._reaper.stdin.flush()
