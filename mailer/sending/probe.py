"""A mail to ourselves: its event proves that the provider's events still reach us."""

from datetime import timedelta
from email.utils import parseaddr
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.models import Delivery, Hold, Probe
from mailer.compose.headers import every_mail
from mailer.compose.message import Letter, Part, Template
from mailer.runtime import Runtime
from mailer.sending import one_off
from mailer.sending.ending import Stopping, never

WORDS = (
    "Dayletter sends itself this mail to see whether its mail provider's event webhook is alive.\n"
    "Some lessons wait for that. Nobody needs to do anything.\n"
)


def is_wanted(runtime: Runtime, session: Session) -> bool:
    """Whether uncertain deliveries have waited long enough without a sign, and no probe is on its way."""
    if not runtime.provider.confirms:
        return False
    real, wait = runtime.clock.real(), timedelta(seconds=runtime.settings.uncertain_after)
    waiting = session.scalar(
        select(Delivery.id).where(Delivery.state == "uncertain", Delivery.uncertain_at <= real - wait).limit(1)
    )
    if waiting is None or session.scalar(select(Hold.id)) is not None:
        return False
    # One from the future was sent before the clock was put back.
    return session.scalar(select(Probe.id).where(Probe.began_at.between(real - wait, real)).limit(1)) is None


def send_probe(runtime: Runtime, stopping: Stopping = never) -> bool:
    """Sends one if it is still wanted; whether the provider took it. Raises Ended, and asks again some time."""
    letter = runtime.db.transact(partial(_begin, runtime))
    if letter is None:
        return False
    taken = one_off.send_one(runtime, _template(runtime), letter, stopping)
    if taken:
        with runtime.db.write() as session:
            session.get_one(Probe, letter.attempt).answered_at = runtime.clock.real()
    return taken


def _begin(runtime: Runtime, session: Session) -> Letter | None:
    if not is_wanted(runtime, session):
        return None
    letter = one_off.letter_to(runtime, parseaddr(runtime.settings.mail_reply_to)[1], {})
    session.add(Probe(id=letter.attempt, began_at=runtime.clock.real()))
    return letter


def _template(runtime: Runtime) -> Template:
    text = Part((WORDS,))
    html = Part((f"<p>{WORDS}</p>",))
    return Template(runtime.settings.mail_from, "", Part(("A probe by Dayletter",)), text, html, every_mail("en"))
