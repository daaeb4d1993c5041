"""The ways for mail to leave, by name: MAIL_URL chooses one of them. A new one is an entry here."""

from collections.abc import Mapping

from course.errors import SettingsError
from course.settings import MailSettings, Settings
from course.variables import Variables
from mailer.providers.contract import Provider, ProviderSettings
from mailer.providers.events import Webhook
from mailer.providers.outbox import OUTBOX, OutboxSettings
from mailer.providers.sendgrid.settings import SENDGRID
from mailer.providers.smtp.settings import SMTP

PROVIDERS = {kind.name: kind for kind in (OUTBOX, SMTP, SENDGRID)}


def read_mail(variables: Variables) -> MailSettings:
    """What the environment says of mail. Notes every problem, also those of providers that are not in service."""
    url = variables.get("MAIL_URL", OUTBOX.mail_url)
    if _scheme(url) not in PROVIDERS:
        *others, last = (f"`{kind.mail_url}`" for kind in PROVIDERS.values())
        variables.problem("MAIL_URL", f"write {', '.join(others)} or {last}.")
    chosen = _read_all(url, variables).get(_scheme(url))
    names = {name for kind in PROVIDERS.values() for name in kind.variables}
    return MailSettings(
        url=url,
        variables={name: variables.get(name) for name in sorted(names)},
        outbox=chosen.folder if isinstance(chosen, OutboxSettings) else None,
        stays_here=chosen is not None and chosen.stays_here,
    )


def provider_settings(settings: Settings) -> ProviderSettings:
    """Those of the provider in service. Raises SettingsError."""
    variables = Variables(settings.mail.variables)
    found = _read_all(settings.mail.url, variables).get(_scheme(settings.mail.url))
    if found is None:
        raise SettingsError(variables.problems)
    return found


def open_provider(settings: Settings) -> Provider:
    """The provider in service, connected to nothing yet. Raises SettingsError."""
    return provider_settings(settings).open()


def webhooks(settings: Settings) -> Mapping[str, Webhook]:
    """All whose posts can be verified, by the provider's name: also that of one which sent until now, since its
    events go on coming."""
    found = _read_all(settings.mail.url, Variables(settings.mail.variables))
    return {name: read.webhook for name, read in found.items() if read.webhook is not None}


def provider_agents() -> tuple[str, ...]:
    """Parts of the User-Agents of all providers' own machines: a mail may be opened long after it was sent."""
    return tuple(agent for kind in PROVIDERS.values() for agent in kind.agents)


def _read_all(url: str, variables: Variables) -> dict[str, ProviderSettings]:
    found: dict[str, ProviderSettings] = {}
    for name, kind in PROVIDERS.items():
        read = kind.read(variables.only(kind.variables), url if name == _scheme(url) else None)
        if read is not None:
            found[name] = read
    return found


def _scheme(url: str) -> str:
    return url.partition(":")[0]
