"""The only source of randomness."""

import secrets


def new_id() -> str:
    """128 random bits as 32 hex digits: ids that outsiders see."""
    return secrets.token_hex(16)


def new_serial() -> str:
    """A certificate's serial: short enough to read aloud, too long to guess (80 bits)."""
    alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
    letters = "".join(secrets.choice(alphabet) for _ in range(16))
    return "-".join(letters[i : i + 4] for i in range(0, 16, 4))


def new_secret() -> str:
    return secrets.token_urlsafe(48)
