"""The long-lived cookie of a browser that has signed in before.

It opens nothing: it only proves, when its owner asks for a link, that it is no stranger who asks.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from course.ids import new_id
from mailer.signer import BadToken
from web.cookies import sent_cookie
from web.request import current_runtime

KNOWN_COOKIE = "dayletter_known"
KNOWN_FOR = timedelta(days=400)
"""Browsers keep no cookie for longer."""

MOST_MEMBERS = 8


@dataclass(frozen=True, slots=True)
class KnownBrowser:
    """A browser by a name of its own, and digests of the addresses that signed in with it, the newest first."""

    name: str
    members: tuple[str, ...]

    def name_for(self, email: str) -> str:
        """Its name if this address signed in with it; empty for a stranger."""
        return self.name if _digest(email) in self.members else ""

    def after(self, email: str) -> "KnownBrowser":
        """Return it once this address has signed in."""
        others = (member for member in self.members if member != _digest(email))
        return KnownBrowser(self.name or new_id(), (_digest(email), *others)[:MOST_MEMBERS])

    def signed(self) -> str:
        return current_runtime().signer.known(" ".join((self.name, *self.members)))


def recall() -> KnownBrowser:
    """Return what this browser brings; one without a name if it has never signed in."""
    try:
        name, *members = current_runtime().signer.read_known(sent_cookie(KNOWN_COOKIE)).split(" ")
    except BadToken:
        return KnownBrowser("", ())
    return KnownBrowser(name, tuple(members))


def _digest(email: str) -> str:
    return sha256(email.encode()).hexdigest()[:32]
