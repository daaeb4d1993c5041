"""The composition root: settings in, the real parts out. Nothing is connected before it is used."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from course.clock import Clock, open_clock
from course.db import Database
from course.errors import SettingsError
from course.ids import new_id
from course.publishing.editions import Published, Shelf
from course.settings import Settings
from course.times import RealTime
from mailer.compose.compose import Site
from mailer.compose.targets import media_path
from mailer.compose.template_cache import TemplateCache
from mailer.providers.contract import Provider
from mailer.providers.events import Webhook
from mailer.providers.registry import open_provider, webhooks
from mailer.queue import MailQueue
from mailer.return_path import BounceMailbox, read_mailbox
from mailer.signer import Signer


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
    webhooks: Mapping[str, Webhook]
    templates: TemplateCache
    node: str
    began_at: RealTime

    @property
    def journals(self) -> Path:
        return self.settings.var_dir / "journal"

    def site_of(self, published: Published) -> Site:
        """Return what is the same in every mail of a published course."""
        base_url = self.settings.base_url

        def media_url(path: str) -> str:
            shown = published.shown_in_mails(path)
            return f"{base_url}{media_path(published.digest_of(shown), shown)}"

        return self.site_with(media_url)

    def site_with(self, media_url: Callable[[str], str]) -> Site:
        """Return what is the same in every mail whose pictures are at these addresses."""
        return Site(
            base_url=self.settings.base_url,
            mail_from=self.settings.mail_from,
            reply_to=self.settings.mail_reply_to,
            postal_address=self.settings.postal_address,
            sign_link=self.signer.link,
            media_url=media_url,
            mailbox=mailbox.address if (mailbox := own_mailbox(self.settings)) else "",
        )

    def close(self) -> None:
        self.provider.close()
        self.queue.close()
        self.db.close()


def build(settings: Settings) -> Runtime:
    """Raises SettingsError without REDIS_URL: `dayletter up` starts a private server and sets it."""
    if settings.redis_url is None:
        raise SettingsError(["REDIS_URL: write `redis://HOST:6379/0`; only `dayletter up` starts its own."])
    queue, clock = MailQueue(settings.redis_url), open_clock(settings.clock, settings.var_dir)
    return Runtime(
        settings=settings,
        clock=clock,
        db=Database(settings.database_url, queue.hurry),
        shelf=Shelf(settings.grace),
        signer=Signer(settings.secrets),
        queue=queue,
        provider=open_provider(settings),
        webhooks=webhooks(settings),
        templates=TemplateCache(),
        node=node_of(settings.var_dir),
        began_at=clock.real(),
    )


def own_mailbox(settings: Settings) -> BounceMailbox | None:
    """Where mail comes back, and people leave by mail; None where MAIL_BOUNCES is not set."""
    return read_mailbox(settings.mail.variables.get("MAIL_BOUNCES", ""), settings.mail_from)


def posting_database(settings: Settings) -> Database:
    """For a command that posts mails. Without REDIS_URL the clock process finds them in a moment."""
    hurry = MailQueue(settings.redis_url).hurry if settings.redis_url else _leave_to_planning
    return Database(settings.database_url, hurry)


def _leave_to_planning(batches: Sequence[str]) -> None:
    """Each planning step looks for batches that nobody hurried."""


def node_of(var_dir: Path) -> str:
    """The name of this VAR_DIR: only who shares it can read its journals."""
    file = var_dir / "node"
    if not file.exists():
        var_dir.mkdir(parents=True, exist_ok=True)
        fresh = var_dir / f".node-{os.getpid()}"
        fresh.write_text(new_id()[:12])
        with suppress(FileExistsError):
            os.link(fresh, file)  # atomic: of several processes that start together one names it
        fresh.unlink()
    return file.read_text()
