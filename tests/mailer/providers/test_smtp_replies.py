"""What an SMTP server's replies mean for a letter."""

import re
from typing import NamedTuple

import pytest

from mailer.providers.smtp.reply import Reply, ReplyReader, refusal
from tests.support.project import ROOT

CASE = re.compile(
    r"^== (?P<who>.+), (?P<asked>RCPT|MAIL|after the final dot)\n(?P<said>(?:\d{3}.*\n)+)-> (?P<verdict>\w+): .+$",
    re.M,
)
TABLE = (ROOT / "tests/mailer/smtp_replies.txt").read_text(encoding="utf-8")


class Case(NamedTuple):
    who: str
    asked: str
    said: str
    verdict: str

    def reply(self) -> Reply:
        reader = ReplyReader()
        reader.feed(self.said.replace("\n", "\r\n").encode())
        reply = reader.next()
        assert reply is not None
        assert reader.empty
        return reply


CASES = [Case(*found.group("who", "asked", "said", "verdict")) for found in CASE.finditer(TABLE)]


def test_the_table_is_read_to_its_last_line_and_holds_many_servers() -> None:
    assert len(CASES) == TABLE.count("\n== ")
    assert len({case.said for case in CASES}) >= 80


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.who}: {case.said[:30].strip()}")
def test_what_a_real_servers_reply_means(case: Case) -> None:
    asked = case.asked.removeprefix("after the ")
    answer = refusal("a", asked, case.reply())
    meant = {"permanent": (True, False), "soft": (False, True), "later": (False, False)}[case.verdict]
    assert (answer.outcome, answer.permanent, answer.lasting) == ("refused", *meant)


@pytest.mark.parametrize("code", [530, 534, 535, 538])
def test_a_server_that_does_not_know_us_refuses_the_account(code: int) -> None:
    answer = refusal("a", "MAIL", Reply(code, ("5.7.0 authentication required",)))
    assert (answer.account, answer.permanent) == (True, False)


@pytest.mark.parametrize("asked", ["RSET", "MAIL"])
def test_no_reply_before_the_recipient_is_known_is_about_them(asked: str) -> None:
    assert not refusal("a", asked, Reply(550, ("5.1.1 no such user",))).permanent
    assert refusal("a", "RCPT", Reply(550, ("5.1.1 no such user",))).permanent


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_replies_are_whole_however_they_come(size: int) -> None:
    reader, replies = ReplyReader(), []
    stream = b"250-one\r\n250-two\r\n250 three\r\n354\r\n550 5.1.1 n\xc3\xb6\r\n"
    for at in range(0, len(stream), size):
        reader.feed(stream[at : at + size])
        while reply := reader.next():
            replies.append(reply)
    assert replies == [Reply(250, ("one", "two", "three")), Reply(354, ("",)), Reply(550, ("5.1.1 nö",))]
    assert reader.empty
