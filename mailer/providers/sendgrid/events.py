"""SendGrid's signed event webhook: verify, then translate into our words.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
"""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from mailer.providers.events import EventKind, Headers, Heard, NotSigned, ProviderEvent
from mailer.providers.posted import entries_of, moment_of, text_of
from mailer.providers.sendgrid.reasons import About, bounce_is_about, drop_is_about
from mailer.providers.sendgrid.request import ATTEMPT

SIGNATURE_HEADER = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP_HEADER = "X-Twilio-Email-Event-Webhook-Timestamp"

EVENT_NAMES: Mapping[str, EventKind] = {
    "processed": "processed",
    "delivered": "delivered",
    "deferred": "deferred",
    "bounce": "bounced",
    "dropped": "dropped",
    "spamreport": "complained",
}
MOST_REASON, MOST_ADDRESS, MOST_LINE, MOST_ID = 500, 320, 998, 64
NOT_OURS = "This is not signed with the key we know. Is SENDGRID_WEBHOOK_KEY the one that SendGrid shows?"


@dataclass(frozen=True, slots=True)
class SendGridWebhook:
    """`public_key` in base64, as SendGrid shows it."""

    public_key: str

    def may_be_signed(self, headers: Headers) -> bool:
        return bool(headers.get(SIGNATURE_HEADER, "") and headers.get(TIMESTAMP_HEADER, ""))

    def read(self, body: bytes, headers: Headers) -> Heard:
        signature, timestamp = headers.get(SIGNATURE_HEADER, ""), headers.get(TIMESTAMP_HEADER, "")
        if not is_signed(self.public_key, body, signature, timestamp):
            raise NotSigned(NOT_OURS)
        return read_events(body)


def is_signed(public_key: str, body: bytes, signature: str, timestamp: str) -> bool:
    """Whether the key's owner signed this timestamp and body (ECDSA with SHA-256)."""
    try:
        key = load_der_public_key(b64decode(public_key))
        if not isinstance(key, EllipticCurvePublicKey):
            return False
        key.verify(b64decode(signature), timestamp.encode() + body, ECDSA(SHA256()))
    except (ValueError, InvalidSignature):
        return False
    return True


def read_events(body: bytes) -> Heard:
    """The events that may concern a mail of ours; others and unknown kinds are passed over."""
    entries = entries_of(body)
    found, unread = list[ProviderEvent](), entries.unread
    for entry in entries.read:
        kind = _kind(entry)
        if kind is None:
            continue
        at = moment_of(entry.get("timestamp"))
        if at is None:
            unread += 1
        elif (event := _event(entry, kind, at)) is not None:
            found.append(event)
    return Heard(found, unread)


def _event(entry: dict[str, Any], kind: EventKind, at: datetime) -> ProviderEvent | None:
    if kind == "account_stopped":
        # About no mail, whatever else it may hold.
        return ProviderEvent("", kind, at, False, "", text_of(entry.get("type"), 100), entry)
    attempt, about = _attempt(entry), _about(kind, entry)
    why = text_of(entry.get("reason") or entry.get("response"), MOST_REASON)
    event = ProviderEvent(attempt, kind, at, about == "address", text_of(entry.get("url")), why, entry)
    email, message_id = text_of(entry.get("email"), MOST_ADDRESS), text_of(entry.get("smtp-id"), MOST_LINE)
    event = replace(event, account=about == "account", email=email, message_id=message_id)
    # Late bounces come without our argument.
    return event if attempt or event.message_id or (event.hard and email) else None


def _kind(entry: Mapping[str, Any]) -> EventKind | None:
    if entry.get("event") == "account_status_change":
        # The others are `compliance_suspend`, `compliance_deactivate` and `compliance_ban`.
        return None if entry.get("type") == "reactivate" else "account_stopped"
    return EVENT_NAMES.get(text_of(entry.get("event")))


def _about(kind: EventKind, entry: Mapping[str, Any]) -> About:
    if kind == "bounced":
        return bounce_is_about(_word(entry, "type", "bounce"), _word(entry, "bounce_classification"))
    return drop_is_about(_word(entry, "reason")) if kind == "dropped" else "mail"


def _word(entry: Mapping[str, Any], name: str, missing: str = "") -> str:
    return text_of(entry[name]) if name in entry else missing


def _attempt(entry: Mapping[str, Any]) -> str:
    """The attempt that an event is about; empty if it names none of ours.

    Mails sent before ATTEMPT had its name told it as `attempt`, which in `deferred` is SendGrid's own.
    """
    named = entry.get(ATTEMPT)
    if named is None and entry.get("event") != "deferred":
        named = entry.get("attempt")
    return named if isinstance(named, str) and len(named) <= MOST_ID and named.isprintable() else ""
