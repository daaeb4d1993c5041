"""The brake: all sending stopped, what would go out, and how it goes on."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial

import click
from sqlalchemy import select

from course.clock import Clock
from course.db import Database
from course.errors import Refused
from course.models import Hold
from course.reports.ahead import DUE, Ahead, ahead
from course.schedule.counted_as_sent import count_due, count_waiting
from course.staff.audit_log import log_deed
from course.times import CourseTime
from mailer.runtime import Runtime, build
from mailer.sending.continuity import hold_if_changed, letting_go_on
from mailer.sending.patience.hold import hold_sending
from mailer.settings import load
from mailer.signing_keys import key_finding
from web.commands.publishing import doer

PORTION = 500
STATES = {
    "queued": "wait and go out",
    "sending": "were on their way: they are in doubt until it is known whether they came",
    "uncertain": "are in doubt, and go out again unless it becomes known that they came",
}


@click.command()
@click.option("--why", default="held by an operator", help="The reason, shown wherever the hold is.")
def hold(why: str) -> None:
    """Stop all sending. Nothing is lost: it goes on where it stopped."""
    settings = load()
    if not why.strip():
        raise Refused("Say why sending is to stop: others will want to know. Nothing was changed.")
    with Database(settings.database_url).write() as session:
        reason = hold_sending(session, why, Clock().real())
    click.echo(f"Sending is on hold: {reason}")
    click.echo("`dayletter release` lets it go on.")


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what would go out, and stop.")
@click.option(
    "--sent-before", metavar="MOMENT", help="Count as sent what was due before, such as 2026-03-27T06:00Z."
)
def release(dry_run: bool, sent_before: str | None) -> None:
    """Let sending go on, after saying what will go out and to whom.

    Also from a restored or copied database, or at another address, which hold by themselves. With --sent-before,
    mails that were due before the moment are counted as sent, and are not sent: the machine that was lost has sent
    them. UTC, unless it says otherwise.
    """
    with closing(build(load())) as runtime:
        before = None if sent_before is None else _moment(sent_before, runtime.clock.now())
        hold_if_changed(runtime, runtime.clock.real())
        with runtime.db.read() as session:
            held = session.scalar(select(Hold.why))
            coming = ahead(session, runtime.clock.now())
            keys = key_finding(session, runtime.signer.fingerprints, runtime.clock.real())
        if held is not None:
            click.echo(f"Held: {held}")
            if keys.state == "bad" and keys.said not in held:
                click.echo(f"{keys.said} {keys.todo}")
            for line in in_words(coming):
                click.echo(line)
        elif before is not None:
            raise Refused("Sending is not on hold. `dayletter hold` first, so that no mail goes out meanwhile.")
        if not dry_run:
            counted = None if before is None else _count_as_sent(runtime, before)
            _let_go(runtime, before, counted)


def in_words(coming: Sequence[Ahead]) -> Iterator[str]:
    """Yield a line for each course and kind of mail."""
    if not coming:
        yield "Once it goes on, nothing goes out at once: no mail waits, and nobody is due one."
        return
    yield "Once it goes on:"
    for course, kind, state, count, whom in coming:
        named = ", ".join(whom) + (", …" if count > len(whom) else "")
        if kind == DUE:
            what = "learner is due" if count == 1 else "learners are due"
            yield f"  {course}: {count:,} {what} the next lesson or a reminder ({named})"
        else:
            yield f"  {course}: {count:,} {kind} {'mail' if count == 1 else 'mails'} {STATES[state]} ({named})"


def _moment(text: str, now: CourseTime) -> CourseTime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no moment: write one such as 2026-03-27T06:00Z.") from None
    moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    if moment > now:
        raise Refused(f"{text} is still to come ({now:%Y-%m-%dT%H:%MZ} is now). Nothing was changed.")
    return CourseTime(moment)


def _count_as_sent(runtime: Runtime, before: CourseTime) -> int:
    """All of it while sending is on hold; how many mails. Done again after a stop half-way, it goes on."""
    counted = runtime.db.transact(partial(count_waiting, before=before))
    looked_at = PORTION
    while looked_at == PORTION:
        times = runtime.clock.times()
        portion = partial(count_due, shelf=runtime.shelf, before=before, times=times, most=PORTION)
        looked_at, mails = runtime.db.transact(portion)
        counted += mails
    click.echo(f"{counted:,} {'mail counts' if counted == 1 else 'mails count'} as sent, and will not be sent.")
    return counted


def _let_go(runtime: Runtime, before: CourseTime | None, counted: int | None) -> None:
    with letting_go_on(runtime, runtime.clock.real()) as (session, why):
        if before is not None:
            moment = f"{before:%Y-%m-%dT%H:%M:%SZ}"
            log_deed(
                session,
                doer(""),
                "let sending go on",
                None,
                held_because=why,
                sent_before=moment,
                counted_as_sent=counted,
            )
        elif why:
            log_deed(session, doer(""), "let sending go on", None, held_because=why)
    click.echo("Sending goes on." if why else "Sending was not on hold.")
