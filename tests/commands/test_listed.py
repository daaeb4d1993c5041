"""Every command that there is can be called, and says what it is for."""

from collections.abc import Iterator
from importlib import import_module

import click
import pytest
from click.testing import CliRunner

from tests.support.project import ROOT
from web.commands import MODULES, dayletter


def written() -> Iterator[tuple[str, str]]:
    """The name of each command, and the module in which it stands; those of a group are the group's affair."""
    for path in (ROOT / "web/commands").rglob("*.py"):
        if path.stem != "__init__":
            name = ".".join(path.relative_to(ROOT / "web/commands").with_suffix("").parts)
            module = vars(import_module(f"web.commands.{name}"))
            commands = [command for command in module.values() if isinstance(command, click.Command)]
            groups = [command for command in commands if isinstance(command, click.Group)]
            for command in commands:
                if not any(command in group.commands.values() for group in groups):
                    yield str(command.name), name


def test_each_command_is_listed_with_its_module() -> None:
    assert dict(written()) == MODULES


def options(command: click.Command) -> Iterator[click.Option]:
    yield from (parameter for parameter in command.params if isinstance(parameter, click.Option))
    if isinstance(command, click.Group):
        for own in command.commands.values():
            yield from options(own)


@pytest.mark.parametrize("name", MODULES)
def test_each_option_of_a_command_says_what_it_does(name: str) -> None:
    command = dayletter.get_command(click.Context(dayletter), name)
    assert command is not None
    assert [option.opts for option in options(command) if not option.help] == []


@pytest.mark.parametrize("name", MODULES)
def test_each_command_says_in_one_sentence_what_it_is_for(name: str) -> None:
    told = CliRunner().invoke(dayletter, [name, "--help"]).output.split("\n\n")[1].strip()
    assert told.endswith("."), told
