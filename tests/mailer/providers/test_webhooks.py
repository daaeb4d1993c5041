"""One contract for all webhooks, through the site itself: only what is signed is heard, and it settles doubts."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from course.models import Delivery, Suppression
from mailer.providers.events import EventKind
from mailer.providers.sendgrid.request import ATTEMPT
from mailer.sending.probe import is_wanted
from tests.mailer.providers.postcard.sink import PostcardSink
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.sendgrid_events import EventSigner, told
from tests.support.servers.sendgrid_sink import RESET_AFTER_ACCEPTING, SendgridSink
from tests.support.world.sample_course import write_sample
from tests.support.world.world import World

WAIT = 1800
Post = tuple[bytes, dict[str, str]]


@dataclass(frozen=True)
class Teller:
    """A provider that tells events: how it is set up, and how it says things. `key` names the variable without
    which it is not heard."""

    name: str
    settings: Mapping[str, str]
    key: str
    lose_reply: Callable[[], None]
    attempts: Callable[[], list[str]]
    told: Callable[[str, EventKind, datetime], Post]
    told_by_another: Callable[[str, EventKind, datetime], Post]
    signed: Callable[[bytes], Post]

    def without_key(self) -> dict[str, str]:
        return {name: value for name, value in self.settings.items() if name != self.key}


@pytest.fixture(params=["sendgrid", "postcard"])
def teller(request: pytest.FixtureRequest) -> Teller:
    """A new provider that tells events gets a case here."""
    match request.param:
        case "sendgrid":
            return by_sendgrid(request.getfixturevalue("sendgrid_sink"))
        case _:
            return by_postcard(request.getfixturevalue("postcard_sink"))


def by_sendgrid(sink: SendgridSink) -> Teller:
    words = {"delivered": "delivered", "bounced": "bounce", "complained": "spamreport"}

    def event(attempt: str, kind: EventKind, at: datetime) -> dict[str, object]:
        return told({ATTEMPT: attempt}, words[kind], int(at.timestamp()))

    return Teller(
        name="sendgrid",
        settings={
            "MAIL_URL": "sendgrid:",
            "SENDGRID_API_KEY": sink.key,
            "SENDGRID_API_URL": sink.url,
            "SENDGRID_WEBHOOK_KEY": sink.public_key,
        },
        key="SENDGRID_WEBHOOK_KEY",
        lose_reply=lambda: sink.plan(RESET_AFTER_ACCEPTING),
        attempts=lambda: [mail.attempt for mail in sink.mails],
        told=lambda *what: sink.signed_events([event(*what)]),
        told_by_another=lambda *what: EventSigner().signed_events([event(*what)]),
        signed=sink.signed,
    )


def by_postcard(sink: PostcardSink) -> Teller:
    words = {"delivered": "handed-over", "bounced": "returned", "complained": "annoyed"}
    return Teller(
        name="postcard",
        settings={
            "MAIL_URL": f"postcard:{sink.url}",
            "POSTCARD_KEY": sink.key,
            "POSTCARD_SEAL": sink.seal,
        },
        key="POSTCARD_SEAL",
        lose_reply=lambda: sink.faults.append("reset"),
        attempts=lambda: sink.references,
        told=lambda attempt, kind, at: sink.news(attempt, words[kind], at, for_good=True),
        told_by_another=lambda attempt, kind, at: sink.news(
            attempt, words[kind], at, seal="seal_of_another_sender"
        ),
        signed=sink.signed,
    )


MakeHouse = Callable[[Mapping[str, str]], World]


@pytest.fixture
def site_with(tmp_path: Path, sqlite_url: str, redis_server: RedisServer) -> Iterator[MakeHouse]:
    write_sample(tmp_path / "lessons")
    with ExitStack() as stack:

        def make(settings: Mapping[str, str]) -> World:
            world = World(tmp_path / "var", sqlite_url, redis_server.url, tmp_path / "lessons", **settings)
            return stack.enter_context(closing(world))

        yield make


def in_doubt(world: World, teller: Teller) -> str:
    """Somebody registers; the confirmation is taken, and the reply to it is lost. The attempt's id."""
    teller.lose_reply()
    world.register("eve@example.org")
    assert only_delivery(world).state == "uncertain"
    return teller.attempts()[0]


def only_delivery(world: World) -> Delivery:
    with world.runtime.db.read() as session:
        return session.scalars(select(Delivery)).one()


def suppressed(world: World) -> list[str]:
    with world.runtime.db.read() as session:
        return list(session.scalars(select(Suppression.email)))


