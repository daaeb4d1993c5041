"""Mails beside the courses: they belong to no enrolment, have no delivery, and are in no number."""

import logging
from collections.abc import Mapping
from email.utils import parseaddr
from functools import partial

from course.enrolment import way_back_in
from course.ids import new_id
from course.staff import signing_in
from mailer.compose.message import Letter, Template
from mailer.compose.sign_in_mail import sign_in_template
from mailer.providers.answer import Answer
from mailer.providers.discreet import without_addresses
from mailer.runtime import Runtime
from mailer.sending.ending import Ended, Stopping, ending_of, never

log = logging.getLogger(__name__)


def mail_sign_in_link(runtime: Runtime, secret: str, stopping: Stopping = never) -> bool:
    """Mails the link, if its asker may have it; whether it was sent. Raises Ended."""
    with runtime.db.write() as session:
        email = signing_in.mail_to(session, secret, runtime.settings.studio_users, runtime.clock.real())
    if not email:
        return False
    slots = {"sign_in": runtime.signer.sign_in(secret)}
    site = runtime.site_with(lambda path: path)
    return send_one(runtime, sign_in_template(site), letter_to(runtime, email, slots), stopping)


def send_one(runtime: Runtime, template: Template, letter: Letter, stopping: Stopping = never) -> bool:
    """One mail, once; whether the provider took it. Raises Ended if this worker is asked to stop before it has
    begun: a server may keep us waiting for minutes."""
    ending, answers = ending_of(runtime, stopping), list[Answer]()
    try:
        answers.extend(runtime.provider.send(template, [letter], lambda _: ending.look()))
    except Ended:
        if not answers:
            raise
    for answer in answers:
        if answer.outcome != "accepted":
            log.warning("A mail beside the courses was not sent: %s", without_addresses(answer.why))
    return any(answer.outcome == "accepted" for answer in answers)


def letter_to(runtime: Runtime, email: str, slots: Mapping[str, str]) -> Letter:
    name, host = new_id(), parseaddr(runtime.settings.mail_from)[1].rpartition("@")[2]
    return Letter(name, name, email, f"<{name}@{host}>", runtime.clock.real(), slots)


def mail_links(runtime: Runtime, email: str, asker: str) -> None:
    """Mails this address what leads into each of its courses; an unknown one gets nothing.

    A worker looks it up: how long a page takes to answer must not say who is a learner.
    """
    runtime.db.transact(partial(way_back_in.write_to, email=email, times=runtime.clock.times(), asker=asker))
