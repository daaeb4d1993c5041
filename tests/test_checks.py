"""What editors and pre-commit are told agrees with `make check`."""

import re
import tomllib
from configparser import ConfigParser

import yaml

from tests.support.project import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()


def recipe(target: str) -> list[str]:
    found = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, flags=re.M)
    return found[1].splitlines() if found else []


def test_pre_commit_runs_the_commands_of_make_check_and_no_others() -> None:
    lines = [line for target in ("tidy", "types", "check") for line in recipe(target)]
    commands = [line.strip("\t@").removeprefix("$(CLEAN_ENV) ").replace("$(BIN)", ".venv/bin") for line in lines]
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert repository["repo"] == "local"
    assert [hook["entry"] for hook in repository["hooks"]] == commands


def test_editors_are_told_the_line_length_of_the_formatter_and_the_makefiles_tabs() -> None:
    told = ConfigParser()
    told.read_string("[all]\n" + (ROOT / ".editorconfig").read_text())
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]
    assert told["*.py"]["max_line_length"] == str(ruff["line-length"])
    assert told["*.py"]["indent_size"] == "4"
    assert told["Makefile"]["indent_style"] == "tab"
