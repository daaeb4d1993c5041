"""Tables as CSV files that no spreadsheet computes, whatever separator it takes them apart by. Pure.

A spreadsheet reads a file by the separator of its country, and computes each cell that begins like a formula
(CWE-1236). Quotation marks do not help: read by another separator they stand in the middle of a cell, where they
mean nothing. So wherever a cell might begin, one apostrophe more makes it a text, and is taken off again when we
read it.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

SEPARATORS = ",;|\t\r\n\u060c\u061b\u3001\uff0c\uff1b"
"""By which some program or other parts cells, or rows: a line end within a cell is one, too."""

SIGNS = "=+\\-@\t\r\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212"
"""With which a formula begins, in their full widths as well."""

BEGINS = rf"(?:\A|(?<=[{SEPARATORS}]))"
FORMULA = re.compile(rf"{BEGINS}(?=[ '\"]*[{SIGNS}])")
MADE_TEXT = re.compile(rf"{BEGINS}'(?=[ '\"]*[{SIGNS}])")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The whole file. Each of its cells reads back the same through `cell_read`."""
    return "".join(map(_line, [header, *([cell_written(cell) for cell in row] for row in rows)]))


def cell_written(text: str) -> str:
    """The text as a cell that nowhere begins like a formula."""
    return FORMULA.sub("'", text)


def cell_read(cell: str) -> str:
    """The text that `cell_written` made this of."""
    return MADE_TEXT.sub("", cell)


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    # Both signs of this line end are put in quotation marks where they stand in a cell.
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().removesuffix("\r\n") + "\n"
