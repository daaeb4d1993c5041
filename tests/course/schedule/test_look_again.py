"""When an enrolment is looked at next follows from its facts, and is written in one place."""

import ast
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from course.schedule.forecast import look, look_ahead
from course.schedule.progress import State
from tests.support.project import ROOT
from tests.support.world.learning import FRIDAY, facts

HOUSES = ("course", "mailer", "web")
AT_REST: tuple[State, ...] = ("pending", "finished", "left", "restarted")


def writes_due_at(node: ast.AST) -> bool:
    """Whether this sets `due_at` of an enrolment: as an attribute, or in an update of the table."""
    if isinstance(node, ast.Assign):
        return any(isinstance(part, ast.Attribute) and part.attr == "due_at" for part in node.targets)
    if isinstance(node, ast.Call) and any(keyword.arg == "due_at" for keyword in node.keywords):
        return any(isinstance(part, ast.Name) and part.id == "Enrolment" for part in ast.walk(node))
    return False


def writers(root: Path) -> set[str]:
    files = (file for house in HOUSES for file in (root / house).rglob("*.py"))
    return {
        str(file.relative_to(root))
        for file in files
        if "due_at" in file.read_text()
        if any(writes_due_at(node) for node in ast.walk(ast.parse(file.read_text())))
    }


def test_only_a_look_at_the_facts_and_the_wish_for_one_write_when_an_enrolment_is_due() -> None:
    assert writers(ROOT) == {"course/schedule/look_again.py"}


def test_who_writes_it_by_hand_is_found(tmp_path: Path) -> None:
    (tmp_path / "course").mkdir()
    (tmp_path / "course/leave.py").write_text("enrolment.due_at = None")
    (tmp_path / "course/wake.py").write_text("session.execute(update(Enrolment).values(due_at=now))")
    (tmp_path / "course/mail.py").write_text("session.execute(update(Delivery).values(due_at=now))")
    assert writers(tmp_path) == {"course/leave.py", "course/wake.py"}


@given(st.sampled_from(AT_REST), st.integers(0, 40))
def test_where_a_course_is_at_rest_nothing_is_due_whatever_else_holds(state: State, years: int) -> None:
    at_rest = facts(state=state)
    now = FRIDAY.replace(year=FRIDAY.year + years)
    assert look_ahead(at_rest, now).again_at is None
    assert look(at_rest, now).again_at is None
