"""The plan of the world holds, and each rule that guards it is shown to bite."""

import ast
import re
from pathlib import Path

import pytest

from course.models import Base
from tests.support.plan import import_rules
from tests.support.plan.import_rules import PLAN, Rule
from tests.support.plan.rooms import OTHERS, modules_in, rooms_in, rooms_told
from tests.support.project import ROOT

MOST_MODULES = 16
ALL_RULES = [
    import_rules.layers,
    import_rules.ladder,
    import_rules.owned_libraries,
    import_rules.environment,
    import_rules.core_is_pure,
    import_rules.imports_stand_at_the_top,
    import_rules.no_cycles,
]


def findings(rule: Rule, **files: str) -> list[str]:
    """Files are given as `course__db="source"`; `init` stands for a package's own module."""
    paths = {name: f"{name.replace('__', '/')}.py".replace("/init.py", "/__init__.py") for name in files}
    return rule({paths[name]: ast.parse(source) for name, source in files.items()})


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.__name__)
def test_the_project_keeps_the_rule(rule: Rule) -> None:
    assert rule(import_rules.read_sources(ROOT)) == []


@pytest.mark.parametrize("folder", rooms_in(ROOT, ("course", "mailer", "web")))
def test_the_plan_of_the_house_names_every_module_and_no_other(folder: str) -> None:
    assert rooms_told(PLAN)[folder].modules == modules_in(ROOT / folder)


@pytest.mark.parametrize("folder", rooms_in(ROOT, ("course", "mailer", "web", "tests")))
def test_no_room_is_a_hall_and_each_says_what_lives_there(folder: str) -> None:
    room = ROOT / folder
    assert len([file for file in room.glob("*.py") if file.stem != "__init__"]) <= MOST_MODULES
    assert ast.get_docstring(ast.parse((room / "__init__.py").read_text()))


@pytest.mark.parametrize("folder", import_rules.LADDERS)
def test_the_ladder_names_rooms_that_there_are(folder: str) -> None:
    named = {name for rung in import_rules.LADDERS[folder] for name in rung} - {OTHERS}
    assert named <= modules_in(ROOT / folder)
    assert sum(OTHERS in rung for rung in import_rules.LADDERS[folder]) == 1


def test_the_plan_of_the_house_names_every_table_and_no_other() -> None:
    told = re.search(r"^## The tables\n(.*?)\n\n", PLAN, flags=re.M | re.S)
    assert told
    of_columns = {"round", "generation", "due_at"}
    assert set(re.findall(r"`(\w+)`", told[1])) - of_columns == Base.metadata.tables.keys()


def test_the_project_has_no_other_rooms() -> None:
    assert import_rules.top_level_strangers(ROOT) == []


def test_a_stranger_at_the_top_is_found(tmp_path: Path) -> None:
    (tmp_path / "course").mkdir()
    (tmp_path / "course/__init__.py").touch()
    (tmp_path / "common").mkdir()
    (tmp_path / "common/__init__.py").touch()
    (tmp_path / "setup.py").touch()
    assert import_rules.top_level_strangers(tmp_path) == ["common", "setup"]


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("course__db", "import mailer.queue"),
        ("course__db", "from web import app"),
        ("course__migrations__env", "import worker"),
        ("mailer__plan", "from web.app import create_app"),
        ("mailer__plan", "import worker"),
        ("mailer__plan", "from tests.support.ports import free_port"),
        ("web__app", "import worker"),
        ("worker", "import web"),
        ("mailer__plan", "from .. import web"),
    ],
)
def test_a_lower_room_does_not_look_up(file: str, source: str) -> None:
    assert len(findings(import_rules.layers, **{file: source})) == 1


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("course__content__parse", "from course.lint import check"),
        ("course__schedule__facts", "from course.enrolment.steering import Wish"),
        ("course__lint__words", "from course.staff.audit_log import note"),
        ("course__ids", "from course.content.course import Course"),
        ("web__studio__access__guard", "from web.studio.writing.editor import pages"),
        ("mailer__providers__contract", "import mailer.providers.sendgrid.provider"),
    ],
)
def test_within_a_house_a_room_does_not_look_up_or_aside(file: str, source: str) -> None:
    seen = (
        "course__lint__init",
        "course__enrolment__steering",
        "course__staff__audit_log",
        "course__content__course",
    )
    further = ("web__studio__writing__editor", "mailer__providers__sendgrid__provider")
    assert len(findings(import_rules.ladder, **dict.fromkeys((*seen, *further), "") | {file: source})) == 1


