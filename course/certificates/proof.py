"""Ed25519 keys for badges, and proofs by W3C's Data Integrity with the cryptosuite `eddsa-rdfc-2022`."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from course.certificates.linked_data import canonical
from course.certificates.statement import moment

PURPOSE = b"dayletter badges, ed25519"
ED25519_PUBLIC = b"\xed\x01"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def key_from(secret: str) -> Ed25519PrivateKey:
    """Derive an Ed25519 key from a secret: always the same key, which tells nothing of the secret."""
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


def multikey(public: Ed25519PublicKey) -> str:
    return f"z{_base58(ED25519_PUBLIC + public.public_bytes_raw())}"


def jwk(public: Ed25519PublicKey) -> dict[str, str]:
    x = urlsafe_b64encode(public.public_bytes_raw()).rstrip(b"=").decode()
    return {"kty": "OKP", "crv": "Ed25519", "x": x}


def signed(credential: Mapping[str, Any], key: Ed25519PrivateKey, created: datetime) -> dict[str, Any]:
    """The credential with its proof, by a key that its issuer publishes."""
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": moment(created),
        "verificationMethod": f"{credential['issuer']['id']}#{multikey(key.public_key())}",
        "proofPurpose": "assertionMethod",
    }
    signature = key.sign(_digest(options) + _digest(credential))
    return {**credential, "proof": [{**options, "proofValue": f"z{_base58(signature)}"}]}


def _digest(document: Mapping[str, Any]) -> bytes:
    return sha256(canonical(document).encode()).digest()


def _base58(data: bytes) -> str:
    number, digits = int.from_bytes(data), ""
    while number:
        number, rest = divmod(number, 58)
        digits = BASE58[rest] + digits
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + digits
