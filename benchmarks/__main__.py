"""Runs benchmarks by name, all without one; shows a table and writes JSON."""

import argparse
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from benchmarks import (
    authoring,
    claiming,
    confirmation,
    cpu,
    delay,
    editing,
    filling,
    memory,
    pages,
    planning,
    report,
    sendgrid,
    sending,
    signing,
    sweeping,
    verdicts,
    webhook,
)
from benchmarks.bench import Bench
from benchmarks.rows import Result
from course.settings import var_folder

BENCHMARKS: dict[str, Callable[[Bench], list[Result]]] = {
    "sending": sending.run,
    "confirmation": confirmation.run,
    "delay": delay.run,
    "cpu": cpu.run,
    "signing": signing.run,
    "sendgrid": sendgrid.run,
    "filling": filling.run,
    "planning": planning.run,
    "sweep": sweeping.run,
    "claiming": claiming.run,
    "memory": memory.run,
    "webhook": webhook.run,
    "authoring": authoring.run,
    "editing": editing.run,
    "pages": pages.run,
    "verdicts": verdicts.run,
}


def main() -> int:
    arguments = _arguments()
    # A log has no width of its own, and eighty columns are too few for this table.
    console = Console(width=None if sys.stdout.isatty() else 160)
    results: dict[str, list[Result]] = {}
    with Bench(arguments.out.absolute(), arguments.quick, console) as bench:
        for name in arguments.names or BENCHMARKS:
            bench.say(f"{name} ...")
            began = time.monotonic()
            results[name] = BENCHMARKS[name](bench)
            bench.say(f"{name}: {time.monotonic() - began:.0f} s")
        shutil.rmtree(bench.out / "work", ignore_errors=True)
    report.show(console, results)
    console.print(f"written to {report.write(arguments.out, results, arguments.quick)}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all without one")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, smaller numbers: for a first look")
    parser.add_argument("--out", type=Path, default=var_folder() / "bench", help="for results, tools and peers")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - BENCHMARKS.keys():
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
