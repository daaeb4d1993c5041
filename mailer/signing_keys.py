"""Which keys signed the links of mails that were sent, and whether all of them still open something.

The database keeps a fingerprint of each key that came first in SECRET_KEY, with when it did. The key itself cannot
be told from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.checkup import Finding
from course.models import Delivery, Deployment
from course.times import RealTime

MISSED_FOR = timedelta(days=400)
"""For so long after a key signed its last mail, its absence stops sending; later it is only told."""

NOTED_EVERY = timedelta(days=1)
"""How exactly it is known when a key last signed: not each claim need write."""

PUT_IT_BACK = (
    "Put the old key behind the new one in SECRET_KEY, separated by a comma, start anew, and run `dayletter"
    " release`. If it is lost, `dayletter release` goes on without it, and those links stay shut."
)


@dataclass(frozen=True, slots=True)
class KeyUse:
    """From when to when a key signed, as far as it was noted; `since` is None for the first that was."""

    fingerprint: str
    since: datetime | None
    last: datetime


def read_uses(kept: Mapping[str, Any] | None) -> tuple[KeyUse, ...]:
    """What a row of `Deployment` holds."""
    return tuple(
        KeyUse(
            name,
            datetime.fromisoformat(use["since"]) if use["since"] else None,
            datetime.fromisoformat(use["last"]),
        )
        for name, use in (kept or {}).items()
    )


def written(uses: Sequence[KeyUse]) -> dict[str, Any]:
    return {
        use.fingerprint: {"since": use.since.isoformat() if use.since else None, "last": use.last.isoformat()}
        for use in uses
    }


def after_signing(uses: Sequence[KeyUse], present: Sequence[str], real: RealTime) -> tuple[KeyUse, ...]:
    """What to remember once the first key has signed at this moment."""
    first = present[0]
    before = next((use for use in uses if use.fingerprint == first), None)
    if before is None:
        return (*uses, KeyUse(first, real if uses else None, real))
    if before.last > real - NOTED_EVERY:
        return tuple(uses)
    return tuple(KeyUse(first, use.since, real) if use is before else use for use in uses)


def without_missing(uses: Sequence[KeyUse], present: Sequence[str]) -> tuple[KeyUse, ...]:
    """What to remember once an operator has gone on without the keys that are gone."""
    return tuple(use for use in uses if use.fingerprint in present)


def missed(
    uses: Sequence[KeyUse], present: Sequence[str], began_at: RealTime, real: RealTime
) -> tuple[KeyUse, ...]:
    """The keys that are gone and have signed lately: readers still have their mails at hand.

    A key that came after this process `began_at` is none that it misses: it has not been started anew yet.
    """
    recent = (use for use in _gone(uses, present) if use.last > real - MISSED_FOR)
    return tuple(use for use in recent if use.since is None or use.since <= began_at)


def _gone(uses: Sequence[KeyUse], present: Sequence[str]) -> list[KeyUse]:
    return [use for use in uses if use.fingerprint not in present]


def why_held(
    session: Session, here: Deployment, present: Sequence[str], began_at: RealTime, real: RealTime
) -> str:
    """Why nothing may be sent because of the keys; empty if all is well."""
    gone = missed(read_uses(here.keys), present, began_at, real)
    if not gone:
        return ""
    mails = _signed_by(session, gone)
    what = "the one mail" if mails == 1 else f"the {mails:,} mails"
    return (
        f"SECRET_KEY has changed, and the old key is not kept: the links in {what} that it signed, also those to"
        f" unsubscribe, do not open any more. {PUT_IT_BACK}"
    )


def key_finding(session: Session, present: Sequence[str], real: RealTime) -> Finding:
    """What `doctor` says of the keys."""
    here = session.get(Deployment, 1)
    uses = read_uses(here.keys) if here else ()
    if here is not None and (why := why_held(session, here, present, real, real)):
        said, _, todo = why.partition(PUT_IT_BACK)
        return Finding("signing keys", "bad", said.strip(), PUT_IT_BACK + todo)
    if gone := _gone(uses, present):
        newest = max(use.last for use in gone)
        mails = _signed_by(session, gone)
        said = (
            f"The links in {mails:,} old mails stay shut: their key signed until {newest:%Y-%m-%d}, and is gone."
        )
        return Finding("signing keys", "warning", said, "Put it back behind the new one if you still have it.")
    return Finding("signing keys", "good", "Every key that signed a mail is still in SECRET_KEY.")


def _signed_by(session: Session, uses: Sequence[KeyUse]) -> int:
    """How many mails were sent while these keys came first."""
    mails = 0
    for use in uses:
        sent = select(func.count()).where(
            Delivery.answered_at.is_not(None), Delivery.answered_at <= use.last + NOTED_EVERY
        )
        if use.since is not None:
            sent = sent.where(Delivery.answered_at >= use.since)
        mails += session.scalar(sent) or 0
    return mails
