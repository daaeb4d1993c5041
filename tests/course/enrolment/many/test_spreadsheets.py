"""CSV files in spreadsheets of all countries: no cell of ours is computed, and all read back the same."""

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.enrolment.many.spreadsheets import SEPARATORS, cell_read, cell_written, csv_text
from tests.support.project import ROOT

OPENS_A_FORMULA = re.compile("[=+@\t\r\\-＝＋－＠]")
BY_COUNTRY = (",", ";", "\t", "|", "؛", "；")

NAMES = (
    "a;=cmd|/C calc!A0;b", "=1+1", "-1", "+1", "@SUM(A1)", "a,=1", "a\t=1", "a|=1", "a;\t=1", "\t=1", "\r=1",
    "a\n=1", "a\r\n@x", "a；＝1", 'a;"=1"', 'a;""=1', "a; =1", "a;'=1", "'=1", "''=1", "＝1", "a;＋1", "a;－1|＠x",
    "a;;=1", ";=1;", '";=1;"', "Anna, -Maria", "a;\u2212 1", 'x";=1',
)  # fmt: skip


def opened(text: str, separator: str) -> list[str]:
    """The cells as a spreadsheet takes them: it minds no odd quotation marks."""
    return [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in row]


def formulas(text: str) -> list[str]:
    cells = [cell for separator in BY_COUNTRY for cell in opened(text, separator)]
    # And as one that knows no quotation marks at all.
    cells += [cell.lstrip('"') for cell in re.split(f"[{re.escape(SEPARATORS)}]", text)]
    return [cell for cell in cells if OPENS_A_FORMULA.match(cell.lstrip(" "))]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_a_formula_in_no_country_and_comes_back_as_it_was(name: str) -> None:
    text = csv_text(("email", "name", "zone"), [("ada@example.org", name, "UTC"), (name, "Ada", name)])
    assert formulas(text) == []
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [[cell_read(cell) for cell in row] for row in rows[1:]] == [
        ["ada@example.org", name, "UTC"],
        [name, "Ada", name],
    ]


@given(
    st.lists(
        st.text(st.sampled_from("=+-@＝－'\",;|\t\r\nä x") | st.characters(codec="utf-8"), max_size=12), min_size=1
    )
)
def test_whatever_is_written_is_never_computed_and_reads_back_the_same(cells: list[str]) -> None:
    assert [cell_read(cell_written(cell)) for cell in cells] == cells
    assert formulas(csv_text(("a",), [cells])) == []


def test_what_begins_like_no_formula_is_left_as_it_is() -> None:
    for name in ("Ada", "O'Neill", "Anna-Maria; Lovelace", "'t Hooft", "a=b", "x@example.org", "", " ", "1-1"):
        assert cell_written(name) == name == cell_read(name)


def test_all_tables_that_we_write_go_through_the_one_writer() -> None:
    writers = [
        str(path.relative_to(ROOT))
        for room in ("course", "mailer", "web")
        for path in sorted(Path(ROOT / room).rglob("*.py"))
        if re.search(r"csv\.(writer|DictWriter)", path.read_text())
    ]
    assert writers == ["course/enrolment/many/spreadsheets.py"]
