"""How an SMTP conversation begins, and the addresses that say with whom."""

import pytest

from mailer.providers.smtp.address import SmtpServer, parse_smtp
from mailer.providers.smtp.opening import START_TLS, Unwilling, opening
from mailer.providers.smtp.reply import Reply


def conversation(address: SmtpServer, *replies: tuple[int, str]) -> list[bytes]:
    talk = opening(address, lambda: "me.example.org")
    commands = [next(talk)]
    for code, words in replies:
        try:
            commands.append(talk.send(Reply(code, tuple(words.split("|")))))
        except StopIteration:
            break
    return commands


PLAIN = SmtpServer("127.0.0.1", 25, "none", user="ada", password="secret")


def test_a_server_without_ehlo_is_greeted_with_helo() -> None:
    address = SmtpServer("127.0.0.1", 25, "none")
    commands = conversation(address, (220, "hi"), (502, "what?"), (250, "hi"))
    assert commands == [b"", b"EHLO me.example.org\r\n", b"HELO me.example.org\r\n"]


def test_login_is_used_where_plain_is_not_offered() -> None:
    offers = (250, "hi|AUTH LOGIN CRAM-MD5")
    commands = conversation(PLAIN, (220, "hi"), offers, (334, "VXNlcm5hbWU6"), (334, "UGFzc3dvcmQ6"), (235, "in"))
    assert commands[2:] == [b"AUTH LOGIN\r\n", b"YWRh\r\n", b"c2VjcmV0\r\n"]


def test_no_password_is_sent_where_no_way_is_offered() -> None:
    with pytest.raises(Unwilling) as no:
        conversation(PLAIN, (220, "hi"), (250, "hi|AUTH GSSAPI"))
    assert no.value.account


@pytest.mark.parametrize(("code", "account"), [(535, True), (534, True), (454, False)])
def test_what_a_refused_password_means(code: int, account: bool) -> None:
    with pytest.raises(Unwilling) as no:
        conversation(PLAIN, (220, "hi"), (250, "hi|AUTH PLAIN"), (code, "no"))
    assert no.value.account is account


def test_under_starttls_the_extensions_are_asked_again() -> None:
    address = SmtpServer("mail.example.org", 587, "starttls", user="ada", password="secret")
    commands = conversation(
        address, (220, "hi"), (250, "hi|STARTTLS"), (220, "go"), (220, ""), (250, "hi|AUTH PLAIN"), (235, "in")
    )
    assert commands == [
        *(b"", b"EHLO me.example.org\r\n", b"STARTTLS\r\n", START_TLS, b"EHLO me.example.org\r\n"),
        b"AUTH PLAIN AGFkYQBzZWNyZXQ=\r\n",
    ]


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("smtp://127.0.0.1", SmtpServer("127.0.0.1", 25, "none")),
        ("smtp://[::1]:2525", SmtpServer("::1", 2525, "none")),
        ("smtp://mail.example.org", SmtpServer("mail.example.org", 587, "starttls")),
        ("smtp://mail.example.org:25", SmtpServer("mail.example.org", 25, "starttls")),
        ("smtp://mail.example.org:465", SmtpServer("mail.example.org", 465, "tls")),
        ("smtp://mail.example.org?tls=tls", SmtpServer("mail.example.org", 465, "tls")),
        ("smtp://mail.example.org?tls=none&connections=8", SmtpServer("mail.example.org", 25, "none", 8)),
        ("smtp://a%40b:p%3A%2F@m.example", SmtpServer("m.example", 587, "starttls", user="a@b", password="p:/")),
    ],
)
def test_addresses_are_understood(url: str, address: SmtpServer) -> None:
    assert parse_smtp(url) == address


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("smtp://", "write `smtp://"),
        ("smtps://mail.example.org", "write `smtp://"),
        ("smtp://m.example?tls=yes", "`tls` is"),
        ("smtp://m.example?connections=0", "`connections` is"),
        ("smtp://m.example?connections=many", "`connections` is"),
        ("smtp://m.example?conections=4", "`conections` is not known"),
        ("smtp://m.example:99999", "write `smtp://"),
        ("smtp://a:b@m.example?tls=none", "never travels without TLS"),
        ("smtp://m.example?tls=yes&connections=0&x=1", "`x` is not known.*`tls` is.*`connections` is"),
    ],
)
def test_wrong_addresses_are_explained(url: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_smtp(url)
