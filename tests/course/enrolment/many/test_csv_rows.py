"""Learners as rows of a CSV file: what is read, what is refused in which line, and the way there and back."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.enrolment.many.csv_rows import BadRow, CsvFile, Row, open_csv, read_rows, written
from course.enrolment.registration import read_name
from course.errors import Errors, Refused

NOW = datetime(2026, 3, 23, 6, tzinfo=UTC)


def opened(text: str | bytes) -> CsvFile:
    return open_csv("team.csv", text if isinstance(text, bytes) else text.encode())


def rows(text: str | bytes) -> list[Row | BadRow]:
    return list(read_rows(opened(text), tracking=True, staff=["author@example.org"], now=NOW))


def good(text: str | bytes) -> list[tuple[str, str, str, int]]:
    found = [row for row in rows(text) if isinstance(row, Row)]
    return [(row.form.email, row.form.name, row.form.zone, row.form.hour) for row in found]


def bad(text: str | bytes) -> dict[int, str]:
    return {row.line: row.why for row in rows(text) if isinstance(row, BadRow)}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_spreadsheets_write_csv_in_many_ways(delimiter: str, line_end: str, mark: str) -> None:
    lines = ["Hour,NAME, email ,Zone", "7,Zoë,Zoe@Example.org,Europe/Berlin", ",,bob@example.org,", ",,,"]
    text = mark + line_end.join(line.replace(",", delimiter) for line in lines)
    assert good(text) == [("zoe@example.org", "Zoë", "Europe/Berlin", 7), ("bob@example.org", "", "UTC", 8)]
    assert bad(text) == {}


ADA = [("ada@example.org", "Ada", "UTC", 8)]
HEADERS = (
    # A tie of delimiters: the one under which there is a column `email`.
    "email;name, first\nada@example.org;Ada",
    "note, a, b;email;name\n;ada@example.org;Ada",
    "note; a; b,email,name\n,ada@example.org,Ada",
    "email\tname, in full; or short\nada@example.org\tAda",
    "email,name\tor\tshort\nada@example.org,Ada",
    '"email";"name"\n"ada@example.org";"Ada"',
    '"name, first";email;name\nx;ada@example.org;Ada',
    # As a spreadsheet is told.
    "sep=;\nemail;name\nada@example.org;Ada",
    "SEP=,\r\nemail,name\r\nada@example.org,Ada",
    "sep=\t\nemail\tname\nada@example.org\tAda",
    "sep=|\nemail|name\nada@example.org|Ada",
    '"sep=;"\remail;name\rada@example.org;Ada',
    "sep=;;;\nemail;name;zone\nada@example.org;Ada;",
    "\ufeffsep=;\nemail;name, first;name\nada@example.org;A;Ada",
    # Told wrongly: the header knows better.
    "sep=,\nemail;name\nada@example.org;Ada",
    # Empty rows and signs that nobody sees.
    "  \nemail;name\nada@example.org;Ada",
    ";;;\nemail;name\nada@example.org;Ada",
    "\u200bemail\u00a0;\u200ename;hour;zone\n\u00a0;\u200b;;\n\u200bada@example.org\u00a0;\ufeffAda;\u200b8;\u202aUTC\u202c",
)


@pytest.mark.parametrize("text", HEADERS)
def test_the_delimiter_is_the_one_under_which_there_is_an_address(text: str) -> None:
    assert [(email, name or "Ada", zone, hour) for email, name, zone, hour in good(text)] == ADA
    assert bad(text) == {}


def test_lines_are_counted_with_the_one_that_names_the_delimiter() -> None:
    text = "sep=;\r\nemail;name\r\nnobody;Ada\r\nada@exam\u00adple.org;Ada\r\nbob@example.org;Bob"
    assert list(bad(text)) == [3, 4]
    assert "a soft hyphen" in bad(text)[4]
    assert opened(text).last == 5
    with pytest.raises(Refused, match=r"team.csv:2: There is no column `email`"):
        opened("sep=;\nmail;name\n")
    with pytest.raises(Refused, match=r"team.csv:1: The file is empty"):
        opened("sep=;\n")


def test_a_header_too_long_to_be_one_is_refused() -> None:
    with pytest.raises(Refused, match=r"team.csv:1: The fields cannot be told apart"):
        opened("x" * 200_000 + "\nada@example.org")


def test_a_column_of_addresses_is_enough() -> None:
    assert good("email\nada@example.org") == [("ada@example.org", "", "UTC", 8)]


def test_bad_rows_are_told_with_the_line_they_begin_in_and_all_that_is_wrong() -> None:
    told = bad(
        "email,name,zone,hour,confirmed_at\n"
        '"ada@example.org","Ada\nLovelace",,,\n'
        "\n"
        "nobody,,Mars,25,soon\n"
        "bob@example.org,,,,2026-03-23T06:01Z\n"
        "a\0b@example.org,,,,\n"
        "eve@example.org,Eve, Esq.,UTC,8,\n"
        '"eve"@example.org,,,,\n'
        "fay@example.org,,,,\n"
    )
    assert list(told) == [2, 5, 6, 7, 8, 9]
    assert "name: " in told[2]
    for word in ("email: ", "zone: ", "hour: ", "confirmed_at: "):
        assert word in told[5]
    assert "still to come" in told[6]
    assert "6 fields under 5 columns" in told[8]
    assert "cannot be told apart" in told[9]


def test_of_two_rows_with_one_address_the_first_good_one_counts() -> None:
    text = "email,hour\nada@example.org,99\nADA@example.org,7\nada@example.org,9\n"
    assert good(text) == [("ada@example.org", "", "UTC", 7)]
    assert "stands in line 3 already" in bad(text)[4]


def test_an_open_quotation_mark_costs_the_rows_after_it_and_says_so() -> None:
    text = 'email,name\nada@example.org,Ada\nbob@example.org,"Bob\neve@example.org,Eve\n'
    assert [email for email, *_ in good(text)] == ["ada@example.org"]
    assert "Nothing was read up to line 4." in bad(text)[3]


def test_a_huge_field_is_one_bad_row() -> None:
    text = f"email,name\nada@example.org,{'A' * 200_000}\nbob@example.org,Bob\n"
    assert [email for email, *_ in good(text)] == ["bob@example.org"]
    assert list(bad(text)) == [2]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "team.csv:1: The file is empty"),
        (b"\r\n\r\n", "team.csv:1: The file is empty"),
        (b"e-mail,name\nada@example.org,Ada\n", "team.csv:1: There is no column `email`"),
        (b"email,Email\n", "team.csv:1: There is more than one column `email`"),
        (b'email,"name\n', "team.csv:1: The fields cannot be told apart"),
        ("email,name\nzoe@example.org,Zoë\n".encode("latin-1"), "team.csv:2: This is not UTF-8"),
        ("email\nada@example.org\n".encode("utf-16"), "team.csv:1: This is not UTF-8"),
    ],
)
def test_what_is_no_table_of_learners_is_refused_before_the_first_row(raw: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        opened(raw)


def test_columns_nobody_knows_are_named() -> None:
    assert opened("email,Phone,,zone\n").unknown == ["phone"]


def test_staff_are_not_counted() -> None:
    found = rows("email\nauthor@example.org\nada@example.org\n")
    assert [row.form.counted for row in found if isinstance(row, Row)] == [False, True]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01 09:30", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01T09:30:00.000001+02:00", datetime(2026, 3, 1, 7, 30, 0, 1, tzinfo=UTC)),
        ("", None),
    ],
)
def test_a_time_without_an_offset_is_in_utc(text: str, moment: datetime | None) -> None:
    (row,) = rows(f"email,confirmed_at\nada@example.org,{text}\n")
    assert isinstance(row, Row)
    assert row.agreed_at == moment


@pytest.mark.parametrize("text", ["1.3.2026", "yes", "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "'=1"])
def test_a_time_that_cannot_be_is_a_bad_row(text: str) -> None:
    assert "confirmed_at: This is no time we can read" in bad(f"email,confirmed_at\nada@example.org,{text}\n")[2]


def test_no_spreadsheet_computes_what_we_write() -> None:
    text = written([("+ada@example.org", "=1+1", "UTC", "8", ""), ("bob@example.org", "'@x", "UTC", "8", "")])
    assert "\n'+ada@example.org,'=1+1,UTC" in text
    assert good(text) == [("+ada@example.org", "=1+1", "UTC", 8), ("bob@example.org", "'@x", "UTC", 8)]


@given(st.text(st.sampled_from("=+-@'\",;|ä 'x＝－"), max_size=12) | st.text(max_size=80))
def test_every_name_comes_back_as_it_was(typed: str) -> None:
    errors: Errors = {}
    name = read_name(typed, errors)
    if not errors:
        assert good(written([("ada@example.org", name, "UTC", "8", "")])) == [("ada@example.org", name, "UTC", 8)]


@given(st.binary(max_size=200) | st.text(st.sampled_from('ab@.,;"\n\r\0'), max_size=100).map(str.encode))
def test_no_file_is_too_strange(raw: bytes) -> None:
    for row in rows(b"email,name\n" + raw.decode("utf-8", "replace").encode()):
        assert row.line > 1
