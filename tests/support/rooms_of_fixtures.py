"""Which rooms of fixtures a test file needs, read from its text: a test of plain values loads neither browser nor
servers.

A room is a folder of `tests/support/` with a `fixtures.py`. Pytest could be told of all of them at the top; then
every test would pay the seconds that Dayletter, its servers and playwright take to load.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.support.project import ROOT

ROOMS = {file.parent.name: file for file in (ROOT / "tests/support").glob("*/fixtures.py")}
PROPERTIES = "tests.support.properties"
"""What every property test goes by; loaded before the first module that imports hypothesis."""


def plugins_for(test_file: Path) -> list[str]:
    """Names of the modules that hold the fixtures a file asks for, itself or through others and its folders."""
    folders = [folder for folder in test_file.parents if folder.is_relative_to(ROOT / "tests")]
    files = [test_file, *(folder / "conftest.py" for folder in folders if folder != ROOT / "tests")]
    asked = {name for file in files if file.exists() for name in _asked_for(file)}
    rooms = {room for name in asked for room in _rooms_behind(name)}
    properties = [PROPERTIES] if "hypothesis" in _libraries(test_file) else []
    return [*properties, *(f"tests.support.{room}.fixtures" for room in sorted(rooms))]


def _rooms_behind(fixture: str) -> Iterator[str]:
    for room, file in ROOMS.items():
        if fixture in _made_in(file):
            yield room
            yield from (other for name in _asked_for(file) - _made_in(file) for other in _rooms_behind(name))


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


@cache
def _asked_for(file: Path) -> frozenset[str]:
    """Every name of a parameter in the file, be it a fixture's or not."""
    functions = [node for node in ast.walk(_tree(file)) if isinstance(node, ast.FunctionDef)]
    return frozenset(parameter.arg for function in functions for parameter in function.args.args)


def _made_in(file: Path) -> frozenset[str]:
    return frozenset(node.name for node in _tree(file).body if isinstance(node, ast.FunctionDef))


def _libraries(file: Path) -> set[str]:
    imports = [node for node in ast.walk(_tree(file)) if isinstance(node, ast.Import | ast.ImportFrom)]
    named = [node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in imports]
    return {(name or "").partition(".")[0] for name in named}
