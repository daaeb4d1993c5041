"""The rules and figures as docs/numbers.md shows them: `python -m tests.support.evidence.rules_told`."""

from course.evidence.rules import OURS, RULES
from tests.support.evidence.matrix import judged, table
from tests.support.evidence.sessions import Part, sessions
from tests.support.project import ROOT

PARTS: tuple[Part, Part] = ("tuning", "held_out")


def rules_told() -> list[str]:
    """Rows of Markdown, one a rule."""
    rows = [
        "| rule | opens | clicks | visits | in words | source, and when it was read |",
        "|---|---|---|---|---|---|",
    ]
    for rule in RULES:
        acts = " | ".join(said or "-" for said in (rule.opened, rule.clicked, rule.visited))
        source = "ours, see above" if rule.source == OURS else f"<{rule.source}> ({rule.seen})"
        rows.append(f"| `{rule.name}` | {acts} | {rule.says} | {source} |")
    return rows


def main() -> None:
    """Writes both into the document, between its marks."""
    document = ROOT / OURS
    text = document.read_text()
    text = _written(text, "rules", rules_told())
    for part in PARTS:
        text = _written(text, part, table(judged(sessions(part))))
    document.write_text(text)


def _written(text: str, name: str, rows: list[str]) -> str:
    before, begin, rest = text.partition(f"<!-- {name} -->\n")
    _, end, after = rest.partition("<!-- end -->")
    return "".join([before, begin, *(f"{row}\n" for row in rows), end, after])


if __name__ == "__main__":
    main()
