"""Who may import whom, as docs/architecture.md says: functions from syntax trees to findings."""

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tests.support.project import ROOT
from tests.support.rooms import rooms_told

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
    "sendgrid": ("mailer/providers/sendgrid.py",),
}
PLAN = (ROOT / "docs/architecture.md").read_text()
CORE = tuple(f"{folder}.{name}" for folder in ("course", "mailer") for name in rooms_told(PLAN)[folder].core)
"""As the plan of the house marks them."""

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
    """Python at the top that no room of the house holds."""
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
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for inner in ast.walk(outer)
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


def _imports(path: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported; `from a import b` names a.b, be it a module or not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = path.split("/")[: -node.level] if node.level else []
            origin = [*above, node.module] if node.module else above
            yield from ((node.lineno, ".".join([*origin, alias.name])) for alias in node.names)


def _graph(sources: Sources) -> dict[str, set[str]]:
    modules = {_module(path) for path in sources}
    graph: dict[str, set[str]] = {name: set() for name in modules}
    for path, tree in sources.items():
        for _, name in _imports(path, tree):
            target = name if name in modules else name.rpartition(".")[0]
            if target in modules:
                graph[_module(path)].add(target)
    return graph


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
