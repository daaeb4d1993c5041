"""Events that name no attempt, as late bounces do: whose they are tells the Message-ID, or the address.

By its address alone only an event is taken that closes it: of any other it would have to be known which mail it is
about.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.bulk import among
from course.models import Attempt, Delivery, Enrolment, Learner
from mailer.providers.events import ProviderEvent

LATELY = timedelta(days=7)
"""A bounce comes days after its mail at the most: a server tries for "at least 4-5 days" (RFC 5321, 4.5.4.1)."""

OURS = re.compile(r"<?(([0-9a-f]{32})@[^<>\s]+?)>?")
"""Our Message-ID begins with the delivery's own id."""


def named(session: Session, events: Sequence[ProviderEvent]) -> list[ProviderEvent]:
    """All events with the attempts they are about; without those of which nobody can tell."""
    unnamed = [event for event in events if not event.attempt]
    if not unnamed:
        return list(events)
    by_id = _by_message_id(session, {event.message_id for event in unnamed})
    closing = [event for event in unnamed if event.hard and not by_id.get(event.message_id)]
    by_email = _by_email(session, {event.email.lower() for event in closing})
    return [event for event in (_named(event, by_id, by_email) for event in events) if event.attempt]


Began = tuple[datetime, str]
"""When an attempt began (real time), and its id."""


def _named(
    event: ProviderEvent, by_id: Mapping[str, Sequence[Began]], by_email: Mapping[str, Sequence[Began]]
) -> ProviderEvent:
    if event.attempt:
        return event
    tried = by_id.get(event.message_id)
    if tried:
        return replace(event, attempt=before(tried, event.at) or tried[0][1])
    lately = [one for one in by_email.get(event.email.lower(), ()) if event.hard and one[0] > event.at - LATELY]
    return replace(event, attempt=before(lately, event.at))


def before(tried: Iterable[Began], at: datetime) -> str:
    """The newest attempt that had begun by then; empty if none had. Events are told in whole seconds."""
    return max((one for one in tried if one[0] < at + timedelta(seconds=1)), default=(at, ""))[1]


def _by_message_id(session: Session, message_ids: Iterable[str]) -> dict[str, list[Began]]:
    found = {told: match for told in message_ids if (match := OURS.fullmatch(told))}
    if not found:
        return {}
    known = session.execute(
        select(Delivery.message_id, Attempt.began_at, Attempt.id)
        .join(Attempt, Attempt.delivery_id == Delivery.id)
        .where(among(session, Delivery.id, sorted({match[2] for match in found.values()})))
        .order_by(Attempt.began_at)
    ).all()
    return {
        told: [(began_at, attempt) for message_id, began_at, attempt in known if message_id == f"<{match[1]}>"]
        for told, match in found.items()
    }


def _by_email(session: Session, emails: Iterable[str]) -> dict[str, list[Began]]:
    """Mails to learners' own addresses."""
    asked = sorted(email for email in emails if email)
    if not asked:
        return {}
    known = session.execute(
        select(Learner.email, Attempt.began_at, Attempt.id)
        .join(Enrolment, Enrolment.learner_id == Learner.id)
        .join(Delivery, Delivery.enrolment_id == Enrolment.id)
        .join(Attempt, Attempt.id == Delivery.attempt_id)
        .where(among(session, Learner.email, asked), Delivery.email.is_(None), Attempt.email.is_(None))
    ).all()
    return {email: [(at, attempt) for told, at, attempt in known if told == email] for email in asked}
