"""Learners as rows of a CSV file: read with their lines, and written so that they read back the same. Pure."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from course.addresses.marks import stripped
from course.enrolment.many.spreadsheets import cell_read, csv_text
from course.enrolment.registration import Registration, read_registration
from course.errors import DayletterError, Errors, Invalid, Refused

COLUMNS = ("email", "name", "zone", "hour", "confirmed_at")
DELIMITERS = ",;\t"
SAID = re.compile(r"\"?sep=([^\w\"' \r\n])\"?[,;\t]*(?:\r\n|\r|\n)", flags=re.I)
"""The delimiter as spreadsheets are told it, with those that they add when they save the file."""


@dataclass(frozen=True, slots=True)
class Row:
    """`agreed_at` is when they agreed elsewhere; None if they are still to be asked."""

    line: int
    form: Registration
    agreed_at: datetime | None


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken: its line, and what is wrong with it."""

    line: int
    why: str


Lines = Iterator[tuple[int, list[str]] | BadRow]


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file whose header was read; `last` is the number of its last line."""

    columns: tuple[str, ...]
    lines: Lines
    last: int

    @property
    def unknown(self) -> list[str]:
        return [column for column in self.columns if column and column not in COLUMNS]


def open_csv(name: str, raw: bytes) -> CsvFile:
    """Raises Refused, with the file's name and line, for what is no table of learners."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        raise Refused(
            f"{name}:{line}: This is not UTF-8, so nothing was imported. Save the file as CSV UTF-8 first."
        ) from None
    lines = _lines(text)
    header = next(lines, (1, []))
    if isinstance(header, BadRow):
        raise Refused(f"{name}:{header.line}: {header.why}")
    line, fields = header
    columns = _columns(fields)
    wrong = _header_problem(columns)
    if wrong:
        raise Refused(f"{name}:{line}: {wrong}")
    return CsvFile(columns, lines, text.count("\n") + 1)


def _columns(fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(stripped(field).lower() for field in fields)


def _header_problem(columns: Sequence[str]) -> str:
    such_as = f"The first line names the columns, such as {','.join(COLUMNS)}."
    if not columns:
        return f"The file is empty. {such_as}"
    if "email" not in columns:
        return f"There is no column `email`. {such_as}"
    twice = [column for column in COLUMNS if columns.count(column) > 1]
    return f"There is more than one column `{twice[0]}`. Leave one." if twice else ""


def _lines(text: str) -> Lines:
    """The fields of each row, with the number of the line it begins in. Empty ones are passed over, and so is a
    first line that names the delimiter."""
    said = SAID.match(text)
    rest = text[said.end() :] if said else text
    passed = 1 if said else 0
    reader = csv.reader(io.StringIO(rest, newline=""), delimiter=_delimiter(rest, said), strict=True)
    while True:
        begins = passed + reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield BadRow(begins, _unreadable(begins, passed + reader.line_num))
            continue
        if any(map(stripped, fields)):
            yield begins, fields


def _delimiter(text: str, said: re.Match[str] | None) -> str:
    """The one under which the header has a column `email`; of several, or of none, the one it has most of."""
    lines = io.StringIO(text, newline=None)
    header = next((line for line in lines if stripped(line).strip(DELIMITERS)), "")

    def fits(delimiter: str) -> tuple[bool, int]:
        return "email" in _columns(_parted(header, delimiter)), header.count(delimiter)

    candidates = f"{said[1] if said else ''}{DELIMITERS}"
    return max(candidates, key=fits)


def _parted(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter))
    except csv.Error:
        return []


def _unreadable(begins: int, ends: int) -> str:
    where = f"Nothing was read up to line {ends}. " if ends > begins else ""
    return (
        f"The fields cannot be told apart, or one is too long. {where}Close each quotation mark that is opened,"
        ' and write "" for one inside a field.'
    )


def read_rows(sheet: CsvFile, *, tracking: bool, staff: Collection[str], now: datetime) -> Iterator[Row | BadRow]:
    """Each row is read as a registration form is. Of the good rows with the same address the first one counts."""
    seen: dict[str, int] = {}
    for read in sheet.lines:
        if isinstance(read, BadRow):
            yield read
            continue
        line, fields = read
        try:
            form, agreed_at = _read_form(sheet.columns, fields, tracking, now)
        except DayletterError as problem:
            yield BadRow(line, str(problem))
            continue
        first = seen.setdefault(form.email, line)
        if first == line:
            yield Row(line, form.unless_among(staff), agreed_at)
        else:
            yield BadRow(
                line, f"{form.email} stands in line {first} already, which counts. Remove one of the two."
            )


def _read_form(
    columns: Sequence[str], fields: Sequence[str], tracking: bool, now: datetime
) -> tuple[Registration, datetime | None]:
    """Raises Refused for fields beyond the columns, Invalid with every field's reason."""
    if len(fields) > len(columns):
        counted = f"{len(fields)} fields under {len(columns)} columns"
        raise Refused(f"There are {counted}. Put quotation marks around a field that holds a delimiter.")
    given = dict(zip(columns, map(cell_read, fields), strict=False))
    errors: Errors = {}
    agreed_at = _read_moment(stripped(given.get("confirmed_at", "")), now, errors)
    filled = {"hour": stripped(given.get("hour", "")) or "8", "tracking": "1" if tracking else ""}
    try:
        form = read_registration(given | filled)
    except Invalid as problem:
        raise Invalid(problem.errors | errors) from None
    if errors:
        raise Invalid(errors)
    return form, agreed_at


def _read_moment(text: str, now: datetime, errors: Errors) -> datetime | None:
    """Without an offset it is in UTC."""
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
        moment = (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        errors["confirmed_at"] = (
            "This is no time we can read. Write 2026-03-01T09:30Z, or nothing to have them asked by mail."
        )
        return None
    if not moment <= now:
        errors["confirmed_at"] = "This time is still to come. Give the one at which they agreed."
    return moment


def written(rows: Iterable[Sequence[str]]) -> str:
    """The whole file, with its header."""
    return csv_text(COLUMNS, rows)
