"""Child processes that are started again when they die, and that never outlive us."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

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


@dataclass
class Child:
    """One long-running process in a group of its own. `stop_seconds` is how long it may take to end when asked."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    stop_seconds: float = time_limits.QUICK_STOP
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def wait_until(self, ready: Callable[[], bool], stop: threading.Event, otherwise: str) -> None:
        """Waits as long as the process lives, since a busy machine may need minutes, or until `stop` is set. After
        ten seconds it is said what is waited for. Raises DayletterError with `otherwise` once it has ended."""
        patience, is_told = time.monotonic() + TOLD_AFTER_SECONDS, False
        while not ready() and not stop.wait(ASK_SECONDS):
            if self.has_ended():
                raise DayletterError(otherwise)
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


@dataclass
class Family:
    """Starts children in order, and stops them in the opposite one."""

    children: list[Child] = field(default_factory=list)
    _reaper: subprocess.Popen[str] | None = None

    def add(self, child: Child) -> None:
        self.children.append(child)
        self._start(child)

    def look_after(self) -> list[str]:
        """Starts again what has died (at most once a second each); their names."""
        died: list[str] = []
        for child in self.children:
            if child.has_ended() and time.monotonic() - child.started > SOONEST_AGAIN_SECONDS:
                self._sweep(child, signal.SIGKILL)
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
                self._tell_reaper(f"-{child.process.pid}")
        self.children.clear()
        if self._reaper is not None and self._reaper.stdin is not None:
            self._reaper.stdin.close()
            self._reaper.wait()

    def _start(self, child: Child) -> None:
        if child.process is not None:
            self._tell_reaper(f"-{child.process.pid}")
        child.process = subprocess.Popen(  # noqa: S603 - our own commands
            child.command, env=dict(child.environment), start_new_session=True, stdin=subprocess.DEVNULL
        )
        child.started = time.monotonic()
        self._tell_reaper(f"+{child.process.pid}")

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
