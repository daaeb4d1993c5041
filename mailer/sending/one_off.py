"""Mails beside the courses: they belong to no enrolment, have no delivery, and are in no number."""

import logging
from collections.abc import Mapping
from email.utils import parseaddr

from course.ids import new_id
from course.staff import signing_in
from mailer.compose.message import Letter, Template
from mailer.compose.sign_in_mail import sign_in_template
from mailer.providers.discreet import without_addresses
from mailer.runtime import Runtime

log = logging.getLogger(__name__)


def mail_sign_in_link(runtime: Runtime, secret: str) -> bool:
    """Mails the link, if its asker may have it; whether it was sent."""
    with runtime.db.read() as session:
        link = signing_in.mailable(session, secret, runtime.settings.studio_users, runtime.clock.real())
    if link is None:
        return False
    slots = {"sign_in": runtime.signer.sign_in(secret)}
    site = runtime.site_with(lambda path: path)
    return send_one(runtime, sign_in_template(site), letter_to(runtime, link.email, slots))


def send_one(runtime: Runtime, template: Template, letter: Letter) -> bool:
    """One mail, once; whether the provider took it."""
    taken = False
    for answer in runtime.provider.send(template, [letter]):
        taken = answer.outcome == "accepted"
        if not taken:
            log.warning("A mail beside the courses was not sent: %s", without_addresses(answer.why))
    return taken


def letter_to(runtime: Runtime, email: str, slots: Mapping[str, str]) -> Letter:
    name, host = new_id(), parseaddr(runtime.settings.mail_from)[1].rpartition("@")[2]
    return Letter(name, name, email, f"<{name}@{host}>", runtime.clock.real(), slots)
