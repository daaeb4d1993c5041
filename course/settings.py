"""The only reader of the environment. All that is wrong is reported at once.

How mail leaves is for its provider to understand: `read_settings` is given the function that reads that part.
"""

import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal, TypeVar

from course.addresses.email_address import ascii_address
from course.addresses.mailbox import read_mailbox
from course.addresses.networks import Network, parse_networks
from course.addresses.site import read_site
from course.addresses.stores import read_database_url, read_redis_url, sqlite_url
from course.clock import parse_clock
from course.errors import SettingsError
from course.retention.days import DEFAULTS, Retention, read_retention
from course.tracking import Tracking
from course.variables import Variables

T = TypeVar("T")
Role = Literal["viewer", "author", "operator"]
SECRET, SITE, PRIVATE_REDIS = "secret", "site.url", "redis.url"
"""Files in VAR_DIR that `dayletter up` writes for the other commands."""

LEAST_GRACE_SECONDS = 20
"""Real ones: on a busy machine a mail may take so long, whatever a virtual clock makes of it."""

DEFAULT_SITE = "http://127.0.0.1:8000"
DEVELOPMENT_SENDER = "Dayletter <courses@example.org>"
DEVELOPMENT_USERS = "operator@example.org:operator"


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How mail leaves. `variables`: those that providers read, as they are written; only their provider knows what
    they mean. `outbox`: the folder in which mails stay as files, where nobody gets any. `stays_here`: no mail
    leaves this machine."""

    url: str = field(repr=False)
    variables: Mapping[str, str] = field(repr=False)
    outbox: Path | None
    stays_here: bool


ReadMail = Callable[[Variables], MailSettings]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says. `secrets`: the first signs, all verify. `clock` as in the variable.
    `grace`: how late a lesson may leave and still be that day's, in course time. `retention`: for how many days
    each kind of data is kept. `trusted_proxies`: who is believed when they say for whom they ask."""

    # Where these are told by mistake, in a traceback or a log, no password may stand there.
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    base_url: str
    secrets: tuple[str, ...] = field(repr=False)
    mail: MailSettings
    mail_from: str
    mail_reply_to: str
    postal_address: str
    uncertain_after: int
    grace: timedelta
    lessons_dir: Path
    var_dir: Path
    studio_users: Mapping[str, Role]
    clock: str | None
    tracking: Tracking
    retention: Retention
    trusted_proxies: tuple[Network, ...]

    @property
    def outbox(self) -> Path | None:
        """The folder in which mails stay as files, in development; None where they leave."""
        return self.mail.outbox


def environment() -> dict[str, str]:
    """A copy of the environment, for the processes we start."""
    return dict(os.environ)


def lessons_folder() -> Path:
    """`LESSONS_DIR`, for the commands that need files only."""
    return Path(os.environ.get("LESSONS_DIR", "lessons"))


def var_folder() -> Path:
    return Path(os.environ.get("VAR_DIR", "var"))


