"""How far a long command is, on standard error: a bar on a terminal, nothing elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told how far it is."""

    progress: Progress

    def count(self, what: str, done: int, total: int | None = None) -> None:
        """Tell that so many of them are done; without a `total` it is not known how many there are."""
        known = {task.description: task.id for task in self.progress.tasks}
        if what not in known:
            known[what] = self.progress.add_task(what, total=total)
        self.progress.update(known[what], completed=done)


@contextmanager
def telling(*, of_bytes: bool = False) -> Iterator[Told]:
    """For as long as the block lasts."""
    console = Console(stderr=True)
    amount = DownloadColumn() if of_bytes else MofNCompleteColumn()
    shown = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        amount,
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with shown as progress:
        yield Told(progress)
