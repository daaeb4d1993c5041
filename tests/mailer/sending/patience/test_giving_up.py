"""Refusals, returns and doubts are counted apart, each for so many days; then a mail is given up, and shown."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.enrolment.enrolments import Participant, find_enrolment
from course.learning.resend import send_again
from course.models import Attempt, Delivery, Suppression
from course.reports.roster import Wanted, roster
from course.reports.undelivered import unreachable
from mailer.sending.patience.giving_up import REFUSED_FOR, RETURNED_FOR, Refusals, is_over, is_unreachable
from mailer.sending.patience.hold import hold_sending, release_sending
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.sendgrid_events import told
from tests.support.servers.sendgrid_sink import RATE_LIMITED, SendgridSink
from tests.support.servers.smtp_session import Step
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.sample_course import write_sample
from tests.support.world.world import BEGAN, World

ALWAYS = 10_000
RELAYS_TROUBLE = "550 relay not permitted"


@pytest.fixture
def settings() -> Mapping[str, str]:
    """Those of the mail server."""
    return {}


@pytest.fixture
def sending(
    tmp_path: Path, database_url: str, redis_server: RedisServer, settings: Mapping[str, str]
) -> Iterator[World]:
    write_sample(tmp_path / "lessons")
    with closing(
        World(tmp_path / "var", database_url, redis_server.url, tmp_path / "lessons", **settings)
    ) as world:
        yield world


def only_delivery(world: World) -> Delivery:
    with world.runtime.db.read() as session:
        return session.scalars(select(Delivery)).one()


def tries(world: World) -> int:
    with world.runtime.db.read() as session:
        return session.scalar(select(func.count()).select_from(Attempt)) or 0


def suppressed(world: World) -> list[str]:
    with world.runtime.db.read() as session:
        return list(session.scalars(select(Suppression.email)))


def waits(world: World) -> timedelta:
    """How long the mail that is queued has still to wait."""
    with world.runtime.db.read() as session:
        retry_at = session.scalars(select(Delivery.retry_at).where(Delivery.state == "queued")).one()
    return retry_at - world.clock.real()


def live(world: World, **parts: float) -> None:
    """Lets time pass by two hours, at least."""
    end = world.clock.now() + timedelta(**parts)
    while world.clock.now() < end:
        world.forward(hours=2)


def live_into_a_wait(world: World) -> None:
    """Until half a day after the first try, and further until the next one is some time away."""
    live(world, hours=12)
    while waits(world) <= timedelta(minutes=5):
        world.forward(minutes=5)


class TestOverSendgrid:
    @pytest.fixture
    def settings(self, sendgrid_sink: SendgridSink) -> Mapping[str, str]:
        return {
            "MAIL_URL": "sendgrid:",
            "SENDGRID_API_KEY": sendgrid_sink.key,
            "SENDGRID_API_URL": sendgrid_sink.url,
            "SENDGRID_WEBHOOK_KEY": sendgrid_sink.public_key,
        }

    def come_back(self, world: World, sink: SendgridSink) -> None:
        """The newest mail comes back, though the address is good."""
        at = int(world.clock.real().timestamp())
        event = told(sink.mails[-1].custom_args, "bounce", at, type="blocked", reason="greylisted")
        body, headers = sink.signed_events([event], at)
        assert world.app.test_client().post("/hooks/sendgrid", data=body, headers=headers).status_code == 204

    def test_five_refusals_and_one_return_end_nothing(self, sending: World, sendgrid_sink: SendgridSink) -> None:
        sendgrid_sink.plan(RATE_LIMITED, 5)
        sending.register("eve@example.org")
        live(sending, hours=12)
        assert len(sendgrid_sink.mails) == 1
        self.come_back(sending, sendgrid_sink)
        delivery = only_delivery(sending)
        assert (delivery.state, delivery.refusals, delivery.returns) == ("queued", 0, 1)
        live(sending, hours=6)
        assert only_delivery(sending).state == "accepted"
        assert len(sendgrid_sink.mails) == 2

    def test_who_came_back_late_has_days_to_be_refused_in(
        self, sending: World, sendgrid_sink: SendgridSink
    ) -> None:
        sendgrid_sink.plan(RATE_LIMITED)
        sending.register("eve@example.org")
        live(sending, hours=2)
        sending.clock.forward(days=REFUSED_FOR.days + 1)
        self.come_back(sending, sendgrid_sink)
        sendgrid_sink.plan(RATE_LIMITED)
        live(sending, hours=6)
        assert only_delivery(sending).state == "accepted"

    def test_a_mail_that_comes_back_for_days_is_sent_ever_more_seldom_and_then_given_up(
        self, sending: World, sendgrid_sink: SendgridSink
    ) -> None:
        sending.register("eve@example.org")
        for _ in range(12 * (RETURNED_FOR.days + 3)):
            if only_delivery(sending).state == "accepted":
                self.come_back(sending, sendgrid_sink)
            sending.forward(hours=2)
        delivery = only_delivery(sending)
        assert (delivery.state, delivery.why) == ("failed", "greylisted")
        assert len(sendgrid_sink.mails) <= 12
        assert suppressed(sending) == []


class TestOverSmtp:
    @pytest.fixture
    def settings(self, smtp_sink: SmtpSink) -> Mapping[str, str]:
        return {"MAIL_URL": smtp_sink.url}

    def test_words_that_no_database_can_hold_keep_no_answer_from_being_recorded(
        self, sending: World, smtp_sink: SmtpSink
    ) -> None:
        smtp_sink.behaviour.refused["eve@example.org"] = "451 eve@example.org no \0 room"
        sending.register("eve@example.org")
        sending.forward(seconds=1)
        delivery = only_delivery(sending)
        assert (delivery.state, delivery.refusals) == ("queued", 1)
        assert delivery.why == "RCPT: 451 (address) no \N{REPLACEMENT CHARACTER} room"

    def test_what_is_refused_for_less_than_the_days_still_goes(self, sending: World, smtp_sink: SmtpSink) -> None:
        smtp_sink.plan("rcpt", 451, ALWAYS)
        sending.register("eve@example.org")
        live(sending, days=REFUSED_FOR.days, hours=-6)
        assert only_delivery(sending).state == "queued"
        smtp_sink.behaviour.faults.clear()
        live(sending, hours=4)
        assert only_delivery(sending).state == "accepted"

    def test_what_is_refused_for_days_is_given_up_and_nobody_is_struck_off(
        self, sending: World, smtp_sink: SmtpSink
    ) -> None:
        smtp_sink.plan("rcpt", 451, ALWAYS)
        sending.register("eve@example.org")
        live(sending, days=REFUSED_FOR.days, hours=6)
        assert only_delivery(sending).state == "failed"
        so_far = tries(sending)
        live(sending, days=2)
        assert tries(sending) == so_far
        assert suppressed(sending) == []

    @pytest.mark.parametrize("step", ["greeting", "rcpt", "reply"])
    def test_a_lasting_no_is_asked_again_seldom_and_then_given_up_without_striking_anybody_off(
        self, sending: World, smtp_sink: SmtpSink, step: Step
    ) -> None:
        smtp_sink.plan(step, 554, ALWAYS)
        sending.register("eve@example.org")
        live(sending, days=REFUSED_FOR.days + 2)
        assert only_delivery(sending).state == "failed"
        assert step == "greeting" or tries(sending) <= 20
        assert suppressed(sending) == []

    def test_whom_a_no_without_evidence_met_on_two_days_still_gets_the_mail(
        self, sending: World, smtp_sink: SmtpSink
    ) -> None:
        smtp_sink.plan("rcpt", RELAYS_TROUBLE, ALWAYS)
        sending.register("eve@example.org")
        live(sending, hours=44)
        assert (only_delivery(sending).state, only_delivery(sending).refused_days) == ("queued", 2)
        smtp_sink.behaviour.faults.clear()
        live(sending, hours=30)
        assert only_delivery(sending).state == "accepted"

    def test_whom_it_met_on_three_days_cannot_be_reached_and_loses_nothing(
        self, sending: World, smtp_sink: SmtpSink
    ) -> None:
        sending.admit("eve@example.org")
        smtp_sink.plan("rcpt", RELAYS_TROUBLE, ALWAYS)
        # The welcome is given up first, and then the lesson.
        live(sending, days=8)
        enrolment = sending.look_up("eve@example.org")
        with sending.runtime.db.read() as session:
            [line] = roster(session, Wanted(enrolment.course_id, "eve"), 10)
            assert unreachable(session, [enrolment.id]) == {enrolment.id}
        assert (line.state, line.unreachable) == ("active", True)
        assert suppressed(sending) == []
        smtp_sink.behaviour.faults.clear()
        with sending.runtime.db.write() as session:
            published = sending.runtime.shelf.course(session, enrolment.course_id)
            who = Participant(*find_enrolment(session, enrolment.id, lock=True), published)
            send_again(session, who, line_of_failed(session), sending.clock.times())
        live(sending, days=4)
        with sending.runtime.db.read() as session:
            assert unreachable(session, [enrolment.id]) == set()
            lessons = session.scalars(select(Delivery.state).where(Delivery.kind == "lesson")).all()
        assert len(lessons) == 3
        assert set(lessons) == {"accepted"}

    def test_days_on_which_our_own_machine_was_away_are_no_days_of_refusal(
        self, sending: World, smtp_sink: SmtpSink
    ) -> None:
        smtp_sink.plan("rcpt", 451, ALWAYS)
        sending.register("eve@example.org")
        live(sending, hours=2)
        sending.clock.forward(days=REFUSED_FOR.days + 2)
        sending.step()
        assert (only_delivery(sending).state, only_delivery(sending).refused_days) == ("queued", 2)

    def test_a_server_that_is_away_for_longer_costs_no_mail(self, sending: World, smtp_sink: SmtpSink) -> None:
        smtp_sink.plan("greeting", "drop", ALWAYS)
        sending.register("eve@example.org")
        live(sending, days=REFUSED_FOR.days + 2)
        assert only_delivery(sending).state == "queued"
        smtp_sink.behaviour.faults.clear()
        live(sending, hours=4)
        assert only_delivery(sending).state == "accepted"

    def test_one_answer_after_an_outage_ends_the_waits_of_all_whom_nobody_answered(
        self, sending: World, smtp_sink: SmtpSink
    ) -> None:
        smtp_sink.plan("greeting", "drop", ALWAYS)
        sending.register("eve@example.org")
        live_into_a_wait(sending)
        smtp_sink.behaviour.faults.clear()
        sending.register("ada@example.org")
        sending.step()
        assert [mail.recipients[0] for mail in smtp_sink.mails] == ["ada@example.org", "eve@example.org"]

    def test_an_answer_to_one_ends_no_wait_of_who_was_refused(self, sending: World, smtp_sink: SmtpSink) -> None:
        smtp_sink.plan("rcpt", 451, ALWAYS)
        sending.register("eve@example.org")
        live_into_a_wait(sending)
        waited = waits(sending)
        smtp_sink.behaviour.faults.clear()
        sending.register("ada@example.org")
        sending.step()
        assert waits(sending) == waited

    def test_days_on_hold_count_against_no_letter(self, sending: World, smtp_sink: SmtpSink) -> None:
        smtp_sink.plan("rcpt", 451, 2)
        sending.register("eve@example.org")
        with sending.runtime.db.write() as session:
            hold_sending(session, "we are moving house", sending.clock.real())
        live(sending, days=REFUSED_FOR.days + 1)
        with sending.runtime.db.write() as session:
            release_sending(session)
        live(sending, hours=6)
        assert only_delivery(sending).state == "accepted"


def line_of_failed(session: Session) -> str:
    """The lesson whose mail failed."""
    return session.scalars(
        select(Delivery.slug).where(Delivery.state == "failed", Delivery.kind == "lesson")
    ).one()


def test_a_day_of_refusals_is_as_many_hours_so_that_midnight_makes_no_two() -> None:
    late = BEGAN.replace(hour=23, minute=59)
    refused = Refusals(None, 0, None).once_more(late)
    for hours, days in ((0, 1), (23, 1), (24, 2), (40, 2), (48, 3)):
        refused = refused.once_more(late + timedelta(hours=hours))
        assert refused.days == days
    assert is_unreachable(refused, late + timedelta(hours=48), lasting=True)
    assert not is_unreachable(refused, late + timedelta(hours=48), lasting=False)
    assert is_unreachable(refused, late + REFUSED_FOR, lasting=False)
    assert not is_unreachable(Refusals(late, 2, late), late + timedelta(days=90), lasting=True)


def test_what_begins_now_is_never_over() -> None:
    assert not is_over(None, timedelta(), BEGAN)
    assert not is_over(BEGAN, timedelta(days=5), BEGAN + timedelta(days=5, seconds=-1))
    assert is_over(BEGAN, timedelta(days=5), BEGAN + timedelta(days=5))