def read_settings(read_mail: ReadMail, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process, or of the variables given. Raises SettingsError with every missing or wrong
    variable and what to write instead."""
    variables = Variables(os.environ if environ is None else environ)
    settings = _Reader(variables, read_mail(variables)).settings()
    if variables.problems:
        raise SettingsError(variables.problems)
    return settings


def _kept(file: Path) -> str:
    """What `dayletter up` has written down for the other commands."""
    return file.read_text().strip() if file.is_file() else ""


class _Reader:
    def __init__(self, variables: Variables, mail: MailSettings) -> None:
        self.get, self.problem, self.mail = variables.get, variables.problem, mail
        self.var_dir = variables.var_dir

    def settings(self) -> Settings:
        return Settings(
            database_url=self._database_url(),
            redis_url=self._redis_url(),
            base_url=self._base_url(),
            secrets=self._secrets(),
            mail=self.mail,
            mail_from=self._mailbox("MAIL_FROM", DEVELOPMENT_SENDER),
            mail_reply_to=self._mailbox("MAIL_REPLY_TO", DEVELOPMENT_SENDER),
            postal_address=self._in_production("POSTAL_ADDRESS", "1 Example Street, 12345 Example Town"),
            uncertain_after=self._seconds("UNCERTAIN_AFTER", 1800),
            grace=self._grace(),
            lessons_dir=Path(self.get("LESSONS_DIR", "lessons")).absolute(),
            var_dir=self.var_dir,
            studio_users=self._studio_users(),
            clock=self._clock(),
            tracking=self._tracking(),
            retention=self._read("RETENTION", self.get("RETENTION"), read_retention, DEFAULTS),
            trusted_proxies=self._trusted_proxies(),
        )

    def _read(self, name: str, value: str, read: Callable[[str], T], otherwise: T) -> T:
        """The value as `read` understands it; notes what it raises as ValueError."""
        try:
            return read(value)
        except ValueError as problem:
            self.problem(name, str(problem))
            return otherwise

    def _database_url(self) -> str:
        url = self.get("DATABASE_URL", sqlite_url(str(self.var_dir / "dayletter.sqlite")))
        return self._read("DATABASE_URL", url, read_database_url, "")

    def _redis_url(self) -> str | None:
        """Also the private server that a running `dayletter up` has written down."""
        url = self.get("REDIS_URL") or _kept(self.var_dir / PRIVATE_REDIS)
        return self._read("REDIS_URL", url, read_redis_url, "") if url else None

    def _base_url(self) -> str:
        """Also that of a running `dayletter up`: another address would look like a copied database."""
        url = self.get("BASE_URL") or _kept(self.var_dir / SITE) or DEFAULT_SITE
        return self._read("BASE_URL", url, read_site, "")

    def _secrets(self) -> tuple[str, ...]:
        text = self.get("SECRET_KEY") or _kept(self.var_dir / SECRET)
        secrets = tuple(secret.strip() for secret in text.split(",") if secret.strip())
        if not secrets:
            self.problem("SECRET_KEY", "write at least 32 random characters (`dayletter up` makes one by itself).")
        elif any(len(secret) < 16 for secret in secrets):
            self.problem("SECRET_KEY", "each secret needs at least 16 characters; 32 random ones are good.")
        return secrets

    def _in_production(self, name: str, development: str) -> str:
        value = self.get(name)
        if not value and self.mail.outbox is not None:
            return development
        if not value:
            self.problem(name, f"is needed to send real mail; for example `{development}`.")
        return value

    def _mailbox(self, name: str, development: str) -> str:
        value = self._in_production(name, development)
        return self._read(name, value, read_mailbox, "") if value else ""

    def _seconds(self, name: str, default: int) -> int:
        value = self.get(name, str(default))
        if not re.fullmatch("[0-9]{1,9}", value):
            self.problem(name, f"write a whole number of seconds, such as `{default}`.")
            return default
        return int(value)

    def _grace(self) -> timedelta:
        """In course time."""
        rate = 1.0
        with suppress(ValueError, OverflowError):  # which `_clock` tells
            rate = parse_clock(self.get("CLOCK"))[1]
        return timedelta(seconds=max(self._seconds("LATE_AFTER", 7200), LEAST_GRACE_SECONDS * rate))

    def _studio_users(self) -> Mapping[str, Role]:
        """One operator in development, where everybody can read every mail anyhow."""
        users: dict[str, Role] = {}
        listed = self.get("STUDIO_USERS", DEVELOPMENT_USERS if self.mail.outbox is not None else "")
        for entry in filter(None, (part.strip() for part in listed.split(","))):
            address, _, role = entry.partition(":")
            match role:
                case "viewer" | "author" | "operator":
                    users[self._read("STUDIO_USERS", address, ascii_address, "").lower()] = role
                case _:
                    self.problem("STUDIO_USERS", f"`{entry}` must be `ADDRESS:operator`, `:author` or `:viewer`.")
        return users

    def _clock(self) -> str | None:
        text = self.get("CLOCK")
        if not text:
            return None
        try:
            parse_clock(text)
        except (ValueError, OverflowError) as problem:
            self.problem("CLOCK", f"write a start and a speed, such as `2026-03-27T06:00:00Z@1440` ({problem}).")
        if not self.mail.stays_here:
            self.problem(
                "CLOCK", "a virtual clock is for rehearsals: use `MAIL_URL=outbox:` or a loopback server."
            )
        return text

    def _tracking(self) -> Tracking:
        match self.get("TRACKING", "on"):
            case "on" | "ask" | "off" as tracking:
                return tracking
            case other:
                self.problem("TRACKING", f"write `on`, `ask` or `off`, not `{other}`.")
                return "off"

    def _trusted_proxies(self) -> tuple[Network, ...]:
        written = self.get("TRUSTED_PROXIES", "loopback")
        return self._read("TRUSTED_PROXIES", written, parse_networks, ())
