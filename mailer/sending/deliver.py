"""One batch: claim, fill, send, record. The claim is committed before the provider hears of it."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import not_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from course.content.course import Course
from course.db import is_awaited
from course.ids import new_id
from course.language.catalogues import words_in
from course.language.words import Words
from course.models import Delivery, Deployment
from course.publishing.editions import Published
from course.set_aside import left_alone
from course.traces import reason_of
from mailer.compose.letters import Claimed, letter_of
from mailer.compose.message import Letter, Template
from mailer.compose.template_cache import TemplateKey
from mailer.providers.answer import Answer
from mailer.providers.discreet import without_addresses
from mailer.runtime import Runtime
from mailer.sending import journal
from mailer.sending.claim import Claim, claim
from mailer.sending.continuity import Outside, ask_outside, count_claim, tell_outside
from mailer.sending.ending import Ended, GivesWay, MayBegin, Stopping, ending_of, never
from mailer.sending.journal import Journal, TakenUp
from mailer.sending.lease import kept_up
from mailer.sending.patience.alike import are_all_alike
from mailer.sending.patience.hold import stops
from mailer.sending.patience.isolation import sent_apart
from mailer.sending.patience.our_fault import Answered, cannot_be_judged_yet, hold_for
from mailer.sending.record import give_back, record

RECORD_EVERY = 1000
RECORD_SECONDS = 1.0

ByTemplate = list[tuple[Template, list[Claimed]]]

log = logging.getLogger(__name__)


def deliver_batch(runtime: Runtime, batch: str, stopping: Stopping = never) -> int:
    """Sends what is queued in a batch; how many letters it claimed. Running it twice sends nothing twice.

    Once `stopping`, when a batch takes too long, or when somebody waits at a screen, no further letter is begun.
    Those begun are answered and recorded, the rest waits again for whoever takes the batch next.
    """
    ending = ending_of(runtime, stopping, gives_way=not is_awaited(batch))
    with runtime.db.read() as session:
        course_id = session.scalar(
            select(Delivery.course_id)
            .where(Delivery.batch == batch, Delivery.state == "queued")
            .where(not_(left_alone("batch", Delivery.batch, runtime.clock.real())))
            .limit(1)
        )
    if course_id is None or stopping():
        return 0
    outside = ask_outside(runtime)
    if outside.is_away:  # the planning step asks again
        return 0
    by = Claim(f"{runtime.node}:{new_id()[:16]}", runtime.clock.times())
    # Opened, and locked, before the claim can be seen: no claim of ours is ever without its journal.
    with journal.opened(runtime.journals, by.nonce) as written:
        with written.unless_it_fails():
            ours = runtime.db.transact(partial(_claim, runtime, _Wanted(batch, course_id, outside), by))
        if ours.counted is not None:
            tell_outside(runtime, ours.counted)
        words = words_in(ours.course.language)
        _record_unfit(runtime, by.owner, ours.unfit)
        refusals: list[str | None] = []
        try:
            with kept_up(runtime, by.owner) as lease:
                begin = MayBegin(ending, written, lease, by.owner)
                # Filled after the commit: other workers may claim meanwhile.
                for template, members in ours.groups:
                    refusals += _send(runtime, begin, template, _filled(runtime, by.owner, words, members))
        except Ended as why:
            _give_rest_back(runtime, by.owner, str(why))
            if isinstance(why, GivesWay):
                # It goes on where it was: else of many batches one would always begin again at the end.
                runtime.queue.hurry([batch], at_front=True)
        else:
            if are_all_alike(refusals):
                runtime.db.transact(partial(hold_for, told=refusals[0] or "", real=runtime.clock.real()))
    return sum(len(members) for _, members in ours.groups) + len(ours.unfit)


@dataclass(frozen=True, slots=True)
class _Ours:
    """What a claim has taken; `counted` is the row that tells how many claims there were, None during a hold.
    `unfit` are letters that cannot be sent, with the reason."""

    counted: Deployment | None
    course: Course
    groups: ByTemplate
    unfit: list[tuple[str, Answer]]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A batch that is to be claimed; `outside` is what is known of the database outside of it."""

    batch: str
    course_id: int
    outside: Outside


def _claim(runtime: Runtime, wanted: _Wanted, by: Claim, session: Session) -> _Ours:
    counted = count_claim(runtime, session, wanted.outside, by.at.real)
    published = runtime.shelf.course(session, wanted.course_id)
    claimed = claim(session, wanted.batch, by, published, runtime.settings.mail_from)
    return _Ours(counted, published.course, *_by_template(session, runtime, published, claimed))


