"""`dayletter doctor` as a whole, where mails leave: with a name server, a mail server and a site of the tests."""

import json
from functools import partial

import dns.resolver
import pytest
from click.testing import CliRunner

from mailer.checkup.time_servers import of_time
from tests.mailer.sender_dns.zones import BLANKS
from tests.support.browser.served import served
from tests.support.names.dns_server import DnsServer
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.settings import SETTINGS
from tests.support.world.world import World
from web.commands import dayletter, doctor

ZONE = {
    "example.org": ["TXT v=spf1 mx ~all", "MX 10 mx.example.org"],
    "mx.example.org": ["A 192.0.2.1"],
    "_dmarc.example.org": ["TXT v=DMARC1; p=none"],
    "mail._domainkey.example.org": [f"TXT v=DKIM1; p={BLANKS['RSA2048']}"],
}
OUTSIDE = {"SPF", "DKIM", "DMARC", "alignment", "MX", "links", "clock", "mail provider"}


@pytest.fixture
def dns_of_all(dns_server: DnsServer, monkeypatch: pytest.MonkeyPatch) -> DnsServer:
    """What every look-up of this process asks."""
    monkeypatch.setattr(dns.resolver, "default_resolver", dns_server.resolver())
    # No test asks the world for the time.
    monkeypatch.setattr(doctor, "of_time", partial(of_time, servers=[]))
    return dns_server


def found(world: World, sink: SmtpSink, *options: str) -> dict[str, set[str]]:
    settings = world.runtime.settings
    with served(world) as url:
        more = {
            "DATABASE_URL": settings.database_url,
            "REDIS_URL": settings.redis_url,
            "VAR_DIR": str(settings.var_dir),
            "LESSONS_DIR": str(settings.lessons_dir),
            "BASE_URL": url,
            "MAIL_URL": sink.url,
        }
        result = CliRunner().invoke(dayletter, ["doctor", "--json", *options], env=SETTINGS | more)
    states: dict[str, set[str]] = {}
    for finding in json.loads(result.stdout):
        states.setdefault(finding["about"], set()).add(finding["state"])
    return states


def test_a_line_in_order_is_good_to_its_end(world: World, smtp_sink: SmtpSink, dns_of_all: DnsServer) -> None:
    dns_of_all.zone = ZONE
    states = found(world, smtp_sink)
    assert [about for about in OUTSIDE if states[about] != {"good"}] == []
    assert not smtp_sink.mails


def test_what_is_wrong_in_dns_is_bad(world: World, smtp_sink: SmtpSink, dns_of_all: DnsServer) -> None:
    dns_of_all.zone = {"example.org": ["TXT v=spf1 include:gone.example ~all", "MX 0 ."]}
    states = found(world, smtp_sink)
    assert [states[about] for about in ("SPF", "DMARC", "MX")] == [{"bad"}] * 3


def test_it_is_bounded_where_no_name_server_answers(
    world: World, smtp_sink: SmtpSink, dns_of_all: DnsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailer.sender_dns.asking.EACH_SECONDS", 0.2)
    dns_of_all.zone = {name: ["SILENT"] for name in ("example.org", "_dmarc.example.org", "org")}
    states = found(world, smtp_sink)
    assert states["SPF"] == states["DMARC"] == states["MX"] == {"warning"}


def test_sending_is_asked_for(world: World, smtp_sink: SmtpSink, dns_of_all: DnsServer) -> None:
    dns_of_all.zone = ZONE
    states = found(world, smtp_sink, "--send")
    assert [states[about] for about in ("sending", "one-click unsubscribe")] == [{"good"}] * 2
    assert [mail.recipients for mail in smtp_sink.mails] == [("answers@example.org",)]