def post(world: World, to: str, body: bytes, headers: Mapping[str, str]) -> int:
    return world.app.test_client().post(f"/hooks/{to}", data=body, headers=dict(headers)).status_code


def test_an_event_settles_a_doubt_and_is_recorded_once(site_with: MakeHouse, teller: Teller) -> None:
    world = site_with(teller.settings)
    attempt = in_doubt(world, teller)
    told = teller.told(attempt, "delivered", world.clock.real())
    for _ in range(2):
        assert post(world, teller.name, *told) == 204
    delivery = only_delivery(world)
    assert (delivery.state, delivery.fate, delivery.duplicates) == ("accepted", "delivered", 0)
    assert [(row["kind"], row["attempt_id"]) for row in world.rows()["event"]] == [("delivered", attempt)]
    world.forward(seconds=2 * WAIT)
    assert teller.attempts() == [attempt]


@pytest.mark.parametrize("kind", ["bounced", "complained"])
def test_whom_no_mail_reaches_or_who_complains_gets_none(
    site_with: MakeHouse, teller: Teller, kind: EventKind
) -> None:
    world = site_with(teller.settings)
    world.register("eve@example.org")
    (attempt,) = teller.attempts()
    assert post(world, teller.name, *teller.told(attempt, kind, world.clock.real())) == 204
    assert (only_delivery(world).fate, suppressed(world)) == (kind, ["eve@example.org"])


def test_what_is_not_signed_is_refused_and_leaves_no_row(site_with: MakeHouse, teller: Teller) -> None:
    world = site_with(teller.settings)
    attempt, now = in_doubt(world, teller), world.clock.real()
    body, headers = teller.told(attempt, "delivered", now)
    others = teller.told_by_another(attempt, "delivered", now)
    for posted in ((body, {}), (body + b" ", headers), (body, dict.fromkeys(headers, "ÿ")), others):
        assert post(world, teller.name, *posted) == 403
    assert (only_delivery(world).state, world.rows()["event"]) == ("uncertain", [])


def test_what_is_signed_and_can_never_be_read_is_not_asked_for_again(site_with: MakeHouse, teller: Teller) -> None:
    world = site_with(teller.settings)
    for odd in (b"", b"[", b"7", b'"x"'):
        assert post(world, teller.name, *teller.signed(odd)) == 204, odd


def test_events_that_are_no_concern_of_ours_are_passed_over(site_with: MakeHouse, teller: Teller) -> None:
    world = site_with(teller.settings)
    assert post(world, teller.name, *teller.told("somebody-else's", "delivered", world.clock.real())) == 204
    assert world.rows()["event"] == []


def test_without_its_key_a_provider_is_not_heard_and_silence_says_nothing(
    site_with: MakeHouse, teller: Teller
) -> None:
    world = site_with(teller.without_key())
    attempt = in_doubt(world, teller)
    assert post(world, teller.name, *teller.told(attempt, "delivered", world.clock.real())) == 404
    world.forward(seconds=WAIT)
    world.forward(seconds=1)
    assert len(teller.attempts()) == 2
    delivery = only_delivery(world)
    assert (delivery.state, delivery.duplicates) == ("accepted", 1)


def test_with_its_key_only_evidence_settles_a_doubt(site_with: MakeHouse, teller: Teller) -> None:
    world = site_with(teller.settings)
    in_doubt(world, teller)
    world.forward(days=31)
    assert (only_delivery(world).state, len(teller.attempts())) == ("uncertain", 1)
    with world.runtime.db.read() as session:
        assert is_wanted(world.runtime, session)


def test_a_provider_that_sent_until_now_is_still_heard(site_with: MakeHouse, teller: Teller) -> None:
    """Bounces and complaints come for days after the mail."""
    world = site_with(teller.settings)
    world.register("eve@example.org")
    told = teller.told(teller.attempts()[0], "complained", world.clock.real())
    moved = site_with({teller.key: teller.settings[teller.key]})
    assert moved.runtime.settings.outbox is not None
    assert post(moved, teller.name, *told) == 204
    assert suppressed(moved) == ["eve@example.org"]


@pytest.mark.parametrize("name", ["outbox", "smtp", "pigeon", "SendGrid", "."])
def test_nobody_else_has_a_webhook(site_with: MakeHouse, teller: Teller, name: str) -> None:
    world = site_with(teller.settings)
    assert post(world, name, b"[]", {}) == 404
