"""One version number, told wherever somebody asks which Dayletter this is."""

import tomllib
from collections.abc import Iterator
from importlib import metadata

import pytest
from click.testing import CliRunner

from course.version import UNKNOWN, own_version
from tests.support.author.studio import sign_in
from tests.support.project import ROOT
from tests.support.world.world import World
from web.commands import dayletter

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


@pytest.fixture
def read_anew() -> Iterator[None]:
    own_version.cache_clear()
    yield
    own_version.cache_clear()


def test_it_is_the_number_of_the_project_file() -> None:
    assert own_version() == VERSION, "`make install` takes the number over"


def test_where_nothing_is_installed_it_is_said_to_be_unknown(
    read_anew: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr("course.version.version", absent)
    assert own_version() == UNKNOWN


def test_the_command_tells_it() -> None:
    assert CliRunner().invoke(dayletter, ["--version"]).output == f"dayletter, version {VERSION}\n"


def test_a_probe_that_asks_whether_we_are_alive_is_told_it(world: World) -> None:
    answer = world.app.test_client().get("/healthz")
    assert (answer.status_code, answer.get_json()) == (200, {"alive": True, "version": VERSION})


def test_it_stands_at_the_foot_of_the_studio_and_not_on_a_learners_page(studio: World) -> None:
    told = f"Dayletter {VERSION}"
    assert told in sign_in(studio, "viewer").look("/studio").text.partition("<footer")[2]
    assert told not in studio.person.look("/").text
