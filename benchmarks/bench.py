"""What the benchmarks of one run share: servers started when first asked for, folders, sizes."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console

from benchmarks.postfix import Postfix, find_postfix
from tests.support.servers.postgres import Postgres, postgres_server
from tests.support.servers.redis_server import RedisServer

# The tests' server forgets in a crash, to be quick. Who asks what a lesson costs must pay for its commits.
DURABLE = ("max_connections=200",)


@dataclass
class Bench:
    """To be entered; what it started ends with it. `out` keeps results, unpacked tools and peers."""

    out: Path
    quick: bool
    console: Console
    _stack: ExitStack = field(default_factory=ExitStack)
    _numbers: Iterator[int] = field(default_factory=count)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def rounds(self) -> int:
        return 3 if self.quick else 5

    def size(self, full: int, quick: int) -> int:
        return quick if self.quick else full

    def say(self, text: str) -> None:
        self.console.print(f"[dim]{text}[/dim]")

    def folder(self) -> Path:
        """An empty one."""
        folder = self.out / "work" / f"{next(self._numbers)}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @cached_property
    def postgres(self) -> Postgres:
        """A real one with all its safety on, of this run's own."""
        return self._stack.enter_context(postgres_server(DURABLE))

    @cached_property
    def redis(self) -> RedisServer:
        return self._stack.enter_context(RedisServer())

    @cached_property
    def postfix(self) -> Postfix | None:
        """None where it is not on PATH and cannot be unpacked."""
        return find_postfix(self.out / "tools")
