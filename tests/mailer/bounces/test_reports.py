"""What the mails mean that come to a mailbox for bounces."""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from mailer.bounces.parts import MOST_BYTES
from mailer.bounces.understand import understand
from mailer.return_path import parse_mailbox
from tests.mailer.providers.test_smtp_replies import CASES as REPLIES
from tests.mailer.providers.test_smtp_replies import Case as Answered
from tests.support.project import ROOT

ATTEMPT, DELIVERY = "0123456789abcdef" * 2, "fedcba9876543210" * 2
MAILBOX = parse_mailbox("imaps://bounces%40example.org:secret@mail.example.org", "")
NOW = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)
CASE = re.compile(r"^== (?P<who>.+)\n-> (?P<verdict>[a-z ]+): .+\n(?P<mail>(?:(?!== ).*\n)*)", re.M)
TABLE = (ROOT / "tests/mailer/bounces/reports.txt").read_text(encoding="utf-8")


class Case(NamedTuple):
    who: str
    verdict: str
    mail: str

    @property
    def raw(self) -> bytes:
        filled = self.mail.replace("{id}", ATTEMPT).replace("{mail}", DELIVERY)
        return filled.encode()


CASES = [Case(*found.group("who", "verdict", "mail")) for found in CASE.finditer(TABLE)]
BY_NAME = {case.who: case for case in CASES}


def verdict(raw: bytes) -> str:
    event = understand(raw, MAILBOX, NOW).event
    if event is None:
        return "nothing"
    assert event.attempt == ATTEMPT or (not event.attempt and event.message_id == f"<{DELIVERY}@example.org>")
    return f"{event.kind}{' for good' if event.hard else ''}"


def test_the_table_is_read_to_its_last_line() -> None:
    assert len(CASES) == TABLE.count("\n== ") >= 35
    assert {case.verdict for case in CASES} == {
        *("bounced for good", "bounced", "deferred", "delivered", "complained", "nothing")
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.who)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_what_a_mail_means(case: Case, line_end: str) -> None:
    assert verdict(case.raw.replace(b"\n", line_end.encode())) == case.verdict


def test_every_mail_cut_short_anywhere_is_survived() -> None:
    for case in CASES:
        for end in range(0, len(case.raw), 37):
            assert understand(case.raw[:end], MAILBOX, NOW).said


@pytest.mark.parametrize("answered", REPLIES, ids=lambda case: f"{case.who}: {case.said[:30].strip()}")
def test_a_reply_means_the_same_when_it_comes_by_mail(answered: Answered) -> None:
    if answered.asked == "MAIL":
        return
    lines = answered.said.strip().replace("\n", "\n ")
    raw = BY_NAME["Postfix, no such user"].raw.decode()
    told = re.sub(r"Diagnostic-Code: smtp; .*\n.*\n", lambda _: f"Diagnostic-Code: smtp; {lines}\n", raw)
    told = told.replace("Status: 5.1.1", f"Status: {'4' if answered.verdict == 'later' else '5'}.0.0")
    assert verdict(told.encode()) == ("bounced for good" if answered.verdict == "permanent" else "bounced")


def test_the_same_report_has_the_same_key_whenever_it_comes() -> None:
    raw = BY_NAME["qmail"].raw
    first = understand(raw, MAILBOX, NOW).event
    second = understand(b"Received: again\n" + raw, MAILBOX, NOW + timedelta(days=1)).event
    assert first is not None
    assert second is not None
    assert first.key == second.key


def test_what_passed_and_what_is_for_good_are_two_things() -> None:
    keys = {event.key for case in CASES if (event := understand(case.raw, MAILBOX, NOW).event) and event.attempt}
    assert len(keys) == len({case.verdict for case in CASES} - {"nothing"})


@pytest.mark.parametrize("date", ["", "Date: nonsense", "Date: Mon, 23 Mar 1970 06:00:00 GMT", "Date: Mon, 99"])
def test_a_report_without_a_date_that_can_be_is_of_now(date: str) -> None:
    raw = f"{date}\n".lstrip().encode() + BY_NAME["qmail"].raw
    event = understand(raw, MAILBOX, NOW).event
    assert event is not None
    assert event.at == NOW


def test_no_address_goes_into_what_is_kept() -> None:
    for case in CASES:
        event = understand(case.raw, MAILBOX, NOW).event
        assert event is None or "ada@" not in f"{event.raw}{event.why}"


def test_of_a_huge_mail_only_the_beginning_is_read() -> None:
    raw = BY_NAME["Advertisement"].raw + b"x" * MOST_BYTES + BY_NAME["qmail"].raw
    assert verdict(raw) == "nothing"
