"""`doctor --send`: the whole line, proved with real servers."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from course.models import Probe
from course.settings import Settings
from mailer.checkup.proof import prove
from mailer.checkup.waiting import Waiting
from mailer.providers.registry import provider_settings
from mailer.settings import load
from tests.mailer.bounces.imap_server import ImapServer
from tests.support.browser.served import served
from tests.support.names.dns_server import DnsServer
from tests.support.servers.ports import free_port
from tests.support.servers.sendgrid_sink import SendgridSink
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.waiting import PATIENCE
from tests.support.world.settings import SETTINGS
from tests.support.world.world import World

KEY = generate_private_key(65537, 2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
RESULTS = b"Authentication-Results: mx.example.org; dkim=pass header.d=example.org; spf=pass; dmarc=pass\r\n"
States = list[tuple[str, str]]


def line(world: World, base_url: str, **more: str) -> Settings:
    """The world's settings, with another way for mails to leave."""
    settings = world.runtime.settings
    return replace(load(SETTINGS | more), base_url=base_url, database_url=settings.database_url)


def proved(settings: Settings, dns: DnsServer | None = None, **patience: float) -> States:
    said: list[str] = []
    waiting = Waiting(
        said.append, **{"arrival": PATIENCE, "event": PATIENCE, "look": 0.05, "word": 0.0} | patience
    )
    found = list(prove(settings, waiting, dns.resolver() if dns else None))
    assert all(one.todo for one in found if one.state != "good"), found
    assert said
    return [(one.about, one.state) for one in found]


@contextmanager
def carried(sink: SmtpSink, imap: ImapServer, way: Callable[[bytes], bytes]) -> Iterator[None]:
    """What the mail server takes for the return path is put into the mailbox, as the way makes it."""
    ended = threading.Event()

    def carry() -> None:
        done = 0
        while not ended.wait(0.02):
            for mail in sink.mails[done:]:
                done += 1
                if any(recipient.startswith("bounces+") for recipient in mail.recipients):
                    imap.deliver(way(mail.raw))

    thread = threading.Thread(target=carry)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def as_it_is(mail: bytes) -> bytes:
    return RESULTS + mail


def with_a_footer(mail: bytes) -> bytes:
    return RESULTS.replace(b"pass", b"fail") + mail + b"-- \r\nA footer of the company.\r\n"


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        (as_it_is, [("signature", "good"), ("as received", "good")]),
        (with_a_footer, [("signature", "bad"), ("as received", "bad")]),
    ],
)
def test_a_mail_is_followed_until_it_is_read(
    world: World,
    smtp_sink: SmtpSink,
    imap_server: ImapServer,
    dns_server: DnsServer,
    way: Callable[[bytes], bytes],
    expected: States,
) -> None:
    before = world.rows()
    more = {"MAIL_URL": smtp_sink.url, "MAIL_BOUNCES": imap_server.url, "DKIM_KEY": PEM, "DKIM_SELECTOR": "day1"}
    with served(world) as url, carried(smtp_sink, imap_server, way):
        settings = line(world, url, **more)
        key = provider_settings(settings).sender_dns.key
        dns_server.zone = {"day1._domainkey.example.org": [f"TXT v=DKIM1; k=rsa; p={key}"]}
        found = proved(settings, dns_server)
    to_us = [("sending", "good"), ("one-click unsubscribe", "good")]
    assert found == [*to_us, ("return path", "good"), *expected]
    assert smtp_sink.mails[0].recipients == ("answers@example.org",)
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in smtp_sink.mails[0].raw
    assert (world.rows(), imap_server.unread()) == (before, 0)


def test_where_no_mailbox_is_read_the_rest_is_proved(world: World, smtp_sink: SmtpSink) -> None:
    with served(world) as url:
        found = proved(line(world, url, MAIL_URL=smtp_sink.url))
    assert found == [("sending", "good"), ("one-click unsubscribe", "good"), ("signature", "warning")]


def test_a_mail_that_does_not_arrive_and_links_that_lead_nowhere_are_told(
    world: World, smtp_sink: SmtpSink, imap_server: ImapServer
) -> None:
    settings = line(world, f"http://127.0.0.1:{free_port()}", MAIL_URL=smtp_sink.url, MAIL_BOUNCES=imap_server.url)
    found = proved(settings, arrival=0.1)
    assert found == [("sending", "good"), ("one-click unsubscribe", "bad"), ("return path", "warning")]


def test_a_site_with_another_secret_does_not_know_the_link(world: World, smtp_sink: SmtpSink) -> None:
    with served(world) as url:
        found = proved(
            line(world, url, MAIL_URL=smtp_sink.url, SECRET_KEY="another secret of thirty-two characters")
        )
    assert ("one-click unsubscribe", "bad") in found


def test_a_server_that_takes_nothing_ends_it_soon(world: World) -> None:
    with served(world) as url:
        found = proved(line(world, url, MAIL_URL=f"smtp://127.0.0.1:{free_port()}"))
    assert found == [("sending", "bad"), ("one-click unsubscribe", "good")]


@pytest.mark.parametrize(("is_heard", "state"), [(True, "good"), (False, "bad")])
def test_the_event_of_a_provider_that_tells_is_waited_for(
    world: World, sendgrid_sink: SendgridSink, is_heard: bool, state: str
) -> None:
    def hear() -> None:
        while not ended.wait(0.02):
            with world.runtime.db.write() as session:
                for probe in session.query(Probe):
                    probe.heard_at = world.clock.real()

    ended, more = threading.Event(), sendgrid_settings(sendgrid_sink)
    thread = threading.Thread(target=hear)
    with served(world) as url:
        if is_heard:
            thread.start()
        try:
            found = proved(line(world, url, **more), event=PATIENCE if is_heard else 0.1)
        finally:
            ended.set()
            if is_heard:
                thread.join()
    assert found[-1] == ("events", state)


def sendgrid_settings(sink: SendgridSink) -> dict[str, str]:
    webhook = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE" + "A" * 86 + "=="
    return {
        "MAIL_URL": "sendgrid:",
        "SENDGRID_API_URL": sink.url,
        "SENDGRID_API_KEY": sink.key,
        "SENDGRID_WEBHOOK_KEY": webhook,
    }
