"""A mail to our own return path: whether it arrives, and as what."""

from collections.abc import Iterator

from dns.resolver import Resolver

from course.checkup import Finding
from mailer.bounces.imap import MailboxAway, opened
from mailer.checkup.judges.received import of_results, of_signatures
from mailer.checkup.looking import could_not_be_asked
from mailer.checkup.waiting import Waiting
from mailer.dkim.checking import signatures_of
from mailer.return_path import BounceMailbox
from mailer.sender_dns.asking import ask
from mailer.sender_dns.records import Question


def arrived(
    mailbox: BounceMailbox, name: str, domain: str, waiting: Waiting, resolver: Resolver | None
) -> Iterator[Finding]:
    """`name` is the delivery that the mail bears, `domain` that of its From; `resolver` is the system's where none
    is given."""
    about = "return path"
    try:
        raw = waiting.until(lambda: _received(mailbox, name), waiting.arrival, "the mail to arrive")
    except MailboxAway as away:
        yield could_not_be_asked(about, f"the mailbox cannot be read ({away})", "Correct MAIL_BOUNCES.")
        return
    if raw is None:
        said = f"A mail to {mailbox.return_path('ID')} did not arrive within {waiting.arrival:.0f} seconds."
        todo = (
            f"See that {mailbox.address} takes mail with a `+` (Postfix: `recipient_delimiter = +`), or is a"
            " catch-all, and look into its folder for spam; a slow server may need longer."
        )
        yield Finding(about, "warning", said, todo)
        return
    yield Finding(about, "good", f"What goes to {mailbox.return_path('ID')} arrives in the mailbox.")
    yield from _judged(raw, domain, resolver)


def _judged(raw: bytes, domain: str, resolver: Resolver | None) -> Iterator[Finding]:
    names = {signature.name for signature in signatures_of(raw)}
    found = ask([Question(each, "TXT") for each in sorted(names)], resolver, seconds=10.0)
    if any(answer.silent for answer in found.values()):
        yield could_not_be_asked("signature", "its key could not be looked up")
    else:
        records = {question.name: answer.values for question, answer in found.items()}
        yield from of_signatures(raw, domain, records)
    yield from of_results(raw)


def _received(mailbox: BounceMailbox, name: str) -> bytes | None:
    """The mail, once it is there. Raises MailboxAway."""
    with opened(mailbox) as box:
        for number in box.with_header("X-Dayletter-Delivery", name):
            if raw := box.fetch(number):
                box.mark(number)
                return raw
    return None
