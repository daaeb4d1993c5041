"""What passes through Redis and is nobody's business is sealed: only who has SECRET_KEY can read it. No clock.

AES-SIV (RFC 5297): the same words under the same key are the same token, so that no randomness is needed. Sealed
with the first secret, opened with any.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256, sha512

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from mailer.signer import BadToken

PURPOSE = b"dayletter: passing through"


def seal(secrets: Sequence[str], words: str) -> str:
    """The words as a token of letters, digits, `-`, `_` and `=`."""
    return urlsafe_b64encode(_key(secrets[0]).encrypt(words.encode(), None)).decode()


def unseal(secrets: Sequence[str], token: str) -> str:
    """The words of a token. Raises BadToken if it was not sealed with one of the secrets."""
    try:
        sealed = urlsafe_b64decode(token.encode("ascii"))
    except ValueError as problem:
        raise BadToken from problem
    for secret in secrets:
        try:
            return _key(secret).decrypt(sealed, None).decode()
        except (InvalidTag, ValueError):
            continue
    raise BadToken


def _key(secret: str) -> AESSIV:
    return AESSIV(sha512(PURPOSE + sha256(secret.encode()).digest()).digest())
