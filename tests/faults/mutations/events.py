"""The provider's events, with one safeguard taken out where they are heard."""

import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from course.ids import new_id
from course.models import Delivery
from course.times import Times
from mailer.providers.events import Heard, NotSigned, ProviderEvent
from mailer.providers.sendgrid import events
from mailer.sending import record_events
from web.request import current_runtime
from web.site import hooks


def any_signature_will_do(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(events, "is_signed", lambda *_: True)


def events_are_kept_before_they_are_believed(patch: pytest.MonkeyPatch) -> None:
    """Refused all the same."""

    def is_signed(key: str, body: bytes, signature: str, timestamp: str) -> bool:
        world = current_runtime()
        told = events.read_events(body).events
        with world.db.write() as session:
            record_events.record_events(session, told, world.clock.times())
        return really_signed(key, body, signature, timestamp)

    really_signed = events.is_signed
    patch.setattr(events, "is_signed", is_signed)


def each_copy_of_an_event_is_another(patch: pytest.MonkeyPatch) -> None:
    def read_events(body: bytes) -> Heard:
        return Heard([replace(event, link=new_id()) for event in read_whole(body).events])

    read_whole = events.read_events
    patch.setattr(events, "read_events", read_events)


def events_settle_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(record_events, "TAKEN_AFTER_ALL", ())


def one_odd_event_keeps_its_post_out(patch: pytest.MonkeyPatch) -> None:
    def read_events(body: bytes) -> Heard:
        if any(entry.get("event") not in events.EVENT_NAMES for entry in json.loads(body)):
            raise NotSigned("an event of a kind that nobody knows")
        return read_whole(body)

    read_whole = events.read_events
    patch.setattr(events, "read_events", read_events)


def every_event_is_of_the_newest_attempt(patch: pytest.MonkeyPatch) -> None:
    def apply(session: Session, delivery: Delivery, event: ProviderEvent, *rest: Any) -> None:
        whole(session, delivery, replace(event, attempt=delivery.attempt_id or ""), *rest)

    whole = record_events._apply
    patch.setattr(record_events, "_apply", apply)


def events_are_kept_before_they_settle(patch: pytest.MonkeyPatch) -> None:
    """In a transaction of their own: told again, they are known already, and settle nothing."""

    def record(session: Session, events: Sequence[ProviderEvent], times: Times) -> int:
        kept: set[str] = set()

        def keep(own: Session, rows: list[dict[str, Any]]) -> set[str]:
            kept.update(store(own, rows))
            return set()

        with Session(session.get_bind()) as own, own.begin():
            patch.setattr(record_events, "_store", keep)
            record_events.record_events(own, events, times)
        patch.setattr(record_events, "_store", lambda *_: kept)
        return record_events.record_events(session, events, times)

    store = record_events._store
    patch.setattr(hooks, "record_events", record)


def answered_before_they_are_recorded(patch: pytest.MonkeyPatch) -> None:
    """2xx at once, and the work behind the provider's back."""

    def record(session: Session, events: Sequence[ProviderEvent], times: Times) -> int:
        def later() -> None:
            with Session(session.get_bind()) as own, own.begin():
                record_events.record_events(own, events, times)

        threading.Thread(target=later, daemon=True).start()
        return 0

    patch.setattr(hooks, "record_events", record)
