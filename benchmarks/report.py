"""The table on screen, and the same as JSON."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.rows import Result, Row, Sample, Skipped

Results = Mapping[str, Sequence[Result]]


def show(console: Console, results: Results) -> None:
    table = Table(title="Benchmarks: medians, with lowest and highest in brackets", show_lines=True)
    for heading in ("what", "ours", "peer", "ratio", "asked", "met"):
        table.add_column(heading, justify="left" if heading in ("what", "peer") else "right")
    for results_of_one in results.values():
        for result in results_of_one:
            table.add_row(*_cells(result))
    console.print(table)
    for name, results_of_one in results.items():
        noted = (note for result in results_of_one if isinstance(result, Row) for note in result.notes)
        for note in dict.fromkeys(noted):
            console.print(f"[dim]{name}: {note}[/dim]")


def write(folder: Path, results: Results, quick: bool) -> Path:
    """One file a run, named by its moment."""
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    file = folder / f"{now:%Y%m%dT%H%M%SZ}.json"
    rows = {name: [_as_json(result) for result in found] for name, found in results.items()}
    file.write_text(json.dumps({"at": now.isoformat(), "quick": quick, **_machine(), "rows": rows}, indent=2))
    return file


def _cells(result: Result) -> tuple[str, ...]:
    if isinstance(result, Skipped):
        return result.what, "-", f"skipped: {result.why}", "-", "-", "-"
    theirs = f"{result.peer} {_range(result.theirs, result.unit)}" if result.theirs else "-"
    ratio = f"{result.judged.median:.2f} ({result.judged.low:.2f}-{result.judged.high:.2f})"
    asked = f"{result.bound} {result.floor:g}" + ("" if result.theirs else f" {result.unit}")
    return (
        result.what,
        _range(result.ours, result.unit),
        theirs,
        ratio if result.theirs else "-",
        asked,
        "[green]yes[/green]" if result.met else "[red]no[/red]",
    )


def _range(sample: Sample, unit: str) -> str:
    return f"{_number(sample.median)} {unit} ({_number(sample.low)}-{_number(sample.high)})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _as_json(result: Result) -> dict[str, Any]:
    if isinstance(result, Skipped):
        return asdict(result)
    summary = {"median": result.ours.median, "judged_median": result.judged.median, "met": result.met}
    return asdict(result) | summary


def _machine() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
    }
