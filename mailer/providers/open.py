"""The provider that MAIL_URL names."""

from course.errors import SettingsError
from course.settings import Settings
from mailer.providers.contract import Provider
from mailer.providers.outbox import Outbox
from mailer.providers.sendgrid.provider import SendGrid
from mailer.providers.smtp.address import parse_smtp
from mailer.providers.smtp.provider import Smtp


def open_provider(settings: Settings) -> Provider:
    """Connects to nothing yet. Raises SettingsError."""
    if settings.outbox is not None:
        return Outbox(settings.outbox)
    if settings.mail_url.startswith("sendgrid:"):
        return SendGrid(settings.sendgrid_api_key, settings.sendgrid_api_url)
    try:
        return Smtp(parse_smtp(settings.mail_url))
    except ValueError as problem:
        raise SettingsError([f"MAIL_URL: {problem}"]) from problem
