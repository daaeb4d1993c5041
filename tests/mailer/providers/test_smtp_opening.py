"""How an SMTP conversation begins, and the addresses that say with whom."""

import pytest

from course.errors import SettingsError
from mailer.providers.registry import provider_settings
from mailer.providers.smtp.address import SmtpServer, parse_smtp
from mailer.providers.smtp.opening import START_TLS, Unwilling, opening
from mailer.providers.smtp.our_name import our_names
from mailer.providers.smtp.reply import Reply
from mailer.providers.smtp.settings import SmtpSettings
from mailer.settings import load
from tests.support.world.settings import SETTINGS

NAMES = ("me.example.org", "[192.0.2.1]")


def conversation(address: SmtpServer, *replies: tuple[int, str]) -> list[bytes]:
    talk = opening(address, lambda: NAMES)
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


@pytest.mark.parametrize("code", [504, 535, 534, 538, 501])
def test_after_a_no_to_one_way_the_next_is_tried(code: int) -> None:
    offers = (250, "hi|AUTH LOGIN PLAIN")
    replies = ((220, "hi"), offers, (code, "no"), (334, "VXNlcm5hbWU6"), (334, "UGFzc3dvcmQ6"), (235, "in"))
    assert conversation(PLAIN, *replies)[2:] == [
        *(b"AUTH PLAIN AGFkYQBzZWNyZXQ=\r\n", b"AUTH LOGIN\r\n", b"YWRh\r\n", b"c2VjcmV0\r\n")
    ]


def test_the_account_is_blamed_with_all_that_was_said_to_it() -> None:
    offers = (250, "hi|AUTH PLAIN LOGIN")
    replies = ((220, "hi"), offers, (504, "unknown"), (334, "Og=="), (334, "Og=="), (535, "5.7.8 wrong password"))
    with pytest.raises(Unwilling) as no:
        conversation(PLAIN, *replies)
    assert no.value.account
    assert str(no.value) == "AUTH PLAIN: 504 unknown; AUTH LOGIN: 535 5.7.8 wrong password"


@pytest.mark.parametrize(("code", "account"), [(454, False), (421, True)])
def test_a_server_that_cannot_tell_at_the_moment_is_no_judge_and_one_that_ends_the_talk_was(
    code: int, account: bool
) -> None:
    with pytest.raises(Unwilling) as no:
        conversation(PLAIN, (220, "hi"), (250, "hi|AUTH PLAIN LOGIN"), (535, "no"), (code, "later"))
    assert no.value.account is account


def test_what_came_with_auth_is_told_again_to_a_server_that_asks_for_it() -> None:
    commands = conversation(PLAIN, (220, "hi"), (250, "hi|AUTH PLAIN"), (334, ""), (235, "in"))
    assert commands[2:] == [b"AUTH PLAIN AGFkYQBzZWNyZXQ=\r\n", b"AGFkYQBzZWNyZXQ=\r\n"]


def test_a_server_that_asks_for_ever_is_told_that_we_give_up() -> None:
    replies = ((220, "hi"), (250, "hi|AUTH PLAIN"), (334, ""), (334, ""), (501, "cancelled"))
    talk = conversation(PLAIN, *replies[:-1])
    assert talk[-1] == b"*\r\n"
    with pytest.raises(Unwilling, match="501 cancelled"):
        conversation(PLAIN, *replies)


def test_a_challenge_is_signed_where_no_password_may_travel() -> None:
    """The example of RFC 2195, 2."""
    tim = SmtpServer("127.0.0.1", 25, "none", user="tim", password="tanstaaftanstaaf")
    challenge = "PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+"
    commands = conversation(tim, (220, "hi"), (250, "hi|AUTH CRAM-MD5"), (334, challenge), (235, "in"))
    assert commands[-1] == b"dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\r\n"


@pytest.mark.parametrize("lines", ["AUTH=LOGIN|AUTH PLAIN", "AUTH PLAIN|AUTH=LOGIN", "auth plain login"])
def test_what_the_old_form_of_the_offer_says_counts_as_well(lines: str) -> None:
    commands = conversation(PLAIN, (220, "hi"), (250, f"hi|{lines}"), (504, "no"), (334, "Og=="))
    assert commands[3] == b"AUTH LOGIN\r\n"


@pytest.mark.parametrize("code", [501, 504, 550])
def test_a_server_that_does_not_like_our_name_is_told_our_address(code: int) -> None:
    address = SmtpServer("mail.example.org", 587, "starttls")
    replies = ((220, "hi"), (code, "bad name"), (250, "hi|STARTTLS"), (220, "go"), (220, ""), (250, "hi"))
    by_name, by_address = b"EHLO me.example.org\r\n", b"EHLO [192.0.2.1]\r\n"
    assert conversation(address, *replies) == [*(b"", by_name, by_address, b"STARTTLS\r\n", START_TLS, by_address)]


LITERAL = "[192.0.2.1]"


@pytest.mark.parametrize(
    ("chosen", "host", "names"),
    [
        ("", "mail.example.org", ("mail.example.org", LITERAL)),
        ("", "Mail-2.example.org", ("Mail-2.example.org", LITERAL)),
        ("", "mail", (LITERAL,)),
        ("", "my_app_worker_1.default", (LITERAL,)),
        ("", "my app.local", (LITERAL,)),
        ("", "büro.example.org", (LITERAL,)),
        ("", "-x.example.org", (LITERAL,)),
        ("", "10.0.0.7", (LITERAL,)),
        ("", "a..b", (LITERAL,)),
        ("", f"{'x' * 64}.example.org", (LITERAL,)),
        ("out.example.org", "my_app", ("out.example.org", LITERAL)),
        (LITERAL, "mail.example.org", (LITERAL,)),
    ],
)
def test_we_greet_by_a_name_that_is_legal(chosen: str, host: str, names: tuple[str, ...]) -> None:
    assert our_names(chosen, host, LITERAL) == names


@pytest.mark.parametrize(
    "name", ["mail.example.org", "mail", "[192.0.2.1]", "[IPv6:2001:db8::1]", "xn--bcher-kva.example"]
)
def test_a_name_that_is_legal_may_be_chosen(name: str) -> None:
    found = provider_settings(load(SETTINGS | {"MAIL_URL": "smtp://127.0.0.1", "EHLO_NAME": name}))
    assert isinstance(found, SmtpSettings)
    assert found.address.ehlo_name == name


@pytest.mark.parametrize(
    "name",
    ["my_app.example.org", "a b", "bücher.example", "192.0.2.1", "[192.0.2]", "[2001:db8::1]", "a.example.org."],
)
def test_a_name_that_is_not_is_refused_with_what_to_write(name: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load(SETTINGS | {"MAIL_URL": "smtp://127.0.0.1", "EHLO_NAME": name})
    (problem,) = refused.value.problems
    assert problem.startswith("EHLO_NAME: write a host name")
    assert problem.endswith(f", not `{name}`.")


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
        ("smtp://mail.bücher.example", SmtpServer("mail.xn--bcher-kva.example", 587, "starttls")),
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
        ("smtp://user:12#34@host:587", "percent-encode # as %23"),
        ("smtp://m.example/inbox", "only options may follow"),
        ("smtp://exa mple.org", "percent-encode a space"),
        ("smtp://exa%20mple.org", "no name of a host"),
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
