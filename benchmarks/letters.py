"""Letters of the measured course with every slot filled, as the engine makes them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from benchmarks.bench import Bench
from benchmarks.people import enrol
from benchmarks.runtimes import batches, sqlite_runtime
from mailer.compose.message import Letter, Template
from mailer.providers.answer import Answer, Begin, unannounced
from mailer.sending.deliver import deliver_batch
from mailer.sending.plan import planning_step


@dataclass
class Keeping:
    """A provider that keeps what it is given."""

    confirms: ClassVar[bool] = False
    template: Template | None = None
    letters: list[Letter] = field(default_factory=list)

    def send(self, template: Template, letters: Sequence[Letter], begin: Begin = unannounced) -> Iterator[Answer]:
        self.template = template
        self.letters += letters
        return (Answer(letter.attempt, "accepted") for letter in letters)

    def has(self, delivery: str) -> None:
        """It cannot be asked."""

    def trouble(self) -> str:
        return ""

    def ways(self) -> dict[str, str]:
        return {}

    def close(self) -> None:
        """There is nothing to close."""


def ready_letters(bench: Bench, count: int) -> tuple[Template, list[Letter]]:
    """Planned, claimed and addressed by the engine itself."""
    with sqlite_runtime(bench) as runtime:
        enrol(runtime, count)
        kept = Keeping()
        own = replace(runtime, provider=kept)
        planning_step(own)
        for batch in batches(own):
            deliver_batch(own, batch)
    assert kept.template is not None and len(kept.letters) == count
    return kept.template, kept.letters
