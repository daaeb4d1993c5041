"""One refusal for everybody is about us: the line is held with the server's words, and goes on by itself."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from course.models import Attempt, Delivery, Hold, Suppression
from mailer.sending.deliver import deliver_batch
from mailer.sending.patience.hold import AT_MOST, hold_sending
from mailer.sending.plan import planning_step
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.sendgrid_sink import CREDITS_SPENT, UNAUTHORIZED, SendgridSink
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.sample_course import write_sample
from tests.support.world.world import World

ALWAYS = 100_000
OVER_QUOTA = "550 Domain example.org has exceeded the max emails per hour (25/25 (100%)) allowed."
UNKNOWN = "550 5.1.1 <somebody@example.org>: Recipient address rejected: User unknown in local recipient table"
SIX = [f"{name}@example.org" for name in ("ada", "ben", "cleo", "dan", "eve", "fay")]


@pytest.fixture
def settings(smtp_sink: SmtpSink) -> Mapping[str, str]:
    """Those of the mail server."""
    return {"MAIL_URL": f"{smtp_sink.url}&connections=1"}


@pytest.fixture
def sending(
    tmp_path: Path, database_url: str, redis_server: RedisServer, settings: Mapping[str, str]
) -> Iterator[World]:
    write_sample(tmp_path / "lessons")
    with closing(
        World(tmp_path / "var", database_url, redis_server.url, tmp_path / "lessons", **settings)
    ) as world:
        yield world


def why_held(world: World) -> str:
    with world.runtime.db.read() as session:
        return session.scalar(select(Hold.why)) or ""


def until_trial(world: World) -> timedelta:
    with world.runtime.db.read() as session:
        again_at = session.scalars(select(Hold.again_at)).one()
    assert again_at is not None
    return again_at - world.clock.real()


def states(world: World) -> Counter[str]:
    with world.runtime.db.read() as session:
        return Counter(session.scalars(select(Delivery.state)))


def suppressed(world: World) -> int:
    with world.runtime.db.read() as session:
        return session.scalar(select(func.count()).select_from(Suppression)) or 0


def tries(world: World) -> int:
    with world.runtime.db.read() as session:
        return session.scalar(select(func.count()).select_from(Attempt)) or 0


def live(world: World, **parts: float) -> None:
    """Lets time pass by quarters of an hour, with a worker that takes what the planning step enqueues."""
    end = world.clock.now() + timedelta(**parts)
    while world.clock.now() < end:
        world.clock.forward(minutes=15)
        world.runtime.queue.redis.flushdb()
        planning_step(world.runtime)
        for batch in sorted(world.runtime.queue.waiting() or ()):
            deliver_batch(world.runtime, batch)


@pytest.mark.parametrize("reply", [OVER_QUOTA, "550 relay not permitted", "554 we are closed"])
def test_a_refusal_that_all_of_a_batch_meet_holds_the_line_with_the_servers_words(
    sending: World, smtp_sink: SmtpSink, reply: str
) -> None:
    smtp_sink.plan("rcpt", reply, ALWAYS)
    sending.admit(*SIX[:2])
    sending.step()
    assert reply in why_held(sending)
    assert set(states(sending)) == {"queued"}
    assert suppressed(sending) == 0


def test_five_learners_in_a_row_are_enough_whatever_batches_they_are_in(
    sending: World, smtp_sink: SmtpSink
) -> None:
    smtp_sink.plan("rcpt", OVER_QUOTA, ALWAYS)
    for number, email in enumerate(SIX[:5], 1):
        assert not why_held(sending)
        sending.register(email)
        assert bool(why_held(sending)) == (number == 5)


def test_one_learner_who_is_refused_again_and_again_holds_nobody(sending: World, smtp_sink: SmtpSink) -> None:
    smtp_sink.behaviour.refused[SIX[0]] = OVER_QUOTA
    sending.register(SIX[0])
    live(sending, hours=6)
    sending.register(SIX[1])
    assert not why_held(sending)
    assert states(sending) == {"queued": 1, "accepted": 1}


@pytest.mark.parametrize("taken", [2, 6])
def test_a_bad_hour_of_a_relay_strikes_off_none_of_those_it_meets(
    sending: World, smtp_sink: SmtpSink, taken: int
) -> None:
    """It takes two of seven, or all welcomes but one, and has enough then."""
    smtp_sink.plan("rcpt", "none", taken)
    smtp_sink.plan("rcpt", OVER_QUOTA, ALWAYS)
    sending.admit(*SIX, "gus@example.org")
    sending.step()
    assert "max emails per hour" in why_held(sending)
    assert (suppressed(sending), states(sending)) == (0, {"accepted": taken, "queued": 14 - taken})
    smtp_sink.behaviour.faults.clear()
    live(sending, hours=1)
    assert states(sending) == {"accepted": 14}


def test_a_limit_that_is_met_every_hour_makes_nobody_unreachable(sending: World, smtp_sink: SmtpSink) -> None:
    sending.admit(*SIX, *(f"learner{number}@example.org" for number in range(14)))
    for _ in range(4 * 24):
        smtp_sink.behaviour.faults.clear()
        smtp_sink.plan("rcpt", "none", 1)
        smtp_sink.plan("rcpt", OVER_QUOTA, ALWAYS)
        sending.forward(hours=1)
    assert states(sending)["failed"] == suppressed(sending) == 0


def test_those_whom_their_own_server_refuses_hold_the_others_once_only(
    sending: World, smtp_sink: SmtpSink
) -> None:
    smtp_sink.behaviour.refused = dict.fromkeys(SIX[:5], "550 we take nothing from outside")
    sending.admit(*SIX[:5])
    sending.step()
    assert why_held(sending)
    sending.register(SIX[5])
    live(sending, hours=4)
    assert not why_held(sending)
    for _ in range(8):
        live(sending, days=1)
        assert not why_held(sending)
    # Their welcome, and after it their first lesson; nothing of the sixth.
    assert (states(sending)["failed"], suppressed(sending)) == (10, 0)


def test_a_mail_that_is_taken_in_between_ends_the_row(sending: World, smtp_sink: SmtpSink) -> None:
    smtp_sink.behaviour.refused = dict.fromkeys([*SIX[:2], *SIX[3:]], OVER_QUOTA)
    for email in SIX:
        sending.clock.forward(seconds=1)
        sending.register(email)
    assert not why_held(sending)


def test_different_words_and_temporary_ones_hold_nothing(sending: World, smtp_sink: SmtpSink) -> None:
    smtp_sink.behaviour.refused = {email: f"550 no, {email.partition('@')[0]}" for email in SIX}
    for email in SIX:
        sending.register(email)
    smtp_sink.behaviour.refused.clear()
    smtp_sink.plan("rcpt", 451, 12)
    sending.admit("gus@example.org", "hal@example.org")
    sending.step()
    assert not why_held(sending)


def test_a_few_are_tried_after_a_while_and_once_one_is_taken_all_goes_on(
    sending: World, smtp_sink: SmtpSink, caplog: pytest.LogCaptureFixture
) -> None:
    smtp_sink.plan("rcpt", OVER_QUOTA, ALWAYS)
    sending.admit(*SIX)
    sending.step()
    so_far = tries(sending)
    # As if workers had taken what is in the queue.
    sending.runtime.queue.redis.flushdb()
    sending.clock.forward(seconds=until_trial(sending).total_seconds() - 1)
    assert planning_step(sending.runtime).enqueued == 0
    assert sending.step() == 0
    sending.clock.forward(seconds=1)
    assert planning_step(sending.runtime).enqueued == 1
    assert sending.step() == AT_MOST
    assert (tries(sending) - so_far, bool(why_held(sending))) == (AT_MOST, True)
    assert until_trial(sending) > timedelta(minutes=30)
    smtp_sink.behaviour.faults.clear()
    sending.clock.forward(seconds=until_trial(sending).total_seconds())
    caplog.clear()
    # The trial, and then the first lessons of those who have their welcome.
    assert sending.step() == AT_MOST + AT_MOST
    assert not why_held(sending)
    assert "Sending goes on by itself" in caplog.text
    live(sending, hours=1)
    assert states(sending) == {"accepted": 12}


def test_trials_for_weeks_touch_no_learner(sending: World, smtp_sink: SmtpSink) -> None:
    smtp_sink.plan("rcpt", OVER_QUOTA, ALWAYS)
    sending.admit(*SIX)
    for _ in range(60):
        sending.forward(hours=6)
    assert states(sending) == {"queued": 6, "postponed": 6}, "the welcomes, and the lessons for the next day"
    assert tries(sending) <= 12 + 60 * AT_MOST
    smtp_sink.behaviour.faults.clear()
    live(sending, hours=8)
    live(sending, days=1)
    assert states(sending)["accepted"] >= 12
    assert suppressed(sending) == 0


def test_unknown_users_one_after_the_other_are_a_servers_lost_list_and_strike_nobody_off(
    sending: World, smtp_sink: SmtpSink
) -> None:
    smtp_sink.plan("rcpt", UNKNOWN, ALWAYS)
    sending.admit(*SIX)
    sending.step()
    assert "User unknown" in why_held(sending)
    assert (suppressed(sending), set(states(sending))) == (0, {"queued"})
    smtp_sink.behaviour.faults.clear()
    live(sending, hours=1)
    assert states(sending) == {"accepted": 12}


def test_who_is_unknown_still_when_others_are_taken_is_believed_to_be(sending: World, smtp_sink: SmtpSink) -> None:
    smtp_sink.plan("rcpt", UNKNOWN, ALWAYS)
    sending.admit(*SIX)
    sending.step()
    smtp_sink.behaviour.faults.clear()
    smtp_sink.behaviour.refused = dict.fromkeys(SIX[1:], UNKNOWN)
    live(sending, days=2)
    assert not why_held(sending)
    assert suppressed(sending) == 5


def test_a_row_of_unknown_users_is_one_though_a_slow_server_tells_them_apart(
    sending: World, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailer.sending.deliver.RECORD_EVERY", 1)
    smtp_sink.plan("rcpt", UNKNOWN, ALWAYS)
    sending.admit(*SIX)
    sending.step()
    assert "User unknown" in why_held(sending)
    assert suppressed(sending) == 0


def test_what_a_person_holds_no_trial_lets_go_on(sending: World, smtp_sink: SmtpSink) -> None:
    smtp_sink.plan("rcpt", OVER_QUOTA, 4)
    sending.admit(*SIX[:2])
    sending.step()
    with sending.runtime.db.write() as session:
        assert hold_sending(session, "we are moving house", sending.clock.real()) == "we are moving house"
    live(sending, days=1)
    assert (why_held(sending), smtp_sink.mails) == ("we are moving house", [])


def test_a_hold_ends_a_batch_that_is_under_way(
    sending: World, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailer.sending.deliver.RECORD_EVERY", 1)
    smtp_sink.plan("rcpt", OVER_QUOTA, ALWAYS)
    many = [f"learner{number}@example.org" for number in range(40)]
    sending.admit(*many)
    sending.step()
    assert why_held(sending)
    with sending.runtime.db.read() as session:
        refused = select(func.count()).where(Attempt.answer == "refused")
        assert (session.scalar(refused) or 0) < len(many)
    assert states(sending) == {"queued": 80}


class TestOverSendgrid:
    @pytest.fixture
    def settings(self, sendgrid_sink: SendgridSink) -> Mapping[str, str]:
        return {
            "MAIL_URL": "sendgrid:",
            "SENDGRID_API_KEY": sendgrid_sink.key,
            "SENDGRID_API_URL": sendgrid_sink.url,
        }

    def test_spent_credits_are_waited_for(self, sending: World, sendgrid_sink: SendgridSink) -> None:
        sendgrid_sink.plan(CREDITS_SPENT, 3)
        sending.register(SIX[0])
        assert "Maximum credits exceeded" in why_held(sending)
        live(sending, hours=8)
        assert not why_held(sending)
        assert len(sendgrid_sink.mails) == 1

    def test_a_refused_key_waits_for_a_person(self, sending: World, sendgrid_sink: SendgridSink) -> None:
        sendgrid_sink.plan(UNAUTHORIZED)
        sending.register(SIX[0])
        live(sending, days=1)
        assert "refuses us" in why_held(sending)
        assert not sendgrid_sink.mails

    def test_a_key_that_is_refused_at_a_trial_waits_for_a_person(
        self, sending: World, sendgrid_sink: SendgridSink
    ) -> None:
        sendgrid_sink.plan(CREDITS_SPENT)
        sendgrid_sink.plan(UNAUTHORIZED)
        sending.register(SIX[0])
        live(sending, days=1)
        assert "planned by the test" in why_held(sending)
        assert not sendgrid_sink.mails
