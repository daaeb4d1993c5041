"""SendGrid's signed event webhook: verify, then translate into our words.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
"""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from mailer.providers.events import BadWebhook, EventKind, Headers, NotSigned, ProviderEvent
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
NOT_OURS = "This is not signed with the key we know. Is SENDGRID_WEBHOOK_KEY the one that SendGrid shows?"


@dataclass(frozen=True, slots=True)
class SendGridWebhook:
    """`public_key` in base64, as SendGrid shows it."""

    public_key: str

    def read(self, body: bytes, headers: Headers) -> list[ProviderEvent]:
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


def read_events(body: bytes) -> list[ProviderEvent]:
    """The events that may concern a mail of ours; others and unknown kinds are passed over. Raises BadWebhook."""
    try:
        entries = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise BadWebhook("the body is not JSON") from problem
    if not isinstance(entries, list):
        raise BadWebhook("the body is not a list")
    found = (_event(entry) for entry in entries if isinstance(entry, dict))
    return [event for event in found if event is not None]


def _event(entry: dict[str, Any]) -> ProviderEvent | None:
    kind = _kind(entry)
    attempt = _attempt(entry)
    if kind is None:
        return None
    try:
        at = datetime.fromtimestamp(float(entry.get("timestamp", 0)), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    about = _about(kind, entry)
    why = _storable(entry.get("reason") or entry.get("response"))[:500]
    link, email = _storable(entry.get("url")), _storable(entry.get("email"))
    event = ProviderEvent(attempt, kind, at, about == "address", link, why, entry)
    event = replace(event, account=about == "account", email=email, message_id=_storable(entry.get("smtp-id")))
    if kind == "account_stopped":
        # About no mail, whatever else it may hold.
        return ProviderEvent("", kind, at, False, "", _storable(entry.get("type"))[:100], entry)
    # Late bounces come without our argument.
    return event if attempt or event.message_id or (event.hard and email) else None


def _kind(entry: Mapping[str, Any]) -> EventKind | None:
    if entry.get("event") == "account_status_change":
        # The others are `compliance_suspend`, `compliance_deactivate` and `compliance_ban`.
        return None if entry.get("type") == "reactivate" else "account_stopped"
    return EVENT_NAMES.get(str(entry.get("event")))


def _about(kind: EventKind, entry: Mapping[str, Any]) -> About:
    if kind == "bounced":
        return bounce_is_about(str(entry.get("type", "bounce")), str(entry.get("bounce_classification", "")))
    return drop_is_about(str(entry.get("reason"))) if kind == "dropped" else "mail"


def _attempt(entry: Mapping[str, Any]) -> str:
    """The attempt that an event is about; empty if it names none of ours.

    Mails sent before ATTEMPT had its name told it as `attempt`, which in `deferred` is SendGrid's own.
    """
    named = entry.get(ATTEMPT)
    if named is None and entry.get("event") != "deferred":
        named = entry.get("attempt")
    return named if isinstance(named, str) and named.isprintable() else ""


def _storable(value: object) -> str:
    """Without what no database takes as text; one odd event must not keep the others of its post out."""
    return "".join(char if char.isprintable() else " " for char in str(value or ""))
