"""Mails as files, for development: `<folder>/<delivery id>.eml`."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from course.checkup import Finding
from course.variables import Variables
from mailer.compose.message import Letter, Template
from mailer.compose.mime import is_sendable, wire_of
from mailer.providers.answer import Answer, Begin, unannounced
from mailer.providers.contract import ProviderKind
from mailer.sender_dns.expected import ANY_SERVER, SenderDns


class Outbox:
    """A file is there in full or not at all; a second sending of a delivery replaces its file."""

    confirms = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, template: Template, letters: Sequence[Letter], begin: Begin = unannounced) -> Iterator[Answer]:
        wire = wire_of(template)
        for letter in letters:
            if not is_sendable(letter.email):
                yield Answer(letter.attempt, "refused", "not an address that mail can carry", permanent=True)
                continue
            mail = wire.bytes_of(letter)
            begin([letter.attempt])
            try:
                self._write(letter.delivery, mail)
            except OSError as error:
                why = f"cannot write to {self._folder}: {error.strerror}"
                yield Answer(letter.attempt, "refused", why, unreached=True)
            else:
                yield Answer(letter.attempt, "accepted")

    def has(self, delivery: str) -> bool:
        return self._path(delivery).is_file()

    def trouble(self) -> str:
        there = next(folder for folder in (self._folder, *self._folder.absolute().parents) if folder.exists())
        return "" if there.is_dir() and os.access(there, os.W_OK) else f"cannot write to {self._folder}"

    def ways(self) -> dict[str, str]:
        return {}

    def close(self) -> None:
        """Do nothing: no connection is held."""

    def _path(self, delivery: str) -> Path:
        return self._folder / f"{delivery}.eml"

    def _write(self, delivery: str, mail: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        # Two processes may write the same delivery: each has a file of its own until the last moment.
        unfinished = self._folder / f".{delivery}.{os.getpid()}"
        try:
            with unfinished.open("wb") as file:
                file.write(mail)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._path(delivery))
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise


@dataclass(frozen=True, slots=True)
class OutboxSettings:
    folder: Path

    @property
    def stays_here(self) -> bool:
        return True

    @property
    def webhook(self) -> None:
        """A folder tells no events."""

    @property
    def sender_dns(self) -> SenderDns:
        return ANY_SERVER

    def doubts(self) -> tuple[Finding, ...]:
        return ()

    def look(self, now: datetime) -> tuple[Finding, ...]:
        """A folder shows nothing more."""
        return ()

    def open(self) -> Outbox:
        return Outbox(self.folder)


def read_settings(variables: Variables, mail_url: str | None) -> OutboxSettings | None:
    """The folder after the scheme; `outbox` in VAR_DIR where none is named."""
    if mail_url is None:
        return None
    return OutboxSettings(Path(mail_url.partition(":")[2] or variables.var_dir / "outbox"))


OUTBOX = ProviderKind(name="outbox", mail_url="outbox:", read=read_settings, variables=("VAR_DIR",))
