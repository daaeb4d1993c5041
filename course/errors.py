"""Errors of the domain. Each message is written for the person who will read it."""

from course.language.words import Phrase

Errors = dict[str, Phrase | str]
"""What is wrong with each field of a form; in English alone where only commands tell it."""


class DayletterError(Exception):
    """Something a person can mend; its text says what happened and what to do.

    A `Phrase` where learners may read it, in their language; `str()` of the error is English.
    """

    @property
    def message(self) -> Phrase | str:
        return self.args[0] if self.args else ""


class NotFound(DayletterError):
    """The link, course, lesson or certificate does not exist, or is no longer ours to show."""


class Refused(DayletterError):
    """Something that cannot be done as it stands; nothing has changed."""


class WrongSchema(DayletterError):
    """The database's tables are not those of this version."""


class Invalid(DayletterError):
    """A form that cannot be taken as it is. `errors` maps each field to what is wrong with it."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(" ".join(f"{field}: {why}" for field, why in errors.items()))
        self.errors = errors


class SettingsError(DayletterError):
    """Everything that is wrong with the environment, all at once."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
