"""SMTP under TLS, and with a password: nothing is said to a server that is not the one meant."""

import ssl
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from mailer.compose.mime import wire_of
from mailer.providers.smtp.address import parse_smtp
from mailer.providers.smtp.provider import Smtp
from tests.support.servers.smtp_client import opened, soon
from tests.support.servers.smtp_sink import SmtpSink, Tls
from tests.support.world.letters import TEMPLATE, letter, letters
from tests.support.world.sendings import count, outcomes

pytestmark = pytest.mark.server


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_mail_travels_under_tls_that_is_verified(tls: Tls, tmp_path: Path) -> None:
    with SmtpSink(tls, tmp_path) as sink:
        trusting = ssl.create_default_context(cafile=sink.certificate)
        with opened(f"{sink.url}&connections=2", trusting) as smtp:
            assert count(outcomes(smtp, letters(30))) == {"accepted": 30}
            assert count(outcomes(smtp, letters(30))) == {"accepted": 30}
        assert sink.connections == 2
        assert len(sink.mails) == 60


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_nothing_is_said_to_a_server_that_is_not_trusted(tls: Tls, tmp_path: Path) -> None:
    with SmtpSink(tls, tmp_path) as sink, opened(sink.url, patience=soon()) as smtp:
        answers = outcomes(smtp, letters(2))
        assert count(answers) == {"refused": 2}
        assert "certificate is not trusted" in answers[0].why
        assert not any(command.startswith(("MAIL", "AUTH")) for command in sink.behaviour.commands)


def test_a_certificate_for_another_name_is_not_trusted(tmp_path: Path) -> None:
    with SmtpSink("tls", tmp_path) as sink:
        trusting = ssl.create_default_context(cafile=sink.certificate)
        # The same server under a name that its certificate does not hold.
        with opened(f"smtp://127.1:{sink.port}?tls=tls", trusting) as smtp:
            (answer,) = outcomes(smtp, [letter(1)])
    assert answer.outcome == "refused"
    assert "not trusted: Hostname mismatch" in answer.why


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_server_without_the_tls_asked_for_gets_nothing(smtp_sink: SmtpSink, tls: Tls) -> None:
    with opened(f"smtp://127.0.0.1:{smtp_sink.port}?tls={tls}", patience=soon()) as smtp:
        assert count(outcomes(smtp, letters(2))) == {"refused": 2}
    assert smtp_sink.mails == []
    assert not any(command.startswith("MAIL") for command in smtp_sink.behaviour.commands)


def test_a_reply_lost_under_tls_is_unknown_too(tmp_path: Path) -> None:
    with SmtpSink("tls", tmp_path) as sink:
        sink.plan("reply", "drop")
        trusting = ssl.create_default_context(cafile=sink.certificate)
        with opened(f"{sink.url}&connections=1", trusting) as smtp:
            assert count(outcomes(smtp, letters(5))) == {"accepted": 4, "unknown": 1}


@pytest.mark.parametrize("tls", ["none", "tls"])
def test_a_mail_larger_than_any_buffer_arrives_whole(tls: Tls, tmp_path: Path) -> None:
    long = letter(1, note="0123456789" * 600_000)
    with SmtpSink(tls, tmp_path) as sink:
        trusting = ssl.create_default_context(cafile=sink.certificate) if sink.certificate else None
        with opened(f"{sink.url}&connections=1", trusting) as smtp:
            assert count(outcomes(smtp, [long, letter(2), long])) == {"accepted": 3}
        assert sink.mails[0].raw == sink.mails[2].raw == wire_of(TEMPLATE).bytes_of(long)


def test_a_user_is_let_in(smtp_sink: SmtpSink) -> None:
    smtp_sink.behaviour.users["ada@example.org"] = "s3cr:t/ü"
    with opened(f"smtp://ada%40example.org:s3cr%3At%2F%C3%BC@127.0.0.1:{smtp_sink.port}") as smtp:
        assert count(outcomes(smtp, letters(3))) == {"accepted": 3}


def test_a_wrong_password_is_tried_once_and_stops_everything(smtp_sink: SmtpSink) -> None:
    smtp_sink.behaviour.users["ada"] = "secret"
    with opened(f"smtp://ada:guess@127.0.0.1:{smtp_sink.port}") as smtp:
        answers = outcomes(smtp, letters(20))
    assert {(answer.outcome, answer.account) for answer in answers} == {("refused", True)}
    assert len([command for command in smtp_sink.behaviour.commands if command.startswith("AUTH")]) == 1


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
def test_a_user_is_let_in_by_whatever_the_server_offers(smtp_sink: SmtpSink, mechanism: str) -> None:
    smtp_sink.behaviour.users["ada"] = "s3cr:t/ü"
    smtp_sink.behaviour.mechanisms = ("GSSAPI", mechanism)
    with opened(f"smtp://ada:s3cr%3At%2F%C3%BC@127.0.0.1:{smtp_sink.port}") as smtp:
        assert count(outcomes(smtp, letters(3))) == {"accepted": 3}


@pytest.mark.parametrize("code", [504, 534, 535])
def test_a_server_that_offers_what_it_refuses_is_asked_for_the_next(smtp_sink: SmtpSink, code: int) -> None:
    smtp_sink.behaviour.users["ada"] = "secret"
    smtp_sink.behaviour.mechanisms = ("PLAIN", "LOGIN")
    smtp_sink.behaviour.no_use["PLAIN"] = code
    with opened(f"smtp://ada:secret@127.0.0.1:{smtp_sink.port}") as smtp:
        assert count(outcomes(smtp, letters(3))) == {"accepted": 3}


def test_a_server_that_asks_for_what_came_with_auth_is_told_again(smtp_sink: SmtpSink) -> None:
    smtp_sink.behaviour.users["ada"] = "secret"
    smtp_sink.behaviour.asks_twice = True
    with opened(f"smtp://ada:secret@127.0.0.1:{smtp_sink.port}") as smtp:
        assert count(outcomes(smtp, letters(3))) == {"accepted": 3}


def test_a_server_that_closes_once_it_has_refused_a_password_has_told_why(smtp_sink: SmtpSink) -> None:
    smtp_sink.behaviour.users["ada"] = "secret"
    smtp_sink.behaviour.mechanisms = ("PLAIN", "LOGIN")
    smtp_sink.behaviour.closes_on_refusal = True
    with opened(f"smtp://ada:guess@127.0.0.1:{smtp_sink.port}") as smtp:
        answers = outcomes(smtp, letters(3))
    assert {(answer.outcome, answer.account) for answer in answers} == {("refused", True)}
    assert answers[0].why == "AUTH PLAIN: 535 5.7.8 not with this"


def test_a_server_that_takes_no_name_is_greeted_by_our_address(smtp_sink: SmtpSink) -> None:
    smtp_sink.behaviour.strict_names = True
    server = replace(parse_smtp(smtp_sink.url), ehlo_name="mail.example.org")
    with closing(Smtp(server)) as smtp:
        assert count(outcomes(smtp, letters(2))) == {"accepted": 2}
    assert smtp_sink.behaviour.commands[:2] == ["EHLO mail.example.org", "EHLO [127.0.0.1]"]