def _by_template(
    session: Session, runtime: Runtime, published: Published, claimed: Sequence[Claimed]
) -> tuple[ByTemplate, list[tuple[str, Answer]]]:
    groups: defaultdict[tuple[object, ...], list[Claimed]] = defaultdict(list)
    for one in claimed:
        groups[(one.kind, one.slug, one.edition_id, one.revision_id, one.tracking, bool(one.name))].append(one)
    site = runtime.site_of(published)
    fit: defaultdict[Template, list[Claimed]] = defaultdict(list)
    unfit: list[tuple[str, Answer]] = []
    for members in groups.values():
        try:
            sheet = _sheet(published, members[0])
            fit[runtime.templates.template(session, site, published, sheet)] += members
        except SQLAlchemyError:
            raise
        # Whatever is wrong with one template stops no other; its reason is recorded.
        except Exception as problem:
            unfit += [(one.delivery, _broken(one, problem)) for one in members]
    return list(fit.items()), unfit


def _broken(one: Claimed, problem: Exception) -> Answer:
    return Answer(one.attempt, "refused", reason_of(problem), broken=True)


def _sheet(published: Published, claimed: Claimed) -> TemplateKey:
    return TemplateKey(
        course_id=published.id,
        version=published.version,
        edition_id=claimed.edition_id,
        kind=claimed.kind,
        slug=claimed.slug,
        revision_id=claimed.revision_id,
        tracked=claimed.tracking and published.course.tracking != "off",
        named=bool(claimed.name),
    )


def _filled(runtime: Runtime, owner: str, words: Words, members: Sequence[Claimed]) -> list[Letter]:
    """The letters. One that cannot be filled stops no other: it waits, as if a server had refused it."""
    letters: list[Letter] = []
    unfit: list[tuple[str, Answer]] = []
    for one in members:
        try:
            letters.append(letter_of(runtime.signer, words, one))
        # Whatever is wrong with one letter stops no other; its reason is recorded.
        except Exception as problem:
            unfit.append((one.delivery, _broken(one, problem)))
    _record_unfit(runtime, owner, unfit)
    return letters


def _record_unfit(runtime: Runtime, owner: str, unfit: Answered) -> None:
    if unfit:
        log.error("%d letters cannot be filled and wait: %s", len(unfit), unfit[-1][1].why)
        runtime.db.transact(partial(record, owner=owner, answered=unfit, times=runtime.clock.times()))


def _send(
    runtime: Runtime, begin: MayBegin, template: Template, letters: Sequence[Letter]
) -> Iterator[str | None]:
    """Records in portions as answers come, and yields what `record` tells of each."""
    deliveries = {letter.attempt: letter.delivery for letter in letters}
    for answers in _portions(runtime, begin.written, sent_apart(runtime.provider, template, letters, begin)):
        answered = [(deliveries.pop(answer.attempt), answer) for answer in answers]
        times = runtime.clock.times()
        told = runtime.db.transact(partial(record, owner=begin.owner, answered=answered, times=times))
        with runtime.db.read() as session:
            begin.held = stops(session, begin.owner)
        begin.lease.keep()
        yield from told


def _give_rest_back(runtime: Runtime, owner: str, why: str) -> None:
    """Whatever of a claim has no answer was never begun: providers promise it."""
    count = runtime.db.transact(partial(give_back, owner=owner, real=runtime.clock.real()))
    log.warning("A batch ended early, since %s: %d letters wait for the next worker", why, count)


def _portions(runtime: Runtime, written: Journal, answers: Iterable[Answer]) -> Iterator[list[Answer]]:
    """Each answer is in the journal before the provider may go on with the next letter.

    Who took up the claim may have read the journal before the last answers were in it: they are recorded all the
    same.
    """
    portion: list[Answer] = []
    began = runtime.clock.steady()
    try:
        for told in answers:
            answer = replace(told, why=without_addresses(told.why)) if told.why else told
            written.answered(answer)
            portion.append(answer)
            late = runtime.clock.steady() - began > RECORD_SECONDS
            if late or len(portion) >= RECORD_EVERY:
                ripe = len(portion) - cannot_be_judged_yet(portion)
                if ripe:
                    yield portion[:ripe]
                portion, began = portion[ripe:], runtime.clock.steady()
    except (Ended, TakenUp):
        yield portion
        raise
    if portion:
        yield portion
