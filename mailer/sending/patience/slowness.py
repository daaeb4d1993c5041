"""When a domain that turns mail back is given less of it, and how long for: pure, from what events say of it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from mailer.providers.events import ProviderEvent
from mailer.providers.limits import names_one_mailbox
from mailer.sending.patience.backoff import wait_before_trial
from mailer.sending.patience.giving_up import A_DAY

ENOUGH = 3
"""So many mails turned back in a row, with none delivered between them, say something of the domain."""

LONGEST_KEY = 64


class News(NamedTuple):
    """What some events say of a domain: how many mails were turned back since one was `delivered` last, and when
    the last of those was."""

    delivered: datetime | None = None
    blocks: int = 0
    blocked: datetime | None = None


class Slowness(NamedTuple):
    """`since` is when the last mail was turned back."""

    tries: int
    since: datetime
    again_at: datetime


def domain_of(email: str) -> str:
    """The part that says who keeps the mailbox; of a very long one its end."""
    return email.rpartition("@")[2].lower()[-LONGEST_KEY:]


def news(events: Sequence[ProviderEvent]) -> dict[str, News]:
    """By domain. One mailbox that is full is not its provider's."""
    found: defaultdict[str, News] = defaultdict(News)
    for event in sorted(events, key=lambda event: event.at):
        domain = domain_of(event.email)
        if domain and event.kind == "delivered":
            found[domain] = News(delivered=event.at)
        elif domain and event.kind == "bounced" and not event.hard and not names_one_mailbox(event.why):
            so_far = found[domain]
            found[domain] = News(so_far.delivered, so_far.blocks + 1, event.at)
    return dict(found)


def slowed(domain: str, known: Slowness | None, told: News, real: datetime) -> Slowness | None:
    """How a domain stands after what was told of it; None if nothing is to be said of it any more."""
    if known is not None and told.delivered is not None and told.delivered >= known.since:
        known = None
    if told.blocked is None:
        return known
    if known is None or told.blocked - known.since >= A_DAY:
        tries = min(told.blocks, ENOUGH)
    elif known.tries >= ENOUGH:
        # Mails that were on their way already: the trials count from here.
        return known._replace(since=max(known.since, told.blocked))
    else:
        tries = min(known.tries + told.blocks, ENOUGH)
    return Slowness(tries, told.blocked, after(domain, tries, real) if tries >= ENOUGH else real)


def after(domain: str, tries: int, real: datetime) -> datetime:
    """When a domain is tried again."""
    return real + timedelta(seconds=wait_before_trial(tries - ENOUGH + 1, domain))


def is_past(since: datetime, real: datetime) -> bool:
    """Whether nothing has been turned back for a day: not everybody has delivered mails told."""
    return real - since >= A_DAY
