"""Who may import whom, as docs/architecture.md says: functions from syntax trees to findings."""

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tests.support.plan.rooms import OTHERS, ladders_told, rooms_told, rung_of
from tests.support.project import ROOT

Sources = Mapping[str, ast.Module]
Rule = Callable[[Sources], list[str]]

PRODUCT = ("course", "mailer", "web", "worker")
BESIDE = ("tests", "benchmarks", "docs")

MAY_NOT_IMPORT = {
    "course": {"mailer", "web", "worker", *BESIDE},
    "mailer": {"web", "worker", *BESIDE},
    "web": {"worker", *BESIDE},
    # `dayletter work` and `dayletter clock` are the doors to worker.py.
    "web/commands": {*BESIDE},
    "worker": {"web", *BESIDE},
}
OWNERS = {
    "flask": ("web/",),
    "rq": ("mailer/queue.py", "worker.py"),
    "redis": ("mailer/queue.py",),
    "sendgrid": ("mailer/providers/sendgrid/",),
}
PLAN = (ROOT / "docs/architecture.md").read_text()
CORE = tuple(
    f"{folder.replace('/', '.')}.{name}" for folder, room in rooms_told(PLAN).items() for name in room.core
)
"""As the plan of the world marks them."""

LADDERS = ladders_told(PLAN)

NOT_IN_CORE = {
    *("sqlalchemy", "redis", "rq", "flask", "requests", "urllib.request", "socket", "subprocess"),
    *("pathlib", "os", "random", "secrets", "time", "threading", "logging"),
}
READS_THE_WORLD = {"now", "utcnow", "today", "open"}


@cache
def read_sources(root: Path) -> Sources:
    """As the files are when first asked for."""
    files = [
        *root.glob("*.py"),
        *(file for top in (*PRODUCT, *BESIDE) for file in (root / top).rglob("*.py")),
    ]
    return {file.relative_to(root).as_posix(): ast.parse(file.read_text()) for file in files}


def top_level_strangers(root: Path) -> list[str]:
    """Python at the top that no room of the world holds."""
    packages = [marker.parent.name for marker in root.glob("*/__init__.py")]
    modules = [file.stem for file in root.glob("*.py")]
    return sorted(name for name in (*packages, *modules) if name not in (*PRODUCT, *BESIDE))


def _room(path: str) -> str:
    room = path.rpartition("/")[0]
    return room if room in MAY_NOT_IMPORT else _top(path)


def layers(sources: Sources) -> list[str]:
    return [
        f"{path}:{line}: {_top(path)} may not import {name}"
        for path, tree in sources.items()
        for line, name in _imports(path, tree)
        if name.partition(".")[0] in MAY_NOT_IMPORT.get(_room(path), ())
    ]


def ladder(sources: Sources) -> list[str]:
    """Within a folder that has rungs a room imports only from those below its own. What stands on the rung of all
    the others may import each other; there `no_cycles` keeps order."""
    return [
        f"{path}:{line}: {_module(path)} stands no higher than {target}"
        for path, tree in _product(sources)
        for line, target in _imported_modules(path, tree, sources)
        if _climbs(_module(path), target)
    ]


def _climbs(origin: str, target: str) -> bool:
    theirs, ours = target.split("."), origin.split(".")
    shared = next((depth for depth, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), None)
    rungs = LADDERS.get("/".join(ours[:shared])) if shared else None
    if not rungs or shared is None:
        return False
    here, there = rung_of(rungs, ours[shared]), rung_of(rungs, theirs[shared])
    return here > there or (here == there and OTHERS not in rungs[here])


def owned_libraries(sources: Sources) -> list[str]:
    return [
        f"{path}:{line}: {name} belongs to {', '.join(owners)}"
        for path, tree in _product(sources)
        for line, name in _imports(path, tree)
        for library, owners in OWNERS.items()
        if _within(name, library) and not path.startswith(owners)
    ]


def environment(sources: Sources) -> list[str]:
    return [
        f"{path}:{node.lineno}: only course/settings.py reads the environment"
        for path, tree in _product(sources)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.ImportFrom)
        if path != "course/settings.py" and _reads_environment(node)
    ]


def core_is_pure(sources: Sources) -> list[str]:
    """Holds for the core modules and for all of ours that they import: purity cannot be borrowed."""
    modules, graph = {_module(path): path for path in sources}, _graph(sources)
    reached: set[str] = set()
    waiting = [name for name in CORE if name in modules]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(graph[name])
    return [
        f"{modules[name]}:{line}: the core may not use {what}"
        for name in sorted(reached)
        for line, what in _impurities(modules[name], sources[modules[name]])
    ]


def imports_stand_at_the_top(sources: Sources) -> list[str]:
    return [
        f"{path}:{inner.lineno}: import inside {outer.name}"
        for path, tree in sources.items()
        for outer in statements(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for inner in statements(outer)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def no_cycles(sources: Sources) -> list[str]:
    try:
        TopologicalSorter(_graph(sources)).prepare()
    except CycleError as error:
        return [f"imports go round: {' <- '.join(error.args[1])}"]
    return []


def _product(sources: Sources) -> Iterator[tuple[str, ast.Module]]:
    return ((path, tree) for path, tree in sources.items() if _top(path) in PRODUCT)


def _top(path: str) -> str:
    return path.partition("/")[0].removesuffix(".py")


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _within(name: str, library: str) -> bool:
    return name == library or name.startswith(f"{library}.")


@cache
def statements(tree: ast.AST) -> tuple[ast.stmt | ast.ExceptHandler | ast.match_case, ...]:
    """All statements within, however deep, in any order. Expressions, the most of a tree, are passed over."""
    parts = (ast.stmt, ast.ExceptHandler, ast.match_case)
    found: list[ast.stmt | ast.ExceptHandler | ast.match_case] = []
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        for block in ("body", "orelse", "finalbody", "handlers", "cases"):
            within = getattr(node, block, ())
            inner = [part for part in within if isinstance(part, parts)] if isinstance(within, list) else []
            found += inner
            waiting += inner
    return tuple(found)


def _imports(path: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported; `from a import b` names a.b, be it a module or not."""
    for node in statements(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = path.split("/")[: -node.level] if node.level else []
            origin = [*above, node.module] if node.module else above
            yield from ((node.lineno, ".".join([*origin, alias.name])) for alias in node.names)


def _graph(sources: Sources) -> dict[str, set[str]]:
    graph: dict[str, set[str]] = {_module(path): set() for path in sources}
    for path, tree in sources.items():
        graph[_module(path)].update(target for _, target in _imported_modules(path, tree, sources))
    return graph


def _imported_modules(path: str, tree: ast.Module, sources: Sources) -> Iterator[tuple[int, str]]:
    """Line and name of each module of ours that is imported, itself or something out of it."""
    modules = _names_of(tuple(sources))
    for line, name in _imports(path, tree):
        target = name if name in modules else name.rpartition(".")[0]
        if target in modules:
            yield line, target


@cache
def _names_of(paths: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_module(path) for path in paths)


def _impurities(path: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    for line, name in _imports(path, tree):
        if any(_within(name, library) for library in NOT_IN_CORE):
            yield line, name
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in READS_THE_WORLD:
                yield node.lineno, f"{name}()"


def _reads_environment(node: ast.Attribute | ast.ImportFrom) -> bool:
    names = {"environ", "environb", "getenv", "getenvb", "putenv"}
    if isinstance(node, ast.ImportFrom):
        return node.module == "os" and any(alias.name in names for alias in node.names)
    return node.attr in names and isinstance(node.value, ast.Name) and node.value.id == "os"
