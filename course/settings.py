"""The only reader of the environment. All that is wrong is reported at once."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, urlsplit

from course.clock import parse_clock
from course.errors import SettingsError
from course.tracking import Tracking

Role = Literal["viewer", "author", "operator"]
SECRET, SITE, PRIVATE_REDIS = "secret", "site.url", "redis.url"
"""Files in VAR_DIR that `dayletter up` writes for the other commands."""

DEFAULT_SITE = "http://127.0.0.1:8000"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SENDGRID_API = "https://api.sendgrid.com"
DEVELOPMENT_SENDER = "Dayletter <courses@example.org>"
DEVELOPMENT_USERS = "operator@example.org:operator"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says. `secrets`: the first signs, all verify. `clock` as in the variable."""

    database_url: str
    redis_url: str | None
    base_url: str
    secrets: tuple[str, ...]
    mail_url: str
    mail_from: str
    mail_reply_to: str
    postal_address: str
    sendgrid_api_key: str
    sendgrid_api_url: str
    sendgrid_webhook_key: str
    uncertain_after: int
    lessons_dir: Path
    var_dir: Path
    studio_users: Mapping[str, Role]
    clock: str | None
    tracking: Tracking

    @property
    def outbox(self) -> Path | None:
        """Where mails are kept as files, with `outbox:`."""
        scheme, _, folder = self.mail_url.partition(":")
        return Path(folder or self.var_dir / "outbox") if scheme == "outbox" else None


def environment() -> dict[str, str]:
    """A copy of the environment, for the processes we start."""
    return dict(os.environ)


def lessons_folder() -> Path:
    """`LESSONS_DIR`, for the commands that need files only."""
    return Path(os.environ.get("LESSONS_DIR", "lessons"))


