"""Postcard's news: sealed with a shared secret, then said in our own words."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mailer.providers.events import EventKind, Headers, Heard, NotSigned, ProviderEvent
from mailer.providers.posted import entries_of, text_of

SEAL_HEADER = "Postcard-Seal"
SEAL = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")
KINDS: Mapping[str, EventKind] = {
    "taken": "processed",
    "handed-over": "delivered",
    "late": "deferred",
    "returned": "bounced",
    "thrown-away": "dropped",
    "annoyed": "complained",
}


@dataclass(frozen=True, slots=True)
class PostcardWebhook:
    """`seal`: the secret that we share with Postcard."""

    seal: str

    def may_be_signed(self, headers: Headers) -> bool:
        return bool(headers.get(SEAL_HEADER, ""))

    def read(self, body: bytes, headers: Headers) -> Heard:
        given = SEAL.fullmatch(headers.get(SEAL_HEADER, ""))
        if given is None or not hmac.compare_digest(sealed(self.seal, given[1], body), given[2]):
            raise NotSigned("This does not carry the seal we know. Is POSTCARD_SEAL the one that Postcard shows?")
        entries = entries_of(body.partition(b'"news":')[2])
        found = [_event(entry) for entry in entries.read]
        return Heard([event for event in found if event is not None], entries.unread)


def sealed(seal: str, moment: str, body: bytes) -> str:
    """The seal of a post: HMAC with SHA-256 over the moment, a dot, and the body."""
    return hmac.new(seal.encode(), moment.encode() + b"." + body, "sha256").hexdigest()


def _event(entry: dict[str, Any]) -> ProviderEvent | None:
    kind, attempt = KINDS.get(str(entry.get("what"))), entry.get("reference")
    if kind is None or not isinstance(attempt, str) or not attempt.isprintable():
        return None
    try:
        at = datetime.fromisoformat(str(entry.get("when"))).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    why = text_of(entry.get("because"), 500)
    return ProviderEvent(attempt, kind, at, hard=entry.get("for_good") is True, link="", why=why, raw=entry)
