"""The world with one safeguard of a letter's way taken out. Each fault test must notice.

A mutation works in whatever process it is applied to: the test's own, or a worker, a clock process or a site.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import update
from sqlalchemy.orm import Session

import course.schedule.forecast
import mailer.jobs
import mailer.sending.claim
import mailer.sending.deliver
import mailer.sending.lease
import mailer.sending.plan
from course.language.words import ENGLISH
from course.models import Delivery
from course.times import RealTime
from mailer.compose.letters import letter_of
from mailer.compose.message import Letter
from mailer.providers.answer import Answer
from mailer.runtime import Runtime
from mailer.sending import ending, journal, record, settle, sweep
from mailer.sending.ending import MayBegin
from mailer.sending.journal import Journal
from mailer.sending.record import renew_lease
from tests.faults import scenarios


def no_unique_occasion(patch: pytest.MonkeyPatch) -> None:
    def plan(runtime: Runtime) -> mailer.sending.plan.Planned:
        with runtime.db.engine.execution_options(writes=True).begin() as connection:
            operations = Operations(MigrationContext.configure(connection))
            with operations.batch_alter_table("delivery") as table:
                table.drop_constraint("uq_delivery_enrolment_id_occasion", type_="unique")
        return mailer.sending.plan.planning_step(runtime)

    _forget_what_was_posted(patch)
    patch.setattr(scenarios, "planning_step", plan)


def old_facts(patch: pytest.MonkeyPatch) -> None:
    """No safeguard less: only the reader of old facts, whom the unique occasion must stop."""
    _forget_what_was_posted(patch)


def claim_whatever_state(patch: pytest.MonkeyPatch) -> None:
    def deliver(runtime: Runtime, batch: str, *rest: Any) -> int:
        with runtime.db.write() as session:
            session.execute(update(Delivery).where(Delivery.batch == batch).values(state="queued"))
        return whole(runtime, batch, *rest)

    whole = mailer.sending.deliver.deliver_batch
    patch.setattr(mailer.sending.deliver, "deliver_batch", deliver)
    patch.setattr(mailer.jobs, "deliver_batch", deliver)
    patch.setattr(scenarios, "deliver_batch", deliver)


def send_before_the_claim_is_committed(patch: pytest.MonkeyPatch) -> None:
    """Before it is even written."""
    whole, take = mailer.sending.deliver._by_template, mailer.sending.claim._take
    answered: dict[str, Answer] = {}
    to_take: list[tuple[Any, ...]] = []

    def by_template(session: Session, runtime: Runtime, *rest: Any) -> Any:
        filled = whole(session, runtime, *rest)
        for template, claimed in filled[0]:
            letters = [letter_of(runtime.signer, ENGLISH, one) for one in claimed]
            answered.update((answer.attempt, answer) for answer in runtime.provider.send(template, letters))
        while to_take:
            take(*to_take.pop())
        return filled

    def send(runtime: Runtime, begin: MayBegin, _template: object, letters: Sequence[Letter]) -> list[str | None]:
        with runtime.db.write() as session:
            answers = [(letter.delivery, answered[letter.attempt]) for letter in letters]
            return record.record(session, begin.owner, answers, runtime.clock.times())

    def postpone(*given: Any) -> None:
        to_take[:] = [given]

    patch.setattr(mailer.sending.claim, "_take", postpone)
    patch.setattr(mailer.sending.deliver, "_by_template", by_template)
    patch.setattr(mailer.sending.deliver, "_send", send)


def no_fence(patch: pytest.MonkeyPatch) -> None:
    def write(session: Session, owner: str, deliveries: Sequence[str], values: Mapping[str, Any]) -> int:
        session.execute(update(Delivery).where(Delivery.id.in_(deliveries)).values(lease_until=None, **values))
        return len(deliveries)

    patch.setattr(record, "_write", write)


def send_the_uncertain_again_at_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(settle, "_waited", lambda *_: True)


def doubts_die_with_their_process(patch: pytest.MonkeyPatch) -> None:
    """A clock process leaves alone what was uncertain before it began."""
    inherited: list[bool] = []

    def look(*given: Any) -> Any:
        work = whole_look(*given)
        inherited.append(work.uncertain)
        return work

    def settle_own(*given: Any) -> None:
        if not inherited[0]:
            whole_settle(*given)

    whole_look, whole_settle = mailer.sending.plan._look, settle.settle
    patch.setattr(mailer.sending.plan, "_look", look)
    patch.setattr(sweep, "settle", settle_own)


def take_silence_for_proof(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(settle, "_events_flow", lambda *_: True)


def no_look_before_a_letter(patch: pytest.MonkeyPatch) -> None:
    """Neither for the mark nor, every half minute, at the rows."""
    no_look_at_the_lease(patch)

    def begin(self: Journal, attempts: Sequence[str]) -> None:
        mark, self._mark = self._mark, self._mark.with_name("nowhere")
        whole(self, attempts)
        self._mark = mark

    whole = Journal.begin
    patch.setattr(Journal, "begin", begin)


def nothing_begun_in_the_journal(patch: pytest.MonkeyPatch) -> None:
    def begin(self: Journal, attempts: Sequence[str]) -> None:
        """Forgets it."""

    patch.setattr(Journal, "begin", begin)


def no_answer_in_the_journal(patch: pytest.MonkeyPatch) -> None:
    def answered(self: Journal, answer: Answer) -> None:
        """Forgets it."""

    patch.setattr(Journal, "answered", answered)


def no_journal_read(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(journal, "take_up", lambda *_: journal.Entries(found=False))


def no_answer_read_in_the_journal(patch: pytest.MonkeyPatch) -> None:
    whole = journal.take_up
    patch.setattr(journal, "take_up", lambda *given: replace(whole(*given), answers={}))


def a_missing_journal_is_an_empty_one(patch: pytest.MonkeyPatch) -> None:
    def take_up(folder: Path, claim: str) -> journal.Entries:
        return replace(whole(folder, claim), found=True)

    whole = journal.take_up
    patch.setattr(journal, "take_up", take_up)


def answers_lost_with_the_claim(patch: pytest.MonkeyPatch) -> None:
    def portions(runtime: Runtime, written: Journal, answers: Iterable[Answer]) -> Iterator[list[Answer]]:
        found: list[Answer] = []
        for answer in answers:
            written.answered(answer)
            found.append(answer)
        yield found

    patch.setattr(mailer.sending.deliver, "_portions", portions)


def no_look_at_the_lease(patch: pytest.MonkeyPatch) -> None:
    def renewed(session: Session, owner: str, real: RealTime) -> bool:
        renew_lease(session, owner, real)
        return True

    patch.setattr(mailer.sending.lease, "renew_lease", renewed)


def no_look_whether_to_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ending.Ending, "look", lambda _: None)


def no_look_for_jumps(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(mailer.sending.plan, "real_time", lambda runtime: runtime.clock.real())


def no_second_entry_in_the_queue(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(mailer.sending.plan, "_enqueue", lambda _runtime: 0)


def _forget_what_was_posted(patch: pytest.MonkeyPatch) -> None:
    def look(facts: Any, now: datetime) -> Any:
        return whole(facts._replace(posted={}), now)

    whole = course.schedule.forecast.look
    patch.setattr(mailer.sending.plan, "look", look)
