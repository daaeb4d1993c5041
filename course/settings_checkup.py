"""What settings alone tell: each may be right as such, and still not meant."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from course.checkup import Finding
from course.settings import Settings
from course.variables import LOOPBACK

LONG_SECRET = 32


def of_settings(settings: Settings, of_provider: Iterable[Finding]) -> list[Finding]:
    """What is to be asked of the settings, with the doubts of their mail provider; a good finding if that is
    nothing."""
    doubts = [*_doubts(settings), *of_provider]
    return doubts or [Finding("configuration", "good", "Every setting is right.")]


def _doubts(settings: Settings) -> Iterator[Finding]:
    def doubt(said: str, todo: str) -> Finding:
        return Finding("configuration", "warning", said, todo)

    if settings.clock is not None:
        yield doubt("CLOCK is set: learners live by a virtual clock.", "Leave it out where learners are real.")
    if settings.outbox is not None:
        return
    site = urlsplit(settings.base_url)
    if site.hostname in LOOPBACK:
        yield doubt(f"Links in mails lead to {settings.base_url}.", "Set BASE_URL to the site's public address.")
    elif site.scheme != "https":
        yield doubt("BASE_URL is not encrypted.", "Put HTTPS before the site, and write `https://`.")
    if min(len(secret) for secret in settings.secrets) < LONG_SECRET:
        yield doubt("A secret in SECRET_KEY is short.", "Put one of 32 random characters or more before it.")
    if not settings.studio_users:
        yield doubt("Nobody may enter the studio.", "List who may in STUDIO_USERS.")
