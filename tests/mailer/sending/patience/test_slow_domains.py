"""A mailbox provider that turns our mail back: its own domain waits, and is tried with a few; all others go on."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailer.providers.events import EventKind, ProviderEvent
from mailer.sending.patience.slow_domains import AT_MOST, put_off
from mailer.sending.patience.slowness import ENOUGH, News, Slowness, news, slowed
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.sendgrid_events import told
from tests.support.servers.sendgrid_mail import SendgridMail
from tests.support.servers.sendgrid_sink import SendgridSink
from tests.support.world.sample_course import write_sample
from tests.support.world.world import World

NOON = datetime(2026, 3, 23, 12, tzinfo=UTC)
BLOCKED = "550 5.7.1 the sending network is on our list"


def event(kind: EventKind, second: int, why: str = BLOCKED, email: str = "a@closed.example") -> ProviderEvent:
    return ProviderEvent("a1", kind, NOON + timedelta(seconds=second), False, "", why, {}, email)


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([event("bounced", 1), event("bounced", 2)], News(None, 2, NOON + timedelta(seconds=2))),
        (
            [event("bounced", 2), event("delivered", 1)],
            News(NOON + timedelta(seconds=1), 1, NOON + timedelta(seconds=2)),
        ),
        ([event("bounced", 1), event("delivered", 2)], News(NOON + timedelta(seconds=2))),
        ([event("bounced", 1, "552 5.2.2 mailbox full"), event("deferred", 2)], None),
        ([event("bounced", 1, email="")], None),
    ],
)
def test_what_counts_is_how_many_were_turned_back_since_one_was_delivered(
    events: list[ProviderEvent], said: News | None
) -> None:
    assert news(events) == ({} if said is None else {"closed.example": said})


def test_three_in_a_row_slow_a_domain_and_one_delivered_later_ends_it() -> None:
    one = slowed("closed.example", None, News(None, ENOUGH - 1, NOON), NOON)
    assert one == Slowness(ENOUGH - 1, NOON, NOON)
    slow = slowed("closed.example", one, News(None, 1, NOON), NOON)
    assert slow is not None
    assert slow.tries == ENOUGH
    assert timedelta(minutes=15) <= slow.again_at - NOON <= timedelta(minutes=20)
    later = NOON + timedelta(minutes=1)
    assert slowed("closed.example", slow, News(None, 900, later), later) == slow._replace(since=later)
    assert slowed("closed.example", slow, News(NOON - timedelta(seconds=1)), later) == slow, "told late"
    assert slowed("closed.example", slow, News(later), later) is None


def test_what_was_turned_back_days_ago_counts_no_more() -> None:
    old = Slowness(ENOUGH - 1, NOON - timedelta(days=1), NOON - timedelta(days=1))
    assert slowed("closed.example", old, News(None, 1, NOON), NOON) == Slowness(1, NOON, NOON)


@dataclass
class Sending:
    world: World
    sink: SendgridSink

    def register(self, *names: str, at: str) -> None:
        for name in names:
            self.world.register(f"{name}@{at}")

    def tell(self, mails: Sequence[SendgridMail], kind: str, **more: object) -> None:
        at = int(self.world.clock.real().timestamp())
        events = [told(mail.custom_args, kind, at, email=mail.to, **more) for mail in mails]
        body, headers = self.sink.signed_events(events, at)
        assert self.world.app.test_client().post("/hooks/sendgrid", data=body, headers=headers).status_code == 204

    def went_to(self, at: str) -> list[str]:
        return [mail.to.partition("@")[0] for mail in self.sink.mails if mail.to.endswith(f"@{at}")]


@pytest.fixture
def sending(
    tmp_path: Path, database_url: str, redis_server: RedisServer, sendgrid_sink: SendgridSink
) -> Iterator[Sending]:
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
        yield Sending(world, sendgrid_sink)


def test_a_blocking_provider_slows_only_its_own_domain_and_is_tried_with_a_few(sending: Sending) -> None:
    sending.register("a", "b", "c", at="closed.example")
    sending.tell(sending.sink.mails, "bounce", type="blocked", reason=BLOCKED)
    sending.register(*"defghij", at="closed.example")
    sending.register("x", "y", at="open.example")
    assert sending.went_to("closed.example") == ["a", "b", "c"]
    assert sending.went_to("open.example") == ["x", "y"]
    alarms = sending.world.app.test_client().get("/readyz").get_json()["alarms"]
    assert any("mailbox provider" in alarm for alarm in alarms)
    sending.world.forward(minutes=20)
    tried = len(sending.went_to("closed.example")) - 3
    assert 1 <= tried <= AT_MOST
    sending.tell(sending.sink.mails[-tried:], "bounce", type="blocked", reason=BLOCKED)
    sending.world.forward(minutes=20)
    assert len(sending.went_to("closed.example")) == 3 + tried, "the next trial is later"
    sending.world.forward(minutes=20)
    assert len(sending.went_to("closed.example")) > 3 + tried


def test_of_a_thousand_mails_a_few_try_a_slow_domain(sending: Sending) -> None:
    sending.register("a", "b", "c", at="closed.example")
    sending.tell(sending.sink.mails, "bounce", type="blocked", reason=BLOCKED)
    sending.world.clock.forward(minutes=20)
    mails = {f"delivery-{n}": f"{n}@{'open' if n % 2 else 'CLOSED'}.example" for n in range(1000)}
    for few in (AT_MOST, 0):
        with sending.world.runtime.db.write() as session:
            waiting = put_off(session, mails, sending.world.clock.real())
        assert len(waiting) == 500 - few
        assert {mails[delivery].partition("@")[2] for delivery in waiting} == {"CLOSED.example"}


def test_once_a_mail_is_delivered_the_domain_is_as_any_other(sending: Sending) -> None:
    sending.register("a", "b", "c", at="closed.example")
    sending.tell(sending.sink.mails, "bounce", type="blocked", reason=BLOCKED)
    sending.register(*"defghijk", at="closed.example")
    sending.world.forward(minutes=20)
    sending.tell(sending.sink.mails[-1:], "delivered")
    sending.world.forward(hours=1)
    assert sorted(set(sending.went_to("closed.example"))) == list("abcdefghijk")
    sending.register("z", at="closed.example")
    assert sending.went_to("closed.example")[-1] == "z"


def test_a_day_without_a_word_ends_it_where_no_delivered_mails_are_told(sending: Sending) -> None:
    sending.register("a", "b", "c", at="closed.example")
    sending.tell(sending.sink.mails, "bounce", type="blocked", reason=BLOCKED)
    sending.register(*"defghijklmnop", at="closed.example")
    sending.world.clock.forward(days=1, minutes=1)
    sending.world.step()
    assert sorted(set(sending.went_to("closed.example"))) == list("abcdefghijklmnop")
