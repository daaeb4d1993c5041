"""One batch: claim, fill, send, record. The claim is committed before the provider hears of it."""

import os
import socket
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.editions import Published
from course.models import Delivery
from course.words import moment_in_words
from mailer.claim import Claimed, claim
from mailer.links import Mark, Signer
from mailer.message import Letter, Template
from mailer.press import Sheet
from mailer.providers import Answer
from mailer.record import record, renew
from mailer.runtime import Runtime

RECORD_EVERY = 100
RECORD_SECONDS = 1.0

OWNER = f"{socket.gethostname()}:{os.getpid()}"


def deliver(runtime: Runtime, batch: str) -> int:
    """Sends what is queued in a batch; how many letters it claimed. Running it twice sends nothing twice."""
    with runtime.db.write() as session:
        course_id = session.scalar(select(Delivery.course_id).where(Delivery.batch == batch).limit(1))
        if course_id is None:
            return 0
        published = runtime.shelf.course(session, course_id)
        now, real = runtime.clock.now(), runtime.clock.real()
        claimed = claim(session, batch, OWNER, published, runtime.settings.mail_from, now, real)
        sheets = _by_template(session, runtime, published, claimed)
    for template, letters in sheets:
        _send(runtime, template, letters)
    return len(claimed)


def _by_template(
    session: Session, runtime: Runtime, published: Published, claimed: Sequence[Claimed]
) -> list[tuple[Template, list[Letter]]]:
    groups: defaultdict[Sheet, list[Letter]] = defaultdict(list)
    for one in claimed:
        groups[_sheet(published, one)].append(_letter(runtime.signer, one))
    house = runtime.house(published)
    return [
        (runtime.press.template(session, house, published, sheet), letters) for sheet, letters in groups.items()
    ]


def _sheet(published: Published, claimed: Claimed) -> Sheet:
    return Sheet(
        course_id=claimed.course_id,
        version=published.version,
        edition_id=claimed.edition_id,
        kind=claimed.kind,
        slug=claimed.slug,
        revision_id=claimed.revision_id,
        tracked=claimed.tracking,
    )


def _letter(signer: Signer, claimed: Claimed) -> Letter:
    return Letter(
        attempt=claimed.attempt,
        delivery=claimed.delivery,
        email=claimed.email,
        message_id=claimed.message_id,
        date=claimed.dated_at,
        slots={
            "name": claimed.name or "there",
            "email": claimed.email,
            "learn": signer.learn(claimed.enrolment, claimed.generation),
            "unsubscribe": signer.unsubscribe(claimed.enrolment),
            "mark": signer.mark(Mark(claimed.delivery, claimed.enrolment, claimed.generation)),
            "confirm": signer.confirm(claimed.enrolment, int(claimed.dated_at.timestamp())),
            "next_when": _next_when(claimed),
            "serial": claimed.serial,
        },
    )


def _next_when(claimed: Claimed) -> str:
    if claimed.next_at is None:
        return "when you have marked this day complete"
    return moment_in_words(claimed.next_at, claimed.zone)


def _send(runtime: Runtime, template: Template, letters: Sequence[Letter]) -> None:
    """Records in portions as answers come, and renews the leases of the letters still waiting."""
    waiting = {letter.attempt for letter in letters}
    for answers in _portions(runtime, runtime.provider.send(template, letters)):
        waiting -= {answer.attempt for answer in answers}
        with runtime.db.write() as session:
            record(session, answers, runtime.clock.now(), runtime.clock.real())
            renew(session, sorted(waiting), runtime.clock.real())


def _portions(runtime: Runtime, answers: Iterable[Answer]) -> Iterator[list[Answer]]:
    portion: list[Answer] = []
    began = runtime.clock.real()
    for answer in answers:
        portion.append(answer)
        late = (runtime.clock.real() - began).total_seconds() > RECORD_SECONDS
        if late or len(portion) >= RECORD_EVERY:
            yield portion
            portion, began = [], runtime.clock.real()
    if portion:
        yield portion
