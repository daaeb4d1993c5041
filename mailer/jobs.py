"""What RQ imports. The worker hands its runtime over once; jobs carry nothing but text."""

import logging
from contextlib import suppress

from course.models import SetAside
from course.set_aside import forget
from mailer.compose.message_json import mail_from_json
from mailer.queue import STOPS
from mailer.runtime import Runtime
from mailer.seal import unseal
from mailer.sending import one_off
from mailer.sending.deliver import deliver_batch
from mailer.sending.ending import Ended, Stopping, never
from mailer.sending.journal import TakenUp
from mailer.sending.patience.isolation import set_aside
from mailer.sending.probe import send_probe

log = logging.getLogger(__name__)

_runtimes: list[Runtime] = []
_stopping: list[Stopping] = [never]


def use(runtime: Runtime, stopping: Stopping = never) -> None:
    """Must be called by the worker process before its first job. `stopping`: whether it was asked to stop."""
    _runtimes[:] = [runtime]
    _stopping[:] = [stopping]


def deliver(batch: str) -> int:
    """The job: deliver one batch. What fails in it waits, ever longer, until it is tried again."""
    runtime = _runtimes[0]
    try:
        sent = deliver_batch(runtime, batch, _stopping[0])
    except TakenUp as claim:
        log.warning("Claim %s was taken up while this worker was asleep; it stops here", claim)
        return 0
    except STOPS:
        raise
    # Whatever it is, the batch must wait with its reason: raised again, it would come back at once.
    except Exception as problem:
        with runtime.db.write() as session:
            set_aside(session, "batch", batch, problem, runtime.clock.real())
        return 0
    if sent:
        with runtime.db.read() as session:
            failed = session.get(SetAside, ("batch", batch)) is not None
        if failed:
            with runtime.db.write() as session:
                forget(session, "batch", [batch], runtime.clock.real())
    return sent


def probe() -> bool:
    """The job: send a probe, if one is still wanted. The sweep asks again for one that a stop cuts short."""
    with suppress(Ended):
        return send_probe(_runtimes[0], _stopping[0])
    return False


def sign_in(secret: str) -> bool:
    """The job: mail a link to the studio, if it may be. Before a stop it is left to the next worker."""
    runtime = _runtimes[0]
    try:
        return one_off.mail_sign_in_link(runtime, secret, _stopping[0])
    except Ended:
        runtime.queue.sign_in(secret)
        return False


def lost_link(sealed: str) -> None:
    """The job: mail an address its links, if it is a learner's. Who asked stands in a line below the address."""
    email, _, asker = unseal(_runtimes[0].settings.secrets, sealed).partition("\n")
    one_off.mail_links(_runtimes[0], email, asker)


def try_out(mail: str) -> bool:
    """The job: send an author the mail of a draft, which comes as `mail_to_json` wrote it. Before a stop it is
    left to the next worker."""
    runtime, (template, letter) = _runtimes[0], mail_from_json(mail)
    try:
        return one_off.send_one(runtime, template, letter, _stopping[0])
    except Ended:
        runtime.queue.try_out(template, letter)
        return False
