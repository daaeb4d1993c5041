"""Signing in to the studio: a mailed link that is used once, and the session it opens. Real time throughout.

Secrets are never stored, only digests of them: who reads the database can sign in nowhere. Nothing here commits.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from course.errors import NotFound
from course.ids import new_secret
from course.language.words import Phrase
from course.models import SignIn, StudioSession
from course.settings import Role
from course.staff.allowance import Asker, may_have_one
from course.times import RealTime

LINK_LASTS = timedelta(minutes=15)

IDLE_AFTER = timedelta(hours=12)
ENDS_AFTER = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)
"""How exactly it is known when a session was last seen: not each look need write."""

SPENT = Phrase("This link has been used, or is over 15 minutes old. Ask for a new one.")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of STUDIO_USERS who is signed in."""

    email: str
    role: Role


def digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def code_of(browser: str) -> str:
    """Six digits that the asking browser shows, and any other has to be told. `browser` is a cookie's digest."""
    return f"{int(sha256(b'code' + browser.encode()).hexdigest(), 16) % 1_000_000:06}"


def ask_for_link(session: Session, secret: str, email: str, asker: Asker) -> None:
    """Notes that somebody asked for a link; `mail_to` decides who gets one."""
    session.execute(delete(SignIn).where(SignIn.asked_at < asker.at - timedelta(days=1)))
    session.add(
        SignIn(
            id=digest(secret),
            email=email,
            browser=asker.browser,
            network=asker.network,
            known=asker.known,
            asked_at=asker.at,
        )
    )


def mail_to(session: Session, secret: str, users: Mapping[str, Role], real: RealTime) -> str:
    """The address the link is to be mailed to, and counted for its asker; empty if it is nobody's who may sign in,
    or its asker has had too many."""
    wanted = session.get(SignIn, digest(secret))
    if wanted is None or wanted.email not in users or not _is_fresh(wanted, real):
        return ""
    if wanted.mailed_at is None:
        if not may_have_one(
            Asker(wanted.network, wanted.browser, wanted.known, real), _mailed(session, wanted, real)
        ):
            return ""
        wanted.mailed_at = real
    return wanted.email


def _mailed(session: Session, wanted: SignIn, real: RealTime) -> list[Asker]:
    """Who had links mailed to the same address within a day."""
    links = session.scalars(
        select(SignIn).where(SignIn.email == wanted.email, SignIn.mailed_at > real - timedelta(days=1))
    )
    return [
        Asker(link.network, link.browser, link.known, RealTime(link.mailed_at)) for link in links if link.mailed_at
    ]


def look_at_link(session: Session, secret: str, real: RealTime) -> SignIn:
    """Raises NotFound for a link that was used, or is too old."""
    link = session.get(SignIn, digest(secret))
    if link is None or not _is_fresh(link, real):
        raise NotFound(SPENT)
    return link


def use_link(session: Session, secret: str, browser: str, code: str, real: RealTime) -> tuple[str, str] | None:
    """The address and a new session's secret; None where browser and code are both wrong.

    Either way the link is spent: a code can be guessed once in a million times. Raises NotFound as `look_at`.
    """
    spent = session.execute(
        update(SignIn)
        .where(SignIn.id == digest(secret), SignIn.used_at.is_(None), SignIn.asked_at >= real - LINK_LASTS)
        .values(used_at=real)
        .returning(SignIn.email, SignIn.browser)
    ).first()
    if spent is None:
        raise NotFound(SPENT)
    same_browser = hmac.compare_digest(browser, spent.browser)
    if not same_browser and not hmac.compare_digest(code.encode(), code_of(spent.browser).encode()):
        return None
    opened = new_secret()
    session.add(StudioSession(id=digest(opened), email=spent.email, began_at=real, seen_at=real))
    return spent.email, opened


def _is_fresh(link: SignIn, real: RealTime) -> bool:
    return link.used_at is None and real <= link.asked_at + LINK_LASTS


def find_session(session: Session, secret: str, real: RealTime) -> StudioSession | None:
    """The session of a cookie, unless it has ended."""
    found = session.get(StudioSession, digest(secret))
    if found is None or real > found.seen_at + IDLE_AFTER or real > found.began_at + ENDS_AFTER:
        return None
    return found


def is_worth_noting(found: StudioSession, real: RealTime) -> bool:
    return real > found.seen_at + SEEN_EVERY


def seen(session: Session, session_id: str, real: RealTime) -> None:
    session.execute(update(StudioSession).where(StudioSession.id == session_id).values(seen_at=real))


def sign_out(session: Session, secret: str) -> None:
    session.execute(delete(StudioSession).where(StudioSession.id == digest(secret)))


def sign_out_everywhere(session: Session, email: str) -> None:
    """End every session of an address, and spend links that are still on their way to it."""
    session.execute(delete(StudioSession).where(StudioSession.email == email))
    session.execute(delete(SignIn).where(SignIn.email == email))
