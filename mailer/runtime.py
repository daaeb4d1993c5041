"""The composition root: settings in, the real parts out. Nothing is connected before it is used."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

from course.clock import Clock, open_clock
from course.db import Database
from course.editions import Published, Shelf
from course.errors import SettingsError
from course.settings import Settings
from mailer.compose import House
from mailer.journal import node_of
from mailer.links import Signer
from mailer.press import Press
from mailer.providers import Provider
from mailer.providers.open import open_provider
from mailer.queue import MailQueue


@dataclass(frozen=True, slots=True)
class Runtime:
    """One process's parts."""

    settings: Settings
    clock: Clock
    db: Database
    shelf: Shelf
    signer: Signer
    queue: MailQueue
    provider: Provider
    press: Press
    house: Callable[[Published], House]
    node: str

    @property
    def journals(self) -> Path:
        return self.settings.var_dir / "journal"

    def close(self) -> None:
        self.provider.close()
        self.queue.close()
        self.db.close()


def build(settings: Settings) -> Runtime:
    """Raises SettingsError without REDIS_URL: `dayletter up` starts a private server and sets it."""
    if settings.redis_url is None:
        raise SettingsError(["REDIS_URL: write `redis://HOST:6379/0`; only `dayletter up` starts its own."])
    signer = Signer(settings.secrets)
    return Runtime(
        settings=settings,
        clock=open_clock(settings.clock, settings.var_dir),
        db=Database(settings.database_url),
        shelf=Shelf(),
        signer=signer,
        queue=MailQueue(settings.redis_url),
        provider=open_provider(settings),
        press=Press(),
        house=partial(_house, settings, signer),
        node=node_of(settings.var_dir),
    )


def _house(settings: Settings, signer: Signer, published: Published) -> House:
    return House(
        base_url=settings.base_url,
        mail_from=settings.mail_from,
        reply_to=settings.mail_reply_to,
        postal_address=settings.postal_address,
        sign_link=signer.link,
        media_url=lambda path: f"{settings.base_url}{media_path(published, path)}",
    )


def media_path(published: Published, path: str) -> str:
    """Where a media file of a published course is served; the address changes when the file does."""
    digest = published.media.get(path, "missing")
    return f"/media/{digest}/{quote(path.rpartition('/')[2])}"
