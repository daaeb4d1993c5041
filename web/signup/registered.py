"""What this browser registered, in a signed cookie of its own for a short while.

It proves to the confirmation page that mail and form were opened in the same browser, and is what "send it again"
and "change it" go by. It holds nothing but what was typed here, so it tells nobody whether an address was known.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from flask import request
from werkzeug.wrappers import Response

from course.enrolment.registration import Registration
from course.enrolment.way_back_in import quiet_after
from course.times import RealTime
from mailer.signer import BadToken
from web.cookies import sent_cookie, set_cookie
from web.request import current_runtime

COOKIE = "registered"
KEPT = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Registered:
    """`mails` is how many were asked for from here, `asked_at` when the last was; real time."""

    course: str
    form: Registration
    mails: int
    asked_at: RealTime

    @property
    def next_at(self) -> RealTime:
        """Return the moment (UTC) from which another mail may leave."""
        return self.asked_at + quiet_after(self.mails)


def after(before: Registered | None, course: str, form: Registration, real: RealTime) -> Registered:
    """Return what to remember once a form was taken, or taken again."""
    if before is None or before.form.email != form.email:
        return Registered(course, form, 1, real)
    if real < before.next_at:
        return replace(before, form=form)
    return Registered(course, form, before.mails + 1, real)


def recall(course: str) -> Registered | None:
    """Return what this browser registered for the course, unless that is long ago."""
    try:
        kept = json.loads(current_runtime().signer.read_registered(sent_cookie(COOKIE)))
    except BadToken:
        return None
    asked_at = RealTime(datetime.fromtimestamp(kept["asked_at"], UTC))
    if kept["course"] != course or current_runtime().clock.real() - asked_at > KEPT:
        return None
    return Registered(course, Registration(**kept["form"]), kept["mails"], asked_at)


def remember(response: Response, registered: Registered) -> Response:
    """Set the cookie, but not where another site sent the form: only who registered here has proved anything."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return response
    words = json.dumps(asdict(registered) | {"asked_at": registered.asked_at.timestamp()})
    set_cookie(response, COOKIE, current_runtime().signer.registered(words), KEPT.total_seconds())
    return response
