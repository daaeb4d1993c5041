"""The words the layout adds to every mail, by language. A new language is a file `templates/words/<code>.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

RIGHT_TO_LEFT = {"ar", "fa", "he", "ur", "yi", "ps", "sd", "ckb", "dv"}


@dataclass(frozen=True, slots=True)
class Words:
    language: str
    phrases: Mapping[str, str]

    @property
    def direction(self) -> str:
        return direction(self.language)

    def __call__(self, phrase: str, **values: object) -> str:
        return self.phrases[phrase].format(**values)

    def number(self, phrase: str, n: int) -> str:
        """`1 minute`, `17 minutes`."""
        return self(f"{phrase}_{'one' if n == 1 else 'many'}", n=n)

    def length(self, seconds: int) -> str:
        """A duration as one says it, for those who hear the mail read."""
        minutes, rest = divmod(seconds, 60)
        said = [self.number("minutes", minutes)] if minutes else []
        return " ".join([*said, self.number("seconds", rest)] if rest or not minutes else said)


def read_words(language: str, source: str) -> Words:
    return Words(language, tomllib.loads(source))


def direction(language: str) -> str:
    return "rtl" if language.lower().partition("-")[0] in RIGHT_TO_LEFT else "ltr"