def var_folder() -> Path:
    return Path(os.environ.get("VAR_DIR", "var"))


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Raises SettingsError with every missing or wrong variable and what to write instead."""
    reader = _Reader(os.environ if environ is None else environ)
    settings = reader.settings()
    if reader.problems:
        raise SettingsError(reader.problems)
    return settings


def _kept(file: Path) -> str:
    """What `dayletter up` has written down for the other commands."""
    return file.read_text().strip() if file.is_file() else ""


NO_PARTS = urlsplit("")


def _parts(url: str) -> SplitResult:
    """The address taken apart; without any part if it cannot be."""
    try:
        parts = urlsplit(url)
        return parts if parts.port is None or parts.port else NO_PARTS
    except ValueError:
        return NO_PARTS


def _is_site(parts: SplitResult) -> bool:
    return parts.scheme in ("http", "https") and bool(parts.hostname)


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def get(self, name: str, default: str = "") -> str:
        return self.environ.get(name, "").strip() or default

    def problem(self, name: str, what: str) -> None:
        self.problems.append(f"{name}: {what}")

    def settings(self) -> Settings:
        var_dir = Path(self.get("VAR_DIR", "var")).absolute()
        mail_url = self._mail_url()
        return Settings(
            database_url=self._database_url(var_dir),
            redis_url=self._redis_url(var_dir),
            base_url=self._base_url(var_dir),
            secrets=self._secrets(var_dir),
            mail_url=mail_url,
            mail_from=self._mailbox("MAIL_FROM", mail_url, DEVELOPMENT_SENDER),
            mail_reply_to=self._mailbox("MAIL_REPLY_TO", mail_url, DEVELOPMENT_SENDER),
            postal_address=self._in_production("POSTAL_ADDRESS", mail_url, "1 Example Street, 12345 Example Town"),
            sendgrid_api_key=self._sendgrid_key(mail_url),
            sendgrid_api_url=self._sendgrid_url(),
            sendgrid_webhook_key=self._webhook_key(),
            uncertain_after=self._seconds("UNCERTAIN_AFTER", 1800),
            lessons_dir=Path(self.get("LESSONS_DIR", "lessons")).absolute(),
            var_dir=var_dir,
            studio_users=self._studio_users(mail_url),
            clock=self._clock(mail_url),
            tracking=self._tracking(),
        )

    def _database_url(self, var_dir: Path) -> str:
        url = self.get("DATABASE_URL", f"sqlite:///{var_dir / 'dayletter.sqlite'}")
        # Some platforms still hand out the older scheme.
        url = re.sub(r"^postgres://", "postgresql://", url)
        if not re.match(r"(sqlite|postgresql(\+psycopg)?)://", url) or _parts(url) == NO_PARTS:
            self.problem("DATABASE_URL", "write `postgresql://USER:PASSWORD@HOST/NAME` or `sqlite:///PATH`.")
        return url

    def _redis_url(self, var_dir: Path) -> str | None:
        """Also the private server that a running `dayletter up` has written down."""
        url = self.get("REDIS_URL") or _kept(var_dir / PRIVATE_REDIS)
        if url and (not re.match(r"(redis|rediss|unix)://", url) or _parts(url) == NO_PARTS):
            self.problem("REDIS_URL", "write `redis://HOST:6379/0`, or leave it out for a private server.")
        return url or None

    def _base_url(self, var_dir: Path) -> str:
        """Also that of a running `dayletter up`: another address would look like a copied database."""
        url = (self.get("BASE_URL") or _kept(var_dir / SITE) or DEFAULT_SITE).rstrip("/")
        parts = _parts(url)
        # Below a path our pages would link past it.
        if not _is_site(parts) or parts.path or parts.query or parts.fragment:
            self.problem("BASE_URL", "write the site's address, such as `https://courses.example.org`.")
        return url

    def _secrets(self, var_dir: Path) -> tuple[str, ...]:
        text = self.get("SECRET_KEY") or _kept(var_dir / SECRET)
        secrets = tuple(secret.strip() for secret in text.split(",") if secret.strip())
        if not secrets:
            self.problem("SECRET_KEY", "write at least 32 random characters (`dayletter up` makes one by itself).")
        elif any(len(secret) < 16 for secret in secrets):
            self.problem("SECRET_KEY", "each secret needs at least 16 characters; 32 random ones are good.")
        return secrets

    def _mail_url(self) -> str:
        url = self.get("MAIL_URL", "outbox:")
        scheme = url.partition(":")[0]
        if scheme not in ("outbox", "smtp", "sendgrid") or (scheme == "smtp" and not _parts(url).hostname):
            self.problem(
                "MAIL_URL", "write `outbox:`, `smtp://USER:PASSWORD@HOST:587?tls=starttls` or `sendgrid:`."
            )
        elif scheme == "smtp":
            self._smtp_options(url)
        return url

    def _smtp_options(self, url: str) -> None:
        options = dict(parse_qsl(_parts(url).query, keep_blank_values=True))
        if options.keys() - {"tls", "connections"} or options.get("tls", "tls") not in ("none", "starttls", "tls"):
            self.problem("MAIL_URL", "its options are `tls=none`, `starttls` or `tls`, and `connections=N`.")
        if not re.fullmatch(r"[1-9][0-9]?|100", options.get("connections", "1")):
            self.problem("MAIL_URL", "`connections` is a number from 1 to 100.")

    def _in_production(self, name: str, mail_url: str, development: str) -> str:
        value = self.get(name)
        if not value and mail_url.startswith("outbox"):
            return development
        if not value:
            self.problem(name, f"is needed to send real mail; for example `{development}`.")
        return value

    def _mailbox(self, name: str, mail_url: str, development: str) -> str:
        value = self._in_production(name, mail_url, development)
        if value and ("@" not in parseaddr(value)[1] or re.search(r"[\x00-\x1f\x7f]", value)):
            self.problem(name, f"write an address such as `{development}`.")
        return value

    def _sendgrid_key(self, mail_url: str) -> str:
        key = self.get("SENDGRID_API_KEY")
        if mail_url.startswith("sendgrid") and not key:
            self.problem(
                "SENDGRID_API_KEY", "is needed with `MAIL_URL=sendgrid:`; make one with the right Mail Send."
            )
        return key

    def _sendgrid_url(self) -> str:
        url = self.get("SENDGRID_API_URL", SENDGRID_API).rstrip("/")
        if not _is_site(_parts(url)):
            self.problem("SENDGRID_API_URL", f"write an address such as `{SENDGRID_API}`, or leave it out.")
        return url

    def _webhook_key(self) -> str:
        key = self.get("SENDGRID_WEBHOOK_KEY")
        # The text of a public key in DER always begins like this; whether it verifies, only an event can show.
        if key and not re.fullmatch(r"M[A-Za-z0-9+/]{60,}={0,2}", key):
            self.problem("SENDGRID_WEBHOOK_KEY", "write the verification key that SendGrid shows (`MFkwEwYH...`).")
        return key

    def _seconds(self, name: str, default: int) -> int:
        value = self.get(name, str(default))
        if not re.fullmatch("[0-9]{1,9}", value):
            self.problem(name, f"write a whole number of seconds, such as `{default}`.")
            return default
        return int(value)

    def _studio_users(self, mail_url: str) -> Mapping[str, Role]:
        """One operator in development, where everybody can read every mail anyhow."""
        users: dict[str, Role] = {}
        listed = self.get("STUDIO_USERS", DEVELOPMENT_USERS if mail_url.startswith("outbox") else "")
        for entry in filter(None, (part.strip() for part in listed.split(","))):
            address, _, role = entry.partition(":")
            match role:
                case "viewer" | "author" | "operator" if "@" in address:
                    users[address.lower()] = role
                case _:
                    self.problem("STUDIO_USERS", f"`{entry}` must be `ADDRESS:operator`, `:author` or `:viewer`.")
        return users

    def _clock(self, mail_url: str) -> str | None:
        text = self.get("CLOCK")
        if not text:
            return None
        try:
            parse_clock(text)
        except (ValueError, OverflowError) as problem:
            self.problem("CLOCK", f"write a start and a speed, such as `2026-03-27T06:00:00Z@1440` ({problem}).")
        if not self._mail_stays_here(mail_url):
            self.problem(
                "CLOCK", "a virtual clock is for rehearsals: use `MAIL_URL=outbox:` or a loopback server."
            )
        return text

    def _mail_stays_here(self, mail_url: str) -> bool:
        if mail_url.startswith("sendgrid"):
            return _parts(self.get("SENDGRID_API_URL", SENDGRID_API)).hostname in LOOPBACK
        return mail_url.startswith("outbox") or _parts(mail_url).hostname in LOOPBACK

    def _tracking(self) -> Tracking:
        match self.get("TRACKING", "on"):
            case "on" | "ask" | "off" as tracking:
                return tracking
            case other:
                self.problem("TRACKING", f"write `on`, `ask` or `off`, not `{other}`.")
                return "off"
