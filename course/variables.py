"""Variables of the environment as settings are read from them, and the addresses they hold."""

from collections.abc import Collection, Mapping
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from course.addresses.marks import stripped

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
NO_PARTS = urlsplit("")


class Variables:
    """The environment, one variable at a time. `problems` gathers what is wrong, to be told all at once."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._announced: Collection[str] | None = None
        self.problems: list[str] = []

    def only(self, names: Collection[str]) -> "Variables":
        """Return these variables for a reader who announced what it reads. Problems are gathered in common."""
        narrowed = Variables(self._environ)
        narrowed._announced, narrowed.problems = names, self.problems
        return narrowed

    def get(self, name: str, default: str = "") -> str:
        """The value without blanks and invisible signs around it; the default where nothing else is left."""
        if self._announced is not None and name not in self._announced:
            raise LookupError(f"{name} is not among the variables that were announced")
        return stripped(self._environ.get(name, "")) or default

    def problem(self, name: str, what: str) -> None:
        """Notes that a variable is wrong; `what` says what to write instead, in a sentence."""
        self.problems.append(f"{name}: {what}")

    @property
    def var_dir(self) -> Path:
        """Where this machine keeps what is its own."""
        return Path(self.get("VAR_DIR", "var")).absolute()


def url_parts(url: str) -> SplitResult:
    """The address taken apart; NO_PARTS if it cannot be."""
    try:
        parts = urlsplit(url)
        return parts if parts.port is None or parts.port else NO_PARTS
    except ValueError:
        return NO_PARTS


def is_site(parts: SplitResult) -> bool:
    """Whether the address is that of a web server."""
    return parts.scheme in ("http", "https") and bool(parts.hostname)
