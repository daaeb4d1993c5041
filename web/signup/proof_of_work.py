"""A puzzle that costs a browser a second and a flood of forms its speed: ALTCHA's, solved by `static/proof.js`.

Each is signed, good for a while, and for one sign-up: whoever counts sign-ups keeps its name. How it is made:
https://altcha.org/docs/proof-of-work/.
"""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

from altcha.v1 import Payload, create_challenge, verify_solution

from course.times import RealTime

HARDEST = 50_000
"""As many numbers may have to be tried: about a second on a computer, some on a telephone."""

GOOD_FOR = timedelta(minutes=30)
LONGEST = 2_000


def puzzle(secrets: Sequence[str], real: RealTime) -> dict[str, object]:
    """Return a fresh one, ready for JSON."""
    fresh = create_challenge(
        algorithm="SHA-256",
        max_number=HARDEST,
        salt_length=16,
        hmac_key=_key(secrets[0]),
        salt="",
        number=None,
        expires=real + GOOD_FOR,
        params=None,
    )
    return dict(fresh.to_dict())


def solved(secrets: Sequence[str], answer: str, real: RealTime) -> str | None:
    """The name of the puzzle that this answer solves, 64 hex digits; None if it is none of ours, or too late."""
    if not answer or len(answer) > LONGEST:
        return None
    # Whatever anybody sends: it is base64 of JSON if it is from our page.
    try:
        given = Payload.from_base64(answer)
        _, expires, _ = given.parse_salt()
        right = any(verify_solution(given, _key(secret), check_expires=False)[0] for secret in secrets)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    in_time = expires is not None and real.timestamp() <= expires
    return str(given.challenge) if right and in_time and given.algorithm == "SHA-256" else None


def _key(secret: str) -> str:
    return sha256(b"dayletter proof of work" + secret.encode()).hexdigest()
