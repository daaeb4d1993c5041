"""The way that mails take: the provider, and the mailbox for what comes back."""

from collections.abc import Iterator
from pathlib import Path

from course.checkup import Finding
from mailer.bounces.imap import trouble
from mailer.providers.contract import Provider
from mailer.return_path import BounceMailbox


def of_provider(provider: Provider, outbox: Path | None) -> Iterator[Finding]:
    """Whether it would take mail now; `outbox` is the folder where mails stay, if they do."""
    about = "mail provider"
    trouble = provider.trouble()
    ways = {} if trouble else provider.ways()
    if trouble:
        yield Finding(about, "bad", f"It would take no mail: {trouble}.", "Correct MAIL_URL or its key.")
    elif outbox is not None:
        yield Finding(about, "good", f"Mails stay here, in {outbox}; nobody gets any.")
    elif len(ways) > 1:
        yield Finding(about, "good", f"It lets us in at {', '.join(at for at, why in ways.items() if not why)}.")
    else:
        yield Finding(about, "good", "It lets us in.")
    for at, why in ways.items():
        if why:
            todo = "Mails go by its other addresses; have this one mended, or taken out of DNS."
            yield Finding(about, "warning", f"It does not let us in at {at}: {why}.", todo)


def of_mailbox(mailbox: BounceMailbox | None) -> Iterator[Finding]:
    """Whether the mailbox for bounces can be read, where there is one."""
    about = "bounces"
    if mailbox is None:
        return
    if not mailbox.is_read:
        yield Finding(
            about, "good", f"The mail server hands what comes to {mailbox.address} to `dayletter bounce`."
        )
    elif why := trouble(mailbox):
        said = f"The mailbox at {mailbox.host} cannot be read: {why}."
        yield Finding(about, "bad", said, "Correct MAIL_BOUNCES; until then no bounce is heard of.")
    else:
        said = f"The mailbox at {mailbox.host} answers; bounces come to {mailbox.return_path('ID')}."
        yield Finding(about, "good", said)
