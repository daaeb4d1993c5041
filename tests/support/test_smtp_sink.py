"""The SMTP sink keeps what it took, and fails exactly where it was told to."""

import smtplib
import socket
import ssl
import time
from pathlib import Path

import pytest

from tests.support.servers.smtp_session import Step
from tests.support.servers.smtp_sink import SmtpSink, Tls
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.server

MAIL = b"Subject: Day 1\r\n\r\n.A line with a dot\r\n"


def send(sink: SmtpSink, *recipients: str) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=PATIENCE) as client:
        return client.sendmail("course@example.org", recipients or ("ada@example.org",), MAIL)


def converse(sink: SmtpSink, sent: bytes) -> bytes:
    """Everything in one write, as a pipelining client does; then all that comes back until the end."""
    with socket.create_connection(("127.0.0.1", sink.port), timeout=PATIENCE) as connection:
        connection.sendall(sent)
        return b"".join(iter(lambda: connection.recv(4096), b""))


def test_mails_are_kept_in_order_and_byte_for_byte(smtp_sink: SmtpSink) -> None:
    send(smtp_sink, "ada@example.org", "bob@example.org")
    send(smtp_sink, "cleo@example.org")
    first, second = smtp_sink.mails
    assert (first.sender, first.recipients) == ("course@example.org", ("ada@example.org", "bob@example.org"))
    assert first.raw == MAIL
    assert (first.connection, second.connection) == (1, 2)
    assert first.received_at <= second.received_at <= time.time()


def test_pipelined_commands_are_answered_one_by_one(smtp_sink: SmtpSink) -> None:
    answers = converse(
        smtp_sink,
        b"EHLO me\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"
        b"Hello\r\n.\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<c@example.org>\r\nDATA\r\n"
        b"Again\r\n.\r\nQUIT\r\n",
    )
    assert b"PIPELINING" in answers
    assert [line[:3] for line in answers.splitlines()[-9:]] == [
        *(b"250", b"250", b"354", b"250"),
        *(b"250", b"250", b"354", b"250"),
        b"221",
    ]
    assert [mail.raw for mail in smtp_sink.mails] == [b"Hello\r\n", b"Again\r\n"]


def test_pipelining_is_not_advertised_when_switched_off(smtp_sink: SmtpSink) -> None:
    smtp_sink.behaviour.pipelining = False
    assert b"PIPELINING" not in converse(smtp_sink, b"EHLO me\r\nQUIT\r\n")


def test_one_refused_recipient_leaves_the_others(smtp_sink: SmtpSink) -> None:
    smtp_sink.behaviour.refused["bob@example.org"] = "550 nobody here"
    refused = send(smtp_sink, "ada@example.org", "bob@example.org")
    assert refused == {"bob@example.org": (550, b"nobody here")}
    assert smtp_sink.mails[0].recipients == ("ada@example.org",)


@pytest.mark.parametrize(("step", "code"), [("mail", 451), ("data", 452), ("dot", 451), ("mail", 421)])
def test_a_planned_refusal_happens_once(smtp_sink: SmtpSink, step: Step, code: int) -> None:
    smtp_sink.plan(step, code)
    with pytest.raises(smtplib.SMTPException, match=str(code)):
        send(smtp_sink)
    assert smtp_sink.mails == []
    send(smtp_sink)
    assert len(smtp_sink.mails) == 1


@pytest.mark.parametrize(("step", "taken"), [("greeting", 0), ("body", 0), ("dot", 0), ("reply", 1)])
def test_a_dropped_connection_takes_the_mail_only_after_the_last_dot(
    smtp_sink: SmtpSink, step: Step, taken: int
) -> None:
    smtp_sink.plan(step, "drop")
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        send(smtp_sink)
    assert len(smtp_sink.mails) == taken


def test_a_hanging_server_does_not_hold_up_the_end_of_a_test(smtp_sink: SmtpSink) -> None:
    smtp_sink.plan("reply", "hang")
    with (
        pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"),
        smtplib.SMTP("127.0.0.1", smtp_sink.port, timeout=0.1) as client,
    ):
        client.sendmail("course@example.org", ["ada@example.org"], MAIL)
    assert len(smtp_sink.mails) == 1


def test_the_greeting_can_be_late(smtp_sink: SmtpSink) -> None:
    smtp_sink.behaviour.greeting_delay = 0.2
    began = time.monotonic()
    send(smtp_sink)
    assert time.monotonic() - began >= 0.2


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_mail_travels_under_tls_when_its_certificate_is_trusted(tls: Tls, tmp_path: Path) -> None:
    with SmtpSink(tls, tmp_path) as sink:
        sink.behaviour.users["ada"] = "secret"
        context = ssl.create_default_context(cafile=sink.certificate)
        client = (
            smtplib.SMTP("127.0.0.1", sink.port)
            if tls == "starttls"
            else smtplib.SMTP_SSL("127.0.0.1", sink.port, context=context)
        )
        with client:
            if tls == "starttls":
                client.starttls(context=context)
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.login("ada", "guess")
            client.login("ada", "secret")
            client.sendmail("course@example.org", ["ada@example.org"], MAIL)
        assert len(sink.mails) == 1
