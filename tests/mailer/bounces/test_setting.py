"""MAIL_BOUNCES, as people write it, and the command for a pipe."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from course.errors import SettingsError
from mailer.checkup.line import of_mailbox
from mailer.return_path import parse_mailbox
from mailer.runtime import own_mailbox
from mailer.settings import load
from tests.mailer.bounces.conftest import Open
from tests.mailer.bounces.imap_server import ImapServer
from tests.mailer.bounces.test_heard import ADA, PIPED, lesson_sent, report, struck_off
from tests.mailer.bounces.test_reports import BY_NAME
from tests.support.world.settings import SETTINGS

ID = "0123456789abcdef" * 2
SMTP = SETTINGS | {"MAIL_URL": "smtp://127.0.0.1:25"}


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("imaps://bounces%40example.net:x@mail.example.com/INBOX", "bounces@example.net"),
        ("imap://bounces:x@mail.example.com", "bounces@example.org"),
        ("imap://u17:x@mail.example.com?address=back@example.net", "back@example.net"),
        ("mailto:bounces@bücher.example", "bounces@xn--bcher-kva.example"),
    ],
)
def test_the_address_to_which_mail_comes_back(url: str, address: str) -> None:
    mailbox = own_mailbox(load(SMTP | {"MAIL_BOUNCES": url}))
    assert mailbox is not None
    assert mailbox.address == address
    assert mailbox.attempt_in(f"To: <{mailbox.return_path(ID).upper()}>") == ID


def test_without_the_setting_there_is_none() -> None:
    assert own_mailbox(load(SMTP)) is None


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("imaps://mail.example.org", "write `imaps://"),
        ("pop3://bounces:sec@mail.example.org", "write `imaps://"),
        ("bounces@example.org", "write `imaps://"),
        ("imaps://bounces:se#cret@mail.example.org", "percent-encode #"),
        ("imaps://bounces:se/cret@mail.example.org", "percent-encode /"),
        ("imaps://bounces:100%@mail.example.org", "percent-encode %"),
        ("imaps://bounces:x@mail.example.org?tls=none", "`tls` is not known"),
        ("mailto:nobody", "This address cannot be right"),
        (f"mailto:{'b' * 32}@example.org", "may have 31 signs"),
    ],
)
def test_what_is_wrong_with_it_is_told_with_all_else(url: str, told: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load(SMTP | {"MAIL_BOUNCES": url, "CLOCK": "noon"})
    mine, other = sorted(refused.value.problems, key=lambda problem: not problem.startswith("MAIL_BOUNCES"))
    assert mine.startswith("MAIL_BOUNCES: ")
    assert told in mine
    assert not any(secret in mine for secret in ("cret", "100%", "sec@"))
    assert other.startswith("CLOCK")


@pytest.mark.parametrize(
    "text", [f"x-bounces+{ID}@example.org", f"bounces+{ID[:-1]}@example.org", f"{ID}@example.org"]
)
def test_what_only_looks_like_a_return_path_names_no_attempt(text: str) -> None:
    assert parse_mailbox(PIPED, "").attempt_in(text) == ""


def piped(environment: Mapping[str, str], mail: bytes) -> tuple[int, str]:
    command = [str(Path(sys.executable).with_name("dayletter")), "bounce"]
    done = subprocess.run(command, input=mail, env=dict(environment), capture_output=True, timeout=60)
    return done.returncode, done.stdout.decode() + done.stderr.decode()


def test_a_pipe_takes_bounces_and_all_else(open_world: Open) -> None:
    world = open_world(PIPED)
    settings = world.runtime.settings
    places = {"DATABASE_URL": settings.database_url, "VAR_DIR": str(settings.var_dir)}
    environment = SMTP | places | {"MAIL_BOUNCES": PIPED}
    code, said = piped(environment, report("qmail", lesson_sent(world)))
    assert (code, said) == (0, "It is a report: bounced for good; recorded.\n")
    assert struck_off(world) == [ADA]
    for mail in (b"", b"\xff\x00", b"Subject: hello\n\nIs anybody there?\n"):
        assert piped(environment, mail) == (0, "It is no report on a mail; nothing was changed.\n")
    mail = BY_NAME["qmail"].raw
    code, said = piped(environment | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, mail)
    assert code == 75
    assert "Not now" in said
    assert piped(environment | {"MAIL_BOUNCES": "nonsense"}, mail)[0] == 75


def test_doctor_says_whether_the_mailbox_lets_us_in(imap_server: ImapServer) -> None:
    [good] = of_mailbox(parse_mailbox(imap_server.url, ""))
    assert (good.state, good.about) == ("good", "bounces")
    assert "bounces+ID@example.org" in good.said
    imap_server.stop()
    [bad] = of_mailbox(parse_mailbox(imap_server.url, ""))
    assert bad.state == "bad"
    assert "MAIL_BOUNCES" in bad.todo
    assert [found.state for found in of_mailbox(parse_mailbox(PIPED, ""))] == ["good"]
    assert list(of_mailbox(None)) == []
