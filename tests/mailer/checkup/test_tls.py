"""The TLS of a mail server, looked at on a real one."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from course.checkup import Finding
from mailer.providers.smtp.address import SmtpServer, parse_smtp
from mailer.providers.smtp.tls_look import of_tls
from tests.support.servers.ports import free_port
from tests.support.servers.smtp_sink import SmtpSink, Tls

NOW = datetime.now(UTC)


@pytest.fixture(params=["starttls", "tls"])
def sink(request: pytest.FixtureRequest, servers: None, tmp_path: Path) -> Iterator[SmtpSink]:
    tls: Tls = request.param
    with SmtpSink(tls, tmp_path) as sink:
        yield sink


def trusting(sink: SmtpSink) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(sink.certificate))


def look(server: str | SmtpServer, now: datetime = NOW, context: ssl.SSLContext | None = None) -> Finding:
    [found] = of_tls(parse_smtp(server) if isinstance(server, str) else server, now, context)
    return found


def elsewhere(sink: SmtpSink, tls: Tls) -> SmtpServer:
    """The same server under a name that is not known to be this machine's."""
    return SmtpServer("127.1", sink.port, tls)


def test_a_certificate_is_good_until_it_ends_soon(sink: SmtpSink) -> None:
    found = look(sink.url, NOW - timedelta(days=60), trusting(sink))
    assert (found.state, "TLSv1.3" in found.said) == ("good", True)
    assert look(sink.url, NOW - timedelta(days=15), trusting(sink)).state == "warning"
    found = look(sink.url, NOW - timedelta(hours=1), trusting(sink))
    assert (found.state, "ends in 2 days" in found.said) == ("bad", True)
    assert not sink.mails


def test_one_that_nobody_vouches_for_is_bad(sink: SmtpSink) -> None:
    found = look(sink.url)
    assert (found.state, "self-signed" in found.said, "authority" in found.todo) == ("bad", True, True)


def test_one_of_another_name_is_bad(sink: SmtpSink) -> None:
    found = look(elsewhere(sink, "starttls" if "starttls" in sink.url else "tls"), NOW, trusting(sink))
    assert (found.state, "another name" in found.todo) == ("bad", True)


def test_what_is_asked_for_and_not_offered_is_bad(smtp_sink: SmtpSink) -> None:
    found = look(smtp_sink.url.replace("tls=none", "tls=starttls"))
    assert (found.state, "does not offer STARTTLS" in found.said) == ("bad", True)


def test_in_the_clear_is_well_on_this_machine_alone(smtp_sink: SmtpSink) -> None:
    assert list(of_tls(parse_smtp(smtp_sink.url), NOW)) == []
    found = look(elsewhere(smtp_sink, "none"))
    assert (found.state, "in the clear" in found.said) == ("warning", True)


def test_what_is_offered_and_not_used_is_told(servers: None, tmp_path: Path) -> None:
    with SmtpSink("starttls", tmp_path) as sink:
        found = look(elsewhere(sink, "none"))
    assert (found.state, found.todo) == ("warning", "Write `tls=starttls` in MAIL_URL.")


@pytest.mark.server
def test_a_server_that_is_not_there_is_said_to_be_so() -> None:
    found = look(f"smtp://127.0.0.1:{free_port()}?tls=starttls")
    assert (found.state, "could not be asked" in found.said) == ("warning", True)
