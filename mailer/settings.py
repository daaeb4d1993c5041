"""The settings of a process: what the site needs, and what its mail providers read of the environment."""

from collections.abc import Mapping

from course.settings import Settings, read_settings
from mailer.providers.registry import read_mail


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process, or of the variables given. Raises SettingsError with every missing or wrong
    variable and what to write instead."""
    return read_settings(read_mail, environ)
