"""Servers that take their time: a reply is waited for as long as it may take, and nobody else is kept waiting."""

from dataclasses import replace
from itertools import islice

import pytest

from mailer.providers.smtp.connection import Patience
from tests.support.servers.smtp_client import opened, soon
from tests.support.servers.smtp_session import Late, Step
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.waiting import PATIENCE, slowness
from tests.support.world.letters import TEMPLATE, letter, letters
from tests.support.world.sendings import count, outcomes

PATIENT = Patience(
    **dict.fromkeys(("connect", "reply", "data", "block", "letter", "final", "alone"), PATIENCE), idle=PATIENCE
)
LARGE = "0123456789" * 600_000
"""More than the kernel holds for a server that does not read."""


def late() -> Late:
    """More than the patience of `soon`."""
    return Late(1.2 * slowness())


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize(
    ("step", "patience"),
    [
        ("greeting", "reply"),
        ("ehlo", "reply"),
        ("mail", "reply"),
        ("rcpt", "reply"),
        ("data", "data"),
        ("reply", "final"),
    ],
)
def test_each_reply_has_a_patience_of_its_own(
    smtp_sink: SmtpSink, pipelining: bool, step: Step, patience: str
) -> None:
    """A relay that looks through a mail before it answers gets no copy, and one that greets late gets mail."""
    smtp_sink.behaviour.pipelining = pipelining
    smtp_sink.plan(step, late())
    waiting = replace(soon(), alone=PATIENCE, **{patience: PATIENCE})
    with opened(f"{smtp_sink.url}&connections=1", patience=waiting) as smtp:
        assert count(outcomes(smtp, letters(3))) == {"accepted": 3}
    assert (len(smtp_sink.mails), smtp_sink.connections) == (3, 1)


@pytest.mark.parametrize(("step", "elsewhere"), [("mail", 1), ("data", 1), ("reply", 2)])
def test_one_connection_that_is_kept_waiting_stops_no_other(
    smtp_sink: SmtpSink, step: Step, elsewhere: int
) -> None:
    """Behind a letter that is looked through, one more has begun on the same connection."""
    smtp_sink.plan(step, "hang")
    with opened(f"{smtp_sink.url}&connections=3", patience=PATIENT) as smtp:
        answers = smtp.send(TEMPLATE, letters(30))
        served = list(islice(answers, 30 - elsewhere))
        del answers
    assert count(served) == {"accepted": 30 - elsewhere}


def test_a_server_that_takes_no_more_of_a_letter_has_not_taken_it(smtp_sink: SmtpSink) -> None:
    smtp_sink.plan("body", "hang")
    with opened(f"{smtp_sink.url}&connections=1", patience=replace(PATIENT, block=soon().block)) as smtp:
        answers = outcomes(smtp, [letter(1, note=LARGE), letter(2)])
    assert [answer.outcome for answer in answers] == ["refused", "accepted"]


def test_a_letter_has_to_be_out_some_time_however_patient_one_is_with_a_block(smtp_sink: SmtpSink) -> None:
    """Whoever stops a worker has to know how long one letter may take it."""
    smtp_sink.plan("body", "hang")
    with opened(f"{smtp_sink.url}&connections=1", patience=replace(PATIENT, letter=soon().block)) as smtp:
        answers = outcomes(smtp, [letter(1, note=LARGE), letter(2)])
    assert [answer.outcome for answer in answers] == ["refused", "accepted"]


def test_beside_a_greeting_that_does_not_come_another_attempt_is_made(smtp_sink: SmtpSink) -> None:
    """Behind one address there are often many machines, and some of them ill."""
    smtp_sink.plan("greeting", "hang")
    with opened(f"{smtp_sink.url}&connections=1", patience=replace(PATIENT, alone=0.2)) as smtp:
        assert count(outcomes(smtp, letters(3))) == {"accepted": 3}
    assert smtp_sink.connections == 2
