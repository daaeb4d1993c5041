"""Known holes, as `pip-audit` tells them in JSON. Pure."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """`holes` in sentences; `asked` of how many packages something was known, `unknown` of how many nothing."""

    holes: tuple[str, ...]
    asked: int
    unknown: int


def read_answer(printed: str) -> Answer:
    """Raises ValueError for what is no answer of pip-audit's."""
    told = json.loads(printed)
    if not isinstance(told, dict) or not isinstance(told.get("dependencies"), list):
        raise ValueError("no list of dependencies")
    packages = told["dependencies"]
    known = [package for package in packages if "skip_reason" not in package]
    holes = [
        f"{package['name']} {package['version']}: {hole['id']}"
        f" ({', '.join(hole.get('aliases') or ['no other name'])}),"
        f" mended in {', '.join(hole.get('fix_versions') or ['no version yet'])}."
        for package in known
        for hole in package.get("vulns") or ()
    ]
    return Answer(tuple(holes), len(known), len(packages) - len(known))
