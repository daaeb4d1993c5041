"""A machine's wall clock may jump. What waits in real time then begins its wait anew.

A jump ahead would end every wait at once: a mail in doubt would go again before its event could come. A jump back
would keep letters waiting for as long as it was wide. Steady time, which nobody can set, tells a jump from time
that has passed; what the two differ by is kept in VAR_DIR, for processes that begin after the jump.
"""

import json
from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from course.ids import new_id
from course.models import Attempt, Delivery, Hold
from course.times import RealTime
from mailer import time_limits
from mailer.runtime import Runtime
from mailer.sending.journal import boot_id
from mailer.sending.patience.backoff import FIRST_TRIAL_SECONDS

JUMP_SECONDS = 1.0
UNDER_WAY = ("queued", "sending", "uncertain")
SETTLING_SECONDS = 5.0
"""How long after a jump others may still write down moments from before it."""


def real_time(runtime: Runtime) -> RealTime | None:
    """Now, to judge waits by: where the clock has jumped they have begun anew.

    None while that settles: whoever looked at the clock before the jump may write it down after this look.
    """
    real, steady = runtime.clock.real(), runtime.clock.steady()
    ahead, file = real.timestamp() - steady, runtime.settings.var_dir / "steady"
    known = _known(file)
    if known is None:
        known = {"boot": boot_id(), "ahead": ahead, "jumped": None}
        _keep(file, known)
    elif abs(known["ahead"] - ahead) > JUMP_SECONDS:
        known = known | {"ahead": ahead, "jumped": steady}
        _keep(file, known)
    if known["jumped"] is not None and steady - known["jumped"] < SETTLING_SECONDS:
        runtime.db.transact(partial(begin_anew, real=real))
        return None
    return real


def begin_anew(session: Session, real: RealTime) -> None:
    """Every wait. Rows that somebody else is writing have their turn at the next step."""
    _write(session, Delivery.state == "sending", {"lease_until": real + timedelta(seconds=time_limits.LEASE)})
    _write(session, (Delivery.state == "queued") & (Delivery.retry_at > real), {"retry_at": real})
    _write(session, Delivery.state == "uncertain", {"uncertain_at": real})
    # State by state, as their indexes are: nothing here may read all mails.
    beginnings = (
        Delivery.refused_since,
        Delivery.refused_day_at,
        Delivery.returned_since,
        Delivery.doubted_since,
    )
    for state, since in product(UNDER_WAY, beginnings):
        _write(session, (Delivery.state == state) & since.is_not(None), {since.key: real})
    doubted = select(Delivery.attempt_id).where(Delivery.state == "uncertain")
    free = select(Attempt.id).where(Attempt.id.in_(doubted)).with_for_update(skip_locked=True)
    session.execute(
        update(Attempt)
        .where(Attempt.id.in_(free))
        .values(began_at=real)
        .execution_options(synchronize_session=False)
    )
    trial = real + timedelta(seconds=FIRST_TRIAL_SECONDS)
    session.execute(update(Hold).where(Hold.again_at.is_not(None)).values(again_at=trial))


def _write(session: Session, which: ColumnElement[bool], values: dict[str, Any]) -> None:
    free = select(Delivery.id).where(which).with_for_update(skip_locked=True)
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(free), which)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _known(file: Path) -> dict[str, Any] | None:
    """None if nothing is known of this life of the machine: steady time begins anew with each."""
    try:
        known: dict[str, Any] = json.loads(file.read_text())
    except (OSError, ValueError):
        return None
    return known if known.get("boot") == boot_id() else None


def _keep(file: Path, known: dict[str, Any]) -> None:
    # A name of its own: several processes may notice a jump together.
    fresh = file.with_suffix(f".{new_id()[:12]}")
    with suppress(OSError):
        fresh.write_text(json.dumps(known))
        fresh.replace(file)
