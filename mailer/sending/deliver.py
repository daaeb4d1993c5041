"""One batch: claim, fill, send, record. The claim is committed before the provider hears of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.ids import new_id
from course.language.catalogues import words_in
from course.models import Delivery
from course.publishing.editions import Published
from course.times import RealTime
from mailer.compose.letters import Claimed, letter_of
from mailer.compose.message import Letter, Template
from mailer.compose.template_cache import TemplateKey
from mailer.providers.answer import Answer
from mailer.runtime import Runtime
from mailer.sending import journal
from mailer.sending.claim import LEASE, Claim, claim
from mailer.sending.continuity import count_claim, tell_outside
from mailer.sending.journal import Journal, TakenUp
from mailer.sending.record import record, renew_lease

RECORD_EVERY = 1000
RECORD_SECONDS = 1.0

ByTemplate = list[tuple[Template, list[Claimed]]]


def deliver_batch(runtime: Runtime, batch: str) -> int:
    """Sends what is queued in a batch; how many letters it claimed. Running it twice sends nothing twice."""
    with runtime.db.read() as session:
        course_id = session.scalar(
            select(Delivery.course_id).where(Delivery.batch == batch, Delivery.state == "queued").limit(1)
        )
    if course_id is None:
        return 0
    by = Claim(f"{runtime.node}:{new_id()[:16]}", runtime.clock.times())
    # Opened, and locked, before the claim can be seen: no claim of ours is ever without its journal.
    with journal.opened(runtime.journals, by.nonce) as written:
        with runtime.db.write() as session:
            here = count_claim(runtime, session, by.at.real)
            published = runtime.shelf.course(session, course_id)
            claimed = claim(session, batch, by, published, runtime.settings.mail_from)
            groups = _by_template(session, runtime, published, claimed)
        if here is not None:
            tell_outside(runtime, here)
        words = words_in(published.course.language)
        # Filled after the commit: other workers may claim meanwhile.
        for template, members in groups:
            letters = [letter_of(runtime.signer, words, one) for one in members]
            _send(runtime, by.owner, written, template, letters)
    return len(claimed)


def _by_template(
    session: Session, runtime: Runtime, published: Published, claimed: Sequence[Claimed]
) -> ByTemplate:
    groups: defaultdict[tuple[object, ...], list[Claimed]] = defaultdict(list)
    for one in claimed:
        groups[(one.kind, one.slug, one.edition_id, one.revision_id, one.tracking)].append(one)
    site = runtime.site_of(published)
    return [
        (runtime.templates.template(session, site, published, _sheet(published, members[0])), members)
        for members in groups.values()
    ]


def _sheet(published: Published, claimed: Claimed) -> TemplateKey:
    return TemplateKey(
        course_id=published.id,
        version=published.version,
        edition_id=claimed.edition_id,
        kind=claimed.kind,
        slug=claimed.slug,
        revision_id=claimed.revision_id,
        tracked=claimed.tracking and published.course.tracking != "off",
    )


@dataclass(slots=True)
class _Lease:
    """Of one claim, kept up as long as its worker gets anywhere: also while a provider refuses and refuses."""

    runtime: Runtime
    owner: str
    real: RealTime
    steady: float

    def keep(self) -> bool:
        """False if the claim has no letter under way any more: another machine, which leaves no mark in our
        journal, took it up. Steady time stands still while a machine is suspended, and real time may jump: the
        one that tells of more counts."""
        real, steady = self.runtime.clock.real(), self.runtime.clock.steady()
        if max(abs((real - self.real).total_seconds()), steady - self.steady) < LEASE.total_seconds() / 3:
            return True
        self.real, self.steady = real, steady
        with self.runtime.db.write() as session:
            return renew_lease(session, self.owner, real)


def _send(runtime: Runtime, owner: str, written: Journal, template: Template, letters: Sequence[Letter]) -> None:
    """Records in portions as answers come."""
    deliveries = {letter.attempt: letter.delivery for letter in letters}
    lease = _Lease(runtime, owner, runtime.clock.real(), runtime.clock.steady())

    def begin(attempts: Sequence[str]) -> None:
        written.begin(attempts)
        if not lease.keep():
            raise TakenUp(owner)

    for answers in _portions(runtime, written, runtime.provider.send(template, letters, begin)):
        with runtime.db.write() as session:
            answered = [(deliveries.pop(answer.attempt), answer) for answer in answers]
            record(session, owner, answered, runtime.clock.times())
        lease.keep()


def _portions(runtime: Runtime, written: Journal, answers: Iterable[Answer]) -> Iterator[list[Answer]]:
    """Each answer is in the journal before the provider may go on with the next letter.

    Who took up the claim may have read the journal before the last answers were in it: they are recorded all the
    same.
    """
    portion: list[Answer] = []
    began = runtime.clock.steady()
    try:
        for answer in answers:
            written.answered(answer)
            portion.append(answer)
            late = runtime.clock.steady() - began > RECORD_SECONDS
            if late or len(portion) >= RECORD_EVERY:
                yield portion
                portion, began = [], runtime.clock.steady()
    except TakenUp:
        yield portion
        raise
    if portion:
        yield portion