def test_a_room_may_look_down_the_ladder_and_at_itself() -> None:
    files = {
        "course__enrolment__joining": "from course.enrolment import leaving\nfrom course.schedule import rhythm",
        "course__enrolment__leaving": "import course.db",
        "course__schedule__rhythm": "from course.clock import Clock",
        "course__db": "",
        "course__clock": "import course.db",
    }
    assert findings(import_rules.ladder, **files) == []


def test_the_rooms_may_look_down() -> None:
    assert (
        findings(import_rules.layers, web__app="import mailer.plan\nfrom course import db", worker="import mailer")
        == []
    )


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("mailer__deliver", "from flask import current_app"),
        ("mailer__deliver", "import rq"),
        ("web__site__hooks", "from rq.job import Job"),
        ("web__site__health", "import redis"),
        ("worker", "from redis import Redis"),
        ("mailer__providers__smtp__provider", "import sendgrid"),
        ("web__site__hooks", "from sendgrid.helpers.eventwebhook import EventWebhook"),
    ],
)
def test_a_library_stays_with_its_owner(file: str, source: str) -> None:
    assert len(findings(import_rules.owned_libraries, **{file: source})) == 1


def test_owners_and_tests_use_their_libraries() -> None:
    owners = {
        "mailer__queue": "import redis, rq",
        "web__app": "import flask",
        "tests__conftest": "import redis",
    }
    assert findings(import_rules.owned_libraries, **owners) == []


@pytest.mark.parametrize(
    "source", ["import os\nos.environ['A']", "import os\nos.getenv('A')", "from os import environ"]
)
def test_the_environment_is_read_in_one_place(source: str) -> None:
    assert len(findings(import_rules.environment, mailer__runtime=source)) == 1
    assert findings(import_rules.environment, course__settings=source) == []


@pytest.mark.parametrize("library", sorted(import_rules.NOT_IN_CORE))
def test_no_core_module_imports_a_library_that_acts(library: str) -> None:
    assert len(findings(import_rules.core_is_pure, course__schedule__progress=f"import {library}")) == 1
    assert findings(import_rules.core_is_pure, course__enrolment__joining=f"import {library}") == []


@pytest.mark.parametrize("call", ["datetime.now(UTC)", "datetime.utcnow()", "date.today()", "open('x')"])
def test_no_core_module_reads_the_clock_or_the_disk(call: str) -> None:
    assert len(findings(import_rules.core_is_pure, mailer__compose__compose=call)) == 1


def test_a_core_module_does_not_act_through_another_of_ours() -> None:
    found = findings(
        import_rules.core_is_pure,
        course__schedule__progress="from course.drafts.folder import read",
        course__drafts__folder="import os",
    )
    assert found == ["course/drafts/folder.py:1: the core may not use os"]


def test_what_only_sounds_like_a_forbidden_name_is_allowed() -> None:
    source = "from datetime import time\nfrom urllib.parse import quote\nimport ossature\nplan(now=now)"
    assert findings(import_rules.core_is_pure, course__schedule__progress=source) == []


@pytest.mark.parametrize("outer", ["def f():", "async def f():", "class C:"])
def test_an_import_inside_something_is_found(outer: str) -> None:
    assert len(findings(import_rules.imports_stand_at_the_top, tests__test_x=f"{outer}\n    import json")) == 1
    assert findings(import_rules.imports_stand_at_the_top, web__app="if True:\n    import json") == []


def test_an_import_cycle_is_found() -> None:
    found = findings(
        import_rules.no_cycles,
        course__a="from course import b",
        course__b="from course.c import thing",
        course__c="import course.a",
    )
    assert len(found) == 1
    assert "course.a <- " in found[0]


def test_a_package_may_gather_its_own_modules() -> None:
    sources = {"web__commands__init": "from web.commands import up", "web__commands__up": "import web.app"}
    assert findings(import_rules.no_cycles, **sources, web__app="import json") == []
