"""The whole line, proved by a mail to ourselves: it is taken, it arrives as it was signed, its link for leaving
works, and its event is heard."""

from collections.abc import Iterator
from contextlib import closing
from email.utils import parseaddr

from dns.resolver import Resolver

from course.checkup import Finding
from course.clock import Clock
from course.ids import new_id
from course.settings import Settings
from mailer.checkup import events
from mailer.checkup.arrival import arrived
from mailer.checkup.looking import could_not_be_asked
from mailer.checkup.proof_mail import leaving_path, letter_to, template_of
from mailer.checkup.sender_domain import domain_of
from mailer.checkup.site import SiteAway, ask
from mailer.checkup.waiting import Waiting
from mailer.providers.contract import Provider
from mailer.providers.discreet import without_addresses
from mailer.providers.registry import open_provider
from mailer.runtime import own_mailbox


def prove(settings: Settings, waiting: Waiting, resolver: Resolver | None = None) -> Iterator[Finding]:
    """Each step's finding once it is known. Raises nothing that a server may do."""
    name, answers_to = new_id(), parseaddr(settings.mail_reply_to)[1]
    waiting.say(f"Sending a mail to {answers_to} ...")
    with closing(open_provider(settings)) as provider:
        if provider.confirms:
            yield from events.begin(settings, name)
        taken = _hand_over(settings, provider, answers_to, name)
        yield taken
        yield _one_click(settings)
        if taken.state == "bad" or settings.outbox is not None:
            return
        yield from _as_received(settings, provider, waiting, resolver)
        if provider.confirms:
            yield events.heard(settings, name, waiting)


def _as_received(
    settings: Settings, provider: Provider, waiting: Waiting, resolver: Resolver | None
) -> Iterator[Finding]:
    """By a second mail, to the return path: there somebody of ours reads."""
    mailbox, name = own_mailbox(settings), new_id()
    if mailbox is None or not mailbox.is_read:
        said = "How the mail arrived cannot be seen from here: no mailbox is read."
        todo = "Look at its headers for `dkim=pass`, `spf=pass` and `dmarc=pass`; with MAIL_BOUNCES it is seen to."
        yield Finding("signature", "warning", said, todo)
        return
    taken = _hand_over(settings, provider, mailbox.return_path(name), name)
    if taken.state != "good":
        yield taken
        return
    yield from arrived(mailbox, name, domain_of(settings.mail_from), waiting, resolver)


def _hand_over(settings: Settings, provider: Provider, email: str, name: str) -> Finding:
    about = "sending"
    letter = letter_to(settings, email, name, Clock().real())
    for answer in provider.send(template_of(settings), [letter]):
        if answer.outcome == "accepted":
            return Finding(about, "good", f"The mail to {email} was taken.")
        why = without_addresses(answer.why)
        todo = "Correct what it complains of; the finding on the mail provider may say more."
        said = "was not taken" if answer.outcome == "refused" else "may have been taken or not"
        return Finding(about, "bad", f"The mail to {email} {said}: {why}.", todo)
    return could_not_be_asked(about, "the mail provider gave no answer")


def _one_click(settings: Settings) -> Finding:
    """RFC 8058, 3.2: a post without cookies, which no redirection may answer."""
    about = "one-click unsubscribe"
    try:
        answered, _ = ask(settings.base_url, "POST", leaving_path(settings), "List-Unsubscribe=One-Click")
    except SiteAway as away:
        return Finding(about, "bad", f"Nobody could leave by one click: {away}", away.finding.todo)
    if answered.status == 200:
        return Finding(about, "good", "The link for leaving answers, by one click.")
    said = f"{settings.base_url} answers {answered.status} to a click on the link for leaving."
    todo = "Let posts to /unsubscribe/ through as they are, and have all processes share SECRET_KEY."
    return Finding(about, "bad", said, todo)
