"""A mailbox provider that turns back one mail after the other slows down its own domain, and nobody else's.

A few mails try it from time to time, ever more seldom; once one is delivered, all the others go as they are due.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import case, delete, select, update
from sqlalchemy.orm import Session

from course.bulk import among, insert_into
from course.models import Delivery, SetAside
from course.times import RealTime
from mailer.providers.events import ProviderEvent
from mailer.sending.patience.slowness import ENOUGH, Slowness, after, domain_of, is_past, news, slowed

AT_MOST = 5
"""Mails of a trial, as in a hold."""

WHY = "its mailbox provider turns our mail back, and is tried with a few"


def hear(session: Session, events: Sequence[ProviderEvent], real: RealTime) -> None:
    """Take note of what events say of domains. Does not commit."""
    told = news(events)
    known = _known(session, sorted(told)) if told else {}
    for domain, said in sorted(told.items()):
        before = known.get(domain)
        now = slowed(domain, before, said, real)
        if now is None and before is not None:
            _forget(session, domain)
        elif now is not None and now != before:
            _write(session, domain, now)


def put_off(session: Session, emails: Mapping[str, str], real: RealTime) -> set[str]:
    """Of mails that may go (address by delivery), those that wait for their domain instead; but a few try it
    whenever that is due."""
    slow = [(domain, at) for domain, at in _known(session).items() if at.tries >= ENOUGH]
    waiting: set[str] = set()
    for domain, known in slow:
        theirs = [delivery for delivery, email in emails.items() if domain_of(email) == domain]
        if theirs and is_past(known.since, real):
            _forget(session, domain)
            continue
        until = known.again_at
        if theirs and until <= real:
            until = after(domain, known.tries + 1, real)
            _write(session, domain, Slowness(known.tries + 1, known.since, until))
            theirs = theirs[AT_MOST:]
        if theirs:
            _wait(session, theirs, until)
            waiting.update(theirs)
    return waiting


def _known(session: Session, domains: Sequence[str] | None = None) -> dict[str, Slowness]:
    asked = select(SetAside.key, SetAside.tries, SetAside.since, SetAside.again_at)
    asked = asked.where(SetAside.kind == "domain").order_by(SetAside.key)
    if domains is not None:
        asked = asked.where(among(session, SetAside.key, domains))
    return {domain: Slowness(tries, since, at) for domain, tries, since, at in session.execute(asked)}


def _write(session: Session, domain: str, now: Slowness) -> None:
    values = {"why": WHY, **now._asdict()}
    session.execute(
        insert_into(session, SetAside)
        .values(kind="domain", key=domain, **values)
        .on_conflict_do_update(index_elements=["kind", "key"], set_=values)
    )


def _forget(session: Session, domain: str) -> None:
    session.execute(delete(SetAside).where(SetAside.kind == "domain", SetAside.key == domain))


def _wait(session: Session, deliveries: Sequence[str], until: datetime) -> None:
    # The words of refusals are kept: they are compared with those of others.
    session.execute(
        update(Delivery)
        .where(among(session, Delivery.id, deliveries))
        .values(retry_at=until, why=case((Delivery.refused_since.is_(None), WHY), else_=Delivery.why))
        .execution_options(synchronize_session=False)
    )
