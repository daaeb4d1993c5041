"""The `dayletter` command. A wrong setting or a broken lesson is told in words, never in a traceback."""

import errno
import os
import sys
from collections.abc import Mapping
from importlib import import_module

import click

from course.errors import DayletterError
from course.version import own_version

MODULES: Mapping[str, str] = {
    "up": "up",
    "serve": "serving.serve",
    "migrate": "operating",
    "new": "beginning.new_course",
    "lint": "authoring",
    "preview": "preview",
    "rehearse": "rehearse",
    "publish": "publishing",
    "move": "publishing",
    "history": "history",
    "rollback": "history",
    "enrol": "learners",
    "learners": "roster",
    "explain": "explaining",
    "export": "learners",
    "erase": "learners",
    "resend": "resending",
    "allow": "allowing",
    "bounce": "allowing",
    "stats": "operating",
    "plan": "operating",
    "work": "operating",
    "clock": "operating",
    "hold": "keeping.holding",
    "release": "keeping.holding",
    "purge": "keeping.purging",
    "backup": "keeping.backing_up",
    "restore": "keeping.restoring",
    "doctor": "doctor",
}
"""Where each command is."""

OF_THE_DISK = {
    errno.ENOENT,
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EIO,
}
OF_THE_PLACE = {errno.EEXIST, errno.ENOTDIR}
"""A folder is to be where there is a file."""


class Commands(click.Group):
    """Loads a command's module when it is called: who asks for lint need not wait for web server and database."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in MODULES:
            return None
        command = getattr(import_module(f"web.commands.{MODULES[cmd_name]}"), cmd_name)
        return command if isinstance(command, click.Command) else None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(own_version(), prog_name="dayletter")
def dayletter() -> None:
    """Courses by e-mail: one good lesson a day, at each learner's own hour."""


def main() -> None:
    try:
        dayletter()
    # `_told` tells which of them a person can mend; the others go on as they came.
    except Exception as problem:
        told = _told(problem)
        if not told:
            raise
        click.echo(told, err=True)
        # What could not be written to standard output is not tried again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(1)


def _told(problem: Exception) -> str:
    """What a person can mend, in words; nothing for a fault of ours."""
    if isinstance(problem, DayletterError):
        return str(problem)
    if isinstance(problem, OSError) and problem.errno in OF_THE_DISK | OF_THE_PLACE:
        what = f"{problem.filename} could not be read or" if problem.filename else "The output could not be"
        return f"{what} written: {problem.strerror}. Mend that, then run the command again."
    database = import_module("sqlalchemy.exc")
    # A table that is not there, as before `migrate`, is the one to SQLite and the other to PostgreSQL.
    if isinstance(problem, database.OperationalError | database.ProgrammingError):
        reason = str(getattr(problem, "orig", problem)).strip().splitlines()[0]
        return (
            f"The database did not do it: {reason}. What was under way was not stored, and what is in service"
            " stays as it is. `dayletter doctor` says more."
        )
    return ""
