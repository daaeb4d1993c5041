"""docs/privacy.md tells of every column there is, and of none that is not."""

import re
from collections.abc import Mapping

from course.models import Base
from course.retention.days import KINDS
from tests.support.project import ROOT

SECTION = re.compile(r"^### ((?:`\w+`(?:, )?)+)\n(.*?)(?=^##|\Z)", flags=re.M | re.S)
ROW = re.compile(r"^\| ((?:`\w+`(?:, )?)+) \|", flags=re.M)
NAME = re.compile(r"`(\w+)`")
OWNERS = {"learner_id", "enrolment_id", "delivery_id"}
TOLD = (ROOT / "docs" / "privacy.md").read_text()
OF_NOBODY = TOLD.partition("## About no person")[2]


def columns_told(text: str) -> Mapping[str, set[str]]:
    """The columns of each section of the document, by its tables, joined."""
    return {
        tables: {name for row in ROW.findall(body) for name in NAME.findall(row)}
        for tables, body in SECTION.findall(text)
    }


def test_every_column_of_every_table_is_told_and_no_other() -> None:
    there = {table.name: {column.name for column in table.columns} for table in Base.metadata.sorted_tables}
    told = columns_told(TOLD)
    names = [name for tables in told for name in NAME.findall(tables)]
    assert sorted(names) == sorted(there)
    for tables, columns in told.items():
        assert columns == set().union(*(there[name] for name in NAME.findall(tables))), tables


def test_no_table_about_people_is_said_to_be_about_nobody() -> None:
    of_nobody = {name for tables in columns_told(OF_NOBODY) for name in NAME.findall(tables)}
    about_people = {
        table.name for table in Base.metadata.sorted_tables if {*OWNERS, "email"} & {*table.columns.keys()}
    }
    assert not of_nobody & about_people


def test_every_kind_of_retention_is_told_with_its_default() -> None:
    told = dict(re.findall(r"^\| `([a-z-]+)` \| (\w+) \|", TOLD, flags=re.M))
    assert told == {name: str(kind.days or "never") for name, kind in KINDS.items()}
