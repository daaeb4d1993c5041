"""One contract for all ways in which mail leaves."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cached_property
from html import escape
from pathlib import Path

import pytest

from course.errors import SettingsError
from mailer.compose.message import Letter
from mailer.providers.answer import Answer
from mailer.providers.contract import Provider
from mailer.providers.outbox import Outbox
from mailer.providers.registry import open_provider
from mailer.providers.sendgrid.provider import SendGrid
from mailer.providers.smtp.provider import Smtp
from mailer.settings import load
from tests.mailer.providers.postcard.sink import PostcardSink
from tests.support.servers.sendgrid_sink import SendgridSink
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.letters import HOSTILE_NAME, MOMENT, TEMPLATE, letter, letters

ONCE = (
    *("Message-ID", "Date", "From", "To", "Subject", "Reply-To", "MIME-Version", "X-Dayletter-Delivery"),
    *("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID"),
)


@dataclass(frozen=True)
class Way:
    """A provider, as its settings open it, and the mails that arrived at its other end."""

    settings: dict[str, str]
    arrived: Callable[[], list[bytes]]

    @cached_property
    def provider(self) -> Provider:
        return open_provider(load(REAL | self.settings))

    def send(self, *letters: Letter) -> list[Answer]:
        return list(self.provider.send(TEMPLATE, letters))

    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=default) for raw in self.arrived()]


WAYS = ("outbox", "smtp", "sendgrid", "postcard")


@pytest.fixture(params=WAYS)
def way(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    smtp_sink: SmtpSink,
    sendgrid_sink: SendgridSink,
    postcard_sink: PostcardSink,
) -> Iterator[Way]:
    """A new provider gets a case here, and its name in `WAYS`."""
    settings: dict[str, str]
    match request.param:
        case "outbox":
            folder = tmp_path / "outbox"
            settings = {"MAIL_URL": f"outbox:{folder}"}
            made = Way(settings, lambda: [file.read_bytes() for file in sorted(folder.glob("*"))])
        case "smtp":
            settings = {"MAIL_URL": smtp_sink.url}
            made = Way(settings, lambda: [mail.raw for mail in smtp_sink.mails])
        case "sendgrid":
            key, url = sendgrid_sink.key, sendgrid_sink.url
            settings = {"MAIL_URL": "sendgrid:", "SENDGRID_API_KEY": key, "SENDGRID_API_URL": url}
            made = Way(settings, lambda: [mail.raw for mail in sendgrid_sink.mails])
        case _:
            settings = {"MAIL_URL": f"postcard:{postcard_sink.url}", "POSTCARD_KEY": postcard_sink.key}
            made = Way(settings, lambda: postcard_sink.mails)
    yield made
    made.provider.close()


def lines(text: str) -> list[str]:
    """A mail says nothing about how the last line of a part ends."""
    return text.replace("\r\n", "\n").rstrip("\n").split("\n")


def content(mail: EmailMessage, kind: str) -> list[str]:
    part = mail.get_body((kind,))
    assert part is not None
    return lines(part.get_content())


def test_every_letter_has_one_answer(way: Way) -> None:
    sent = letters(25)
    answers = way.send(*sent)
    assert Counter(answer.attempt for answer in answers) == Counter(one.attempt for one in sent)
    assert {answer.outcome for answer in answers} == {"accepted"}
    assert len(way.mails()) == 25


def test_no_letters_no_answers(way: Way) -> None:
    assert way.send() == []


@pytest.mark.parametrize(
    "slots",
    [
        {},
        {"name": HOSTILE_NAME},
        {"name": "Zoë\u2028\u202e Ünïcødé 学习者"},
        {"note": "two\nlines\n.and a dot\n\n."},
        {"note": "{{ name }} {{{link}}} %s ${x} <%= 1 %> -name- [unsubscribe] %name%"},
        {"note": "x" * 2000},
        {"note": "ü " * 1000},
        {"note": '"' * 2000},
        {"note": " = ends with spaces =20 = \t "},
        {"note": ""},
        {"name": "=?utf-8?q?=0d=0aBcc:_eve@example.org?="},
        {"name": "Ada\r\nBcc: eve@example.org\r\n\r\nbody"},
        {"name": "N" * 300},
        {"name": "long " * 60},
    ],
    ids=lambda slots: ascii(next(iter(slots.values()), "plain"))[:24],
)
def test_what_arrives_is_the_filled_template(way: Way, slots: dict[str, str]) -> None:
    sent = letter(7, **slots)
    assert [answer.outcome for answer in way.send(sent)] == ["accepted"]
    (mail,) = way.mails()
    assert not [defect for part in mail.walk() for defect in part.defects]
    assert {name: len(mail.get_all(name, [])) for name in ONCE} == dict.fromkeys(ONCE, 1)
    assert (mail["Bcc"], mail["Cc"]) == (None, None)
    assert mail["To"].addresses[0].addr_spec == sent.email
    assert mail["From"].addresses[0].display_name == "Kürs, daily"
    assert mail["Reply-To"].addresses[0].addr_spec == "replies@example.org"
    assert (mail["Message-ID"], mail["X-Dayletter-Delivery"]) == (sent.message_id, sent.delivery)
    assert mail["Date"].datetime == MOMENT
    assert mail["List-Id"] == '"Course" <course.example.org>'
    assert mail["List-Unsubscribe"].split() == [f"<{sent.slots['link']}>"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    name = " ".join("".join(c if c.isprintable() else " " for c in sent.slots["name"]).split())
    assert mail["Subject"].replace("= ?", "=?") == f"Grüße, {name} – day 1 of 5"
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    escaped = {slot: escape(value) for slot, value in sent.slots.items()}
    assert content(mail, "plain") == lines(TEMPLATE.text.filled(sent.slots).replace("\r\n", "\n"))
    assert content(mail, "html") == lines(TEMPLATE.html.filled(escaped).replace("\r\n", "\n"))


def test_nobody_receives_what_belongs_to_another(way: Way) -> None:
    way.send(*letters(30))
    for mail in way.mails():
        number = mail["To"].addresses[0].username.removeprefix("learner")
        assert content(mail, "plain")[0] == f"Dear Learner {number},"
        assert f"/unsubscribe/{int(number):040}" in "".join(content(mail, "html"))


def test_a_second_sending_keeps_the_ids(way: Way) -> None:
    for _ in range(2):
        assert [answer.outcome for answer in way.send(letter(3))] == ["accepted"]
    assert {(mail["Message-ID"], mail["X-Dayletter-Delivery"]) for mail in way.mails()} == {
        ("<3.abc@example.org>", "delivery-3")
    }


def test_a_learner_may_have_two_letters_in_one_batch(way: Way) -> None:
    answers = way.send(letter(1, "ada@example.org"), letter(2, "ADA@example.org"), letter(3))
    assert [answer.outcome for answer in answers] == ["accepted"] * 3
    assert len(way.mails()) == 3


@pytest.mark.parametrize(
    "email",
    ["bób@example.org", "bob@exämple.org", "bob> RSET@example.org", "bob@example.org\r\nDATA", "bob", "a b@c.org"],
)
def test_an_address_that_mail_cannot_carry_costs_only_itself(way: Way, email: str) -> None:
    answers = {answer.attempt: answer for answer in way.send(letter(1), letter(2, email), letter(3))}
    assert (answers["attempt-2"].outcome, answers["attempt-2"].permanent) == ("refused", True)
    assert [answers[f"attempt-{number}"].outcome for number in (1, 3)] == ["accepted"] * 2
    assert len(way.mails()) == 2


def test_a_letter_is_announced_before_it_may_be_taken(way: Way) -> None:
    announced: list[str] = []

    def begin(attempts: Sequence[str]) -> None:
        taken = [mail["Message-ID"] for mail in way.mails()]
        assert not any(f"<{a.removeprefix('attempt-')}.abc@example.org>" in taken for a in attempts)
        announced.extend(attempts)

    answers = list(way.provider.send(TEMPLATE, letters(20), begin))
    assert {answer.attempt for answer in answers} == set(announced)


def test_nothing_is_sent_when_it_cannot_be_announced(way: Way) -> None:
    def begin(attempts: Sequence[str]) -> None:
        raise OSError("the journal's disk is full")

    with pytest.raises(OSError, match="disk is full"):
        list(way.provider.send(TEMPLATE, letters(5), begin))
    assert way.mails() == []


@pytest.mark.parametrize("allowed", [0, 3])
def test_when_no_more_may_begin_those_that_have_are_answered_first(way: Way, allowed: int) -> None:
    announced: list[str] = []

    def begin(attempts: Sequence[str]) -> None:
        if len(announced) >= allowed:
            raise EOFError("no more")
        announced.extend(attempts)

    answered: list[str] = []
    with pytest.raises(EOFError, match="no more"):
        for answer in way.provider.send(TEMPLATE, letters(1010), begin):
            answered.append(answer.attempt)
    assert sorted(answered) == sorted(announced)
    assert len(way.arrived()) == len(announced)
    assert way.send(letter(2000))[0].outcome == "accepted"


def test_it_can_be_closed_twice(way: Way) -> None:
    way.send(letter(1))
    way.provider.close()
    way.provider.close()


def test_only_the_outbox_knows_what_it_took(way: Way) -> None:
    way.send(letter(1))
    knows = isinstance(way.provider, Outbox)
    assert way.provider.has("delivery-1") is (True if knows else None)
    assert way.provider.has("delivery-2") is (False if knows else None)


def test_an_outbox_holds_one_whole_file_for_each_delivery(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "when needed"
    outbox = Outbox(folder)
    list(outbox.send(TEMPLATE, [letter(1), letter(1, name="Ada"), letter(2)]))
    assert sorted(file.name for file in folder.iterdir()) == ["delivery-1.eml", "delivery-2.eml"]
    mail = message_from_bytes((folder / "delivery-1.eml").read_bytes(), policy=default)
    assert isinstance(mail, EmailMessage)
    assert content(mail, "plain")[0] == "Dear Ada,"


def test_an_outbox_that_cannot_write_refuses_for_now(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("a file stands where the folder should be")
    (answer,) = Outbox(tmp_path / "folder").send(TEMPLATE, [letter(1)])
    assert (answer.outcome, answer.permanent, answer.account) == ("refused", False, False)
    (tmp_path / "taken" / "delivery-1.eml").mkdir(parents=True)
    (answer,) = Outbox(tmp_path / "taken").send(TEMPLATE, [letter(1)])
    assert answer.outcome == "refused"
    assert [file.name for file in (tmp_path / "taken").iterdir()] == ["delivery-1.eml"]


REAL = {
    "MAIL_FROM": "a@example.org",
    "MAIL_REPLY_TO": "a@example.org",
    "POSTAL_ADDRESS": "1 Street",
    "SECRET_KEY": "x" * 32,
}


@pytest.mark.parametrize(
    ("environ", "kind"),
    [
        ({}, Outbox),
        ({"MAIL_URL": "outbox:/tmp/somewhere"}, Outbox),
        ({"MAIL_URL": "smtp://127.0.0.1:25"}, Smtp),
        ({"MAIL_URL": "sendgrid:", "SENDGRID_API_KEY": "SG.x"}, SendGrid),
    ],
)
def test_the_mail_url_chooses_the_provider(environ: dict[str, str], kind: type) -> None:
    assert isinstance(open_provider(load(REAL | environ)), kind)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("smtp://mail.example.org?tls=maybe", "`tls` is"),
        ("smtp://me:secret@mail.example.org?tls=none", "never travels without TLS"),
    ],
)
def test_what_is_wrong_with_a_mail_server_is_told_with_the_other_settings(url: str, problem: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load(REAL | {"MAIL_URL": url, "TRACKING": "maybe"})
    of_mail, of_tracking = refused.value.problems
    assert re.match(f"MAIL_URL: .*{problem}", of_mail)
    assert of_tracking.startswith("TRACKING: ")
