"""Event webhook posts as SendGrid signs them."""

import base64
import json
import time
from collections.abc import Mapping, Sequence

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

ITS_OWN: Mapping[str, Mapping[str, object]] = {
    "processed": {},
    "deferred": {"response": "450 4.7.1 greylisted, come back later", "attempt": "3"},
    "delivered": {"response": "250 2.0.0 queued"},
    "bounce": {"reason": "550 5.1.1 nobody of that name", "status": "5.1.1", "type": "bounce"},
    "dropped": {"reason": "Spam Content", "status": "5.0.0"},
    "spamreport": {},
}
"""What SendGrid itself says in an event of each kind, beside what is in all of them."""


def told(custom_args: Mapping[str, str], kind: str, at: int, **more: object) -> dict[str, object]:
    """An event with the mail's custom arguments among SendGrid's own keys, which win. `at` in Unix seconds."""
    return {**custom_args, **ITS_OWN.get(kind, {}), "event": kind, "timestamp": at, **more}


class EventSigner:
    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        der = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.public_key = base64.b64encode(der).decode()

    def signed_events(
        self, events: Sequence[Mapping[str, object]], at: int | None = None
    ) -> tuple[bytes, dict[str, str]]:
        """Body and headers of the post; `at` is the signed moment in Unix seconds, now if not given."""
        # SendGrid ends its payload with CRLF, and signs that too.
        return self.signed(json.dumps(list(events)).encode() + b"\r\n", at)

    def signed(self, body: bytes, at: int | None = None) -> tuple[bytes, dict[str, str]]:
        timestamp = str(int(time.time()) if at is None else at)
        signature = self._key.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
        return body, {
            "Content-Type": "application/json",
            "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
            "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
        }
