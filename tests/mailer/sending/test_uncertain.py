"""Replies that never came: settled by evidence, and sent again only once silence proves something."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from course.models import Delivery, Hold, Probe, Suppression
from course.reports.ledger import condition
from mailer.providers.sendgrid.request import ATTEMPT
from mailer.sending.probe import send_probe
from mailer.sending.record_events import too_many_complaints
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.sendgrid_events import told
from tests.support.servers.sendgrid_sink import RESET_AFTER_ACCEPTING, UNAUTHORIZED, Fault, SendgridSink
from tests.support.world.sample_course import write_sample
from tests.support.world.world import World

WAIT = 1800


@pytest.fixture
def sending(
    tmp_path: Path, database_url: str, redis_server: RedisServer, sendgrid_sink: SendgridSink
) -> Iterator[World]:
    """A world that sends through SendGrid, with its event webhook."""
    write_sample(tmp_path / "lessons")
    settings = {
        "MAIL_URL": "sendgrid:",
        "SENDGRID_API_KEY": sendgrid_sink.key,
        "SENDGRID_API_URL": sendgrid_sink.url,
        "SENDGRID_WEBHOOK_KEY": sendgrid_sink.public_key,
    }
    with closing(
        World(tmp_path / "var", database_url, redis_server.url, tmp_path / "lessons", **settings)
    ) as world:
        yield world


def event(world: World, attempt: str, kind: str = "delivered", **more: object) -> Mapping[str, object]:
    return told({ATTEMPT: attempt}, kind, int(world.clock.real().timestamp()), **more)


def post_events(world: World, sink: SendgridSink, *events: Mapping[str, object]) -> int:
    body, headers = sink.signed_events(events, int(world.clock.real().timestamp()))
    return world.app.test_client().post("/hooks/sendgrid", data=body, headers=headers).status_code


def only_delivery(world: World) -> Delivery:
    with world.runtime.db.read() as session:
        return session.scalars(select(Delivery)).one()


def register_in_doubt(world: World, sink: SendgridSink) -> str:
    """Registers somebody; the reply to the confirmation's request is lost. The attempt's id."""
    sink.plan(RESET_AFTER_ACCEPTING)
    world.register("eve@example.org")
    assert only_delivery(world).state == "uncertain"
    return sink.mails[0].attempt


def test_an_event_with_our_attempt_settles_a_doubtful_mail(sending: World, sendgrid_sink: SendgridSink) -> None:
    attempt = register_in_doubt(sending, sendgrid_sink)
    assert post_events(sending, sendgrid_sink, event(sending, attempt)) == 204
    assert only_delivery(sending).state == "accepted"
    sending.forward(seconds=2 * WAIT)
    assert len(sendgrid_sink.mails) == 1


def test_a_mail_that_was_taken_but_answered_503_is_settled_by_a_deferral_and_not_sent_twice(
    sending: World, sendgrid_sink: SendgridSink
) -> None:
    sendgrid_sink.plan(Fault(503, takes_mail=True))
    sending.register("eve@example.org")
    assert post_events(sending, sendgrid_sink, event(sending, sendgrid_sink.mails[0].attempt, "deferred")) == 204
    assert only_delivery(sending).state == "accepted"
    sending.forward(seconds=2 * WAIT)
    assert len(sendgrid_sink.mails) == 1


def test_silence_alone_never_sends_a_doubtful_mail_again(sending: World, sendgrid_sink: SendgridSink) -> None:
    register_in_doubt(sending, sendgrid_sink)
    for _ in range(5):
        sending.forward(seconds=WAIT)
    assert only_delivery(sending).state == "uncertain"
    assert len(sendgrid_sink.mails) == 1


def test_a_probe_that_is_heard_lets_a_doubtful_mail_go_again_under_the_same_ids(
    sending: World, sendgrid_sink: SendgridSink
) -> None:
    register_in_doubt(sending, sendgrid_sink)
    sending.forward(seconds=WAIT)
    assert send_probe(sending.runtime)
    assert not send_probe(sending.runtime), "one probe at a time is enough"
    own = sendgrid_sink.mails[-1]
    assert own.to == "answers@example.org"
    sending.forward(seconds=5)
    assert post_events(sending, sendgrid_sink, event(sending, own.attempt)) == 204
    sending.forward(seconds=5)
    first, again = (mail for mail in sendgrid_sink.mails if mail.to == "eve@example.org")
    assert first.headers["Message-ID"] == again.headers["Message-ID"]
    assert first.headers["X-Dayletter-Delivery"] == again.headers["X-Dayletter-Delivery"]
    assert first.custom_args != again.custom_args
    with sending.runtime.db.read() as session:
        assert session.scalars(select(Probe)).one().heard_at is not None


def test_a_later_mails_event_is_proof_enough(sending: World, sendgrid_sink: SendgridSink) -> None:
    register_in_doubt(sending, sendgrid_sink)
    sending.clock.forward(seconds=60)
    sending.register("later@example.org")
    later = sendgrid_sink.mails[-1].attempt
    sending.clock.forward(seconds=60)
    post_events(sending, sendgrid_sink, event(sending, later))
    sending.step()
    assert len(sendgrid_sink.mails) == 2, "the wait is not over"
    sending.forward(seconds=WAIT)
    assert [mail.to for mail in sendgrid_sink.mails] == ["eve@example.org", "later@example.org", "eve@example.org"]


def test_an_event_that_comes_after_the_second_copy_counts_a_possible_duplicate(
    sending: World, sendgrid_sink: SendgridSink
) -> None:
    attempt = register_in_doubt(sending, sendgrid_sink)
    sending.forward(seconds=WAIT)
    send_probe(sending.runtime)
    sending.forward(seconds=5)
    post_events(sending, sendgrid_sink, event(sending, sendgrid_sink.mails[-1].attempt))
    sending.forward(seconds=5)
    post_events(sending, sendgrid_sink, event(sending, attempt))
    with sending.runtime.db.read() as session:
        assert condition(session, sending.clock.now()).duplicates == 1


def test_a_refused_key_holds_the_line_and_burns_no_attempt(sending: World, sendgrid_sink: SendgridSink) -> None:
    sendgrid_sink.plan(UNAUTHORIZED)
    sending.register("eve@example.org")
    delivery = only_delivery(sending)
    assert (delivery.state, delivery.refusals) == ("queued", 0)
    assert sending.forward(days=1) == 0
    alarms = sending.app.test_client().get("/readyz").get_json()["alarms"]
    assert any("refuses us" in alarm for alarm in alarms)


def test_complaints_near_a_tenth_of_a_percent_hold_sending(sending: World, sendgrid_sink: SendgridSink) -> None:
    for name in ("one", "two", "three"):
        sending.register(f"{name}@example.org")
    complaints = [event(sending, mail.attempt, "spamreport") for mail in sendgrid_sink.mails]
    post_events(sending, sendgrid_sink, *complaints)
    with sending.runtime.db.read() as session:
        assert "3 of 3 mails" in str(session.scalar(select(Hold.why)))


def test_one_complaint_among_few_says_little() -> None:
    assert not too_many_complaints(1, 100)
    assert not too_many_complaints(1, 2000)
    assert too_many_complaints(1, 1000)
    assert too_many_complaints(3, 40)
    assert not too_many_complaints(3, 4000)


def test_a_soft_bounce_sends_the_mail_again_later_and_suppresses_nobody(
    sending: World, sendgrid_sink: SendgridSink
) -> None:
    sending.register("eve@example.org")
    attempt = sendgrid_sink.mails[0].attempt
    blocked = event(sending, attempt, "bounce", type="blocked", reason="mailbox full")
    post_events(sending, sendgrid_sink, blocked, event(sending, attempt, "processed"))
    assert only_delivery(sending).state == "queued"
    assert sending.step() == 0
    assert sending.forward(hours=1) == 1
    first, again = sendgrid_sink.mails
    assert first.headers["Message-ID"] == again.headers["Message-ID"]
    assert only_delivery(sending).state == "accepted"


def test_a_hard_bounce_ends_it(sending: World, sendgrid_sink: SendgridSink) -> None:
    sending.register("eve@example.org")
    attempt = sendgrid_sink.mails[0].attempt
    post_events(sending, sendgrid_sink, event(sending, attempt, "bounce", type="bounce", reason="no such user"))
    assert sending.forward(days=1) == 0
    delivery = only_delivery(sending)
    assert (delivery.state, delivery.fate) == ("accepted", "bounced")


@pytest.mark.parametrize("by", ["smtp-id", "email"])
def test_a_late_bounce_without_our_argument_is_known_by_its_message_id_or_its_address(
    sending: World, sendgrid_sink: SendgridSink, by: str
) -> None:
    sending.register("eve@example.org")
    sending.register("ada@example.org")
    sending.clock.forward(days=3)
    eves = sendgrid_sink.mails[0]
    says = {"smtp-id": eves.headers["Message-ID"], "email": "EVE@example.org"}[by]
    at = int(sending.clock.real().timestamp())
    bounced = told({}, "bounce", at, **{by: says})
    assert post_events(sending, sendgrid_sink, bounced, bounced) == 204
    assert [(row["kind"], row["attempt_id"]) for row in sending.rows()["event"]] == [("bounced", eves.attempt)]
    with sending.runtime.db.read() as session:
        assert session.scalars(select(Suppression.email)).all() == ["eve@example.org"]


def test_what_cannot_be_told_whose_it_is_changes_nothing(sending: World, sendgrid_sink: SendgridSink) -> None:
    sending.register("eve@example.org")
    known = sendgrid_sink.mails[0].headers["Message-ID"]
    at = int(sending.clock.real().timestamp())
    events = [
        told({}, "bounce", at, email="nobody@example.org"),
        told({}, "bounce", at, **{"smtp-id": known.replace("@", "@elsewhere.")}),
        told({}, "bounce", at, **{"smtp-id": f"<{'0' * 32}@example.org>"}),
        told({}, "bounce", at, **{"smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>"}),
        told({}, "bounce", at, type="blocked", email="eve@example.org"),
        told({}, "spamreport", at, email="eve@example.org"),
        told({}, "bounce", at + 8 * 86_400, email="eve@example.org"),
        told({}, "bounce", at - 86_400, email="eve@example.org"),
    ]
    assert post_events(sending, sendgrid_sink, *events) == 204
    assert sending.rows()["event"] == []
    with sending.runtime.db.read() as session:
        assert session.scalars(select(Suppression.email)).all() == []


def status(world: World, kind: str, **ago: float) -> Mapping[str, object]:
    at = world.clock.real() - timedelta(**ago)
    return {"event": "account_status_change", "type": kind, "timestamp": int(at.timestamp()), "sg_event_id": "x"}


@pytest.mark.parametrize("kind", ["compliance_suspend", "compliance_deactivate", "compliance_ban"])
def test_a_stopped_account_is_an_alarm_and_mail_is_tried_with_a_few(
    sending: World, sendgrid_sink: SendgridSink, kind: str
) -> None:
    assert post_events(sending, sendgrid_sink, status(sending, kind)) == 204
    alarms = sending.app.test_client().get("/readyz").get_json()["alarms"]
    assert alarms == [f"Sending is on hold: The mail provider has stopped our account: {kind}"]
    sending.register("eve@example.org")
    assert not sendgrid_sink.mails
    assert sending.forward(minutes=20) == 1
    assert sending.app.test_client().get("/readyz").get_json()["alarms"] == []


def test_an_account_that_goes_on_and_old_news_of_one_are_no_alarm(
    sending: World, sendgrid_sink: SendgridSink
) -> None:
    told_late = status(sending, "compliance_suspend", days=2)
    assert post_events(sending, sendgrid_sink, status(sending, "reactivate"), told_late) == 204
    assert sending.app.test_client().get("/readyz").get_json()["alarms"] == []


def test_whom_sendgrid_has_as_unsubscribed_is_suppressed_at_the_first_drop(
    sending: World, sendgrid_sink: SendgridSink
) -> None:
    sending.register("eve@example.org")
    dropped = event(sending, sendgrid_sink.mails[0].attempt, "dropped", reason="Unsubscribed Address")
    post_events(sending, sendgrid_sink, dropped)
    assert sending.forward(days=1) == 0
    assert only_delivery(sending).state == "failed"
    with sending.runtime.db.read() as session:
        closed = session.scalars(select(Suppression)).one()
    assert (closed.email, closed.why) == ("eve@example.org", "Unsubscribed Address")


def test_a_spent_package_holds_the_line_counts_against_nobody_and_ends_by_itself(
    sending: World, sendgrid_sink: SendgridSink
) -> None:
    sending.register("eve@example.org")
    over = "Recipient List over Package Quota"
    post_events(sending, sendgrid_sink, event(sending, sendgrid_sink.mails[0].attempt, "dropped", reason=over))
    delivery = only_delivery(sending)
    assert (delivery.state, delivery.returns, delivery.refusals) == ("queued", 0, 0)
    with sending.runtime.db.read() as session:
        assert over in str(session.scalar(select(Hold.why)))
    assert sending.step() == 0
    assert sending.forward(minutes=20) == 1
    with sending.runtime.db.read() as session:
        assert session.scalar(select(Hold.id)) is None
    assert only_delivery(sending).state == "accepted"


def test_a_mail_that_keeps_coming_back_is_given_up_and_shown(sending: World, sendgrid_sink: SendgridSink) -> None:
    sending.register("eve@example.org")
    for _ in range(6):
        attempt = sendgrid_sink.mails[-1].attempt
        post_events(sending, sendgrid_sink, event(sending, attempt, "bounce", type="blocked", reason="full"))
        sending.forward(days=1)
    assert only_delivery(sending).state == "failed"
    assert len(sendgrid_sink.mails) == 6
