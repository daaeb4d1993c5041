"""SendGrid's signed event webhook: verify, then translate into our words.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
"""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from mailer.providers.events import BadWebhook, EventKind, Headers, NotSigned, ProviderEvent

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
DROPPED_FOR_GOOD = ("Bounced Address", "Invalid", "Spam Reporting Address")
"""Why SendGrid will never send to an address; other drops concern one mail."""


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
    """The events that concern an attempt of ours; others and unknown kinds are passed over. Raises BadWebhook."""
    try:
        entries = json.loads(body)
    except ValueError as problem:
        raise BadWebhook("the body is not JSON") from problem
    if not isinstance(entries, list):
        raise BadWebhook("the body is not a list")
    found = (_event(entry) for entry in entries if isinstance(entry, dict))
    return [event for event in found if event is not None]


def _event(entry: dict[str, Any]) -> ProviderEvent | None:
    kind = EVENT_NAMES.get(str(entry.get("event")))
    attempt = entry.get("attempt")
    if kind is None or not isinstance(attempt, str) or not attempt.isprintable():
        return None
    try:
        at = datetime.fromtimestamp(float(entry.get("timestamp", 0)), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    hard = kind == "bounced" and entry.get("type", "bounce") == "bounce"
    hard = hard or (kind == "dropped" and entry.get("reason") in DROPPED_FOR_GOOD)
    why = _storable(entry.get("reason") or entry.get("response"))[:500]
    return ProviderEvent(attempt, kind, at, hard, _storable(entry.get("url")), why, entry)


def _storable(value: object) -> str:
    """Without what no database takes as text; one odd event must not keep the others of its post out."""
    return "".join(char if char.isprintable() else " " for char in str(value or ""))
