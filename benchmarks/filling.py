"""One mail from its compiled template: slots filled, bytes ready for the wire. In CPU time: nothing waits here."""

import time

from benchmarks.bench import Bench
from benchmarks.letters import ready_letters
from benchmarks.rows import Result, limited, repeated
from mailer.compose.mime import wire_of


def run(bench: Bench) -> list[Result]:
    template, letters = ready_letters(bench, 2000)
    wire = wire_of(template)
    size = len(wire.bytes_of(letters[0]))
    slots = len(template.text.slots) + len(template.html.slots)

    def fill_all() -> float:
        began = time.process_time()
        for letter in letters:
            wire.bytes_of(letter)
        return (time.process_time() - began) * 1e6 / len(letters)

    filled = repeated(4 * bench.rounds, fill_all)
    return [limited(f"filling one mail of {size:,} bytes with {slots} slots", "us", filled, "at most", 30)]
