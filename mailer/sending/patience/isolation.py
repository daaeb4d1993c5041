"""What fails is set aside with its reason and tried again later, ever more seldom; it stops nobody else."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.orm import Session

from course.bulk import insert_into
from course.models import SetAside
from course.set_aside import AsideKind
from course.times import RealTime
from course.traces import reason_of
from mailer.compose.message import Letter, Template
from mailer.providers.answer import Answer, Begin
from mailer.providers.contract import Provider
from mailer.queue import STOPS
from mailer.sending.patience.backoff import wait_after

log = logging.getLogger(__name__)

PASSING = (OperationalError, InterfaceError, InternalError)
"""The database's own troubles: they say nothing of a row, and end by themselves."""


def set_aside(session: Session, kind: AsideKind, key: str, problem: Exception, real: RealTime) -> None:
    """To be left alone until it is tried again."""
    known = session.get(SetAside, (kind, key), populate_existing=True)
    tries, since = (known.tries + 1, known.since) if known else (1, real)
    wait, why = timedelta(seconds=wait_after(tries, key)), reason_of(problem)
    values = {"why": why, "tries": tries, "since": since, "again_at": real + wait}
    session.execute(
        insert_into(session, SetAside)
        .values(kind=kind, key=key, **values)
        .on_conflict_do_update(index_elements=["kind", "key"], set_=values)
    )
    log.error("Set aside the %s %s for %.0f s: %s", kind, key, wait.total_seconds(), why)


def sent_apart(
    provider: Provider, template: Template, letters: Sequence[Letter], begin: Begin
) -> Iterator[Answer]:
    """What is known of each letter, also where the provider raises something or tells nothing.

    Then letters that may have been taken are in doubt, and the others are sent in halves, until what fails is
    alone: it is refused as broken, with the reason, and the others have gone. What `begin` raises is let through.
    """
    watched, groups = _Watched(begin), [letters]
    while groups:
        group = groups.pop()
        left = {letter.attempt: letter for letter in group}
        why = "the mail provider told nothing of it"
        try:
            for answer in provider.send(template, group, watched):
                if left.pop(answer.attempt, None) is not None:
                    yield answer
        except STOPS:
            raise
        # Whatever a provider raises is the fault of some letters, which are looked for, and of no others.
        except Exception as problem:
            if problem is watched.forbidden:
                raise
            why = reason_of(problem)
        if left and group is letters:
            log.error("An error of ours kept %d letters from being sent at once: %s", len(left), why)
        rest = [letter for letter in left.values() if letter.attempt not in watched.begun]
        yield from (Answer(attempt, "unknown", why) for attempt in left if attempt in watched.begun)
        if len(group) == 1:
            yield from (Answer(letter.attempt, "refused", why, broken=True) for letter in rest)
        else:
            middle = len(rest) // 2
            groups += [half for half in (rest[middle:], rest[:middle]) if half]


@dataclass(slots=True)
class _Watched:
    """A `begin` that remembers which letters may have been taken since, and what it raised."""

    begin: Begin
    begun: set[str] = field(default_factory=set)
    forbidden: Exception | None = None

    def __call__(self, attempts: Sequence[str]) -> None:
        try:
            self.begin(attempts)
        # Whatever it is: it goes on its way, and is known again where it comes out.
        except Exception as no:
            self.forbidden = no
            raise
        self.begun.update(attempts)
