"""The public keys that badges were signed with. Secrets may change; what was signed with them stays checkable."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.bulk import insert_into
from course.certificates.proof import jwk, multikey
from course.models import BadgeKey
from course.times import CourseTime


def keep_key(session: Session, public: Ed25519PublicKey, now: CourseTime) -> None:
    """Store a public key before a badge signed with it leaves: without the key nobody could check the badge later.
    A key that is stored already is left as it is."""
    row = insert_into(session, BadgeKey).values(id=multikey(public), jwk=jwk(public), first_used_at=now)
    session.execute(row.on_conflict_do_nothing())


def kept(session: Session) -> list[str]:
    """Return all stored public keys in multibase (W3C Controlled Identifiers), the oldest first."""
    return list(session.scalars(select(BadgeKey.id).order_by(BadgeKey.first_used_at, BadgeKey.id)))
