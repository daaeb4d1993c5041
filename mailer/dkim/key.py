"""The key that signs mails (RFC 6376, RFC 8463), and the record in DNS that lets others check them."""

import re
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

LEAST_BITS = 1024
"""Shorter ones are taken by nobody (RFC 8301, 3.2)."""

SELECTOR = re.compile(
    r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A private key with its names: `selector._domainkey.domain` is where its public half stands."""

    selector: str
    domain: str
    private: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)

    @property
    def algorithm(self) -> str:
        return f"{self.kind}-sha256"

    @property
    def kind(self) -> str:
        return "rsa" if isinstance(self.private, RSAPrivateKey) else "ed25519"

    @property
    def name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def public(self) -> str:
        """What stands after `p=` in DNS."""
        if isinstance(self.private, RSAPrivateKey):
            data = self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        else:
            data = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return b64encode(data).decode()

    @property
    def record(self) -> str:
        return f"v=DKIM1; k={self.kind}; p={self.public}"

    def sign(self, data: bytes) -> bytes:
        """A signature of the data's SHA-256; the same each time."""
        if isinstance(self.private, RSAPrivateKey):
            return self.private.sign(data, PKCS1v15(), SHA256())
        return self.private.sign(sha256(data).digest())


def parse_key(pem: str, selector: str, domain: str) -> DkimKey:
    """Line ends may be written as `\\n`, as variables of one line have them. Raises ValueError with what to write
    instead, and tells nothing of the key."""
    if not SELECTOR.fullmatch(selector):
        raise ValueError("needs DKIM_SELECTOR beside it: the name of the key in DNS, such as `dayletter`.")
    try:
        private = load_pem_private_key(pem.replace("\\n", "\n").encode(), password=None)
    except TypeError:
        raise ValueError("the key is locked with a password; write one without.") from None
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError(
            "write the path of a private key in PEM, or the PEM itself; `openssl genrsa 2048` makes one."
        ) from None
    if not isinstance(private, RSAPrivateKey | Ed25519PrivateKey):
        raise ValueError("DKIM knows keys of RSA and Ed25519 only; `openssl genrsa 2048` makes one.")
    if isinstance(private, RSAPrivateKey) and private.key_size < LEAST_BITS:
        raise ValueError(f"the key has {private.key_size} bits, and nobody trusts fewer than {LEAST_BITS}.")
    return DkimKey(selector, domain, private)
