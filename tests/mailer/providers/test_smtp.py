"""SMTP: each letter's fate is known or known to be unknown, whatever the server does."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest

from mailer.providers.answer import Answer
from mailer.providers.smtp import dialogue
from mailer.providers.smtp.connection import Patience
from tests.support.servers.ports import free_port
from tests.support.servers.smtp_client import opened, soon
from tests.support.servers.smtp_session import Fault, Step
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.letters import TEMPLATE, letter, letters
from tests.support.world.sendings import count, outcomes


def received(sink: SmtpSink) -> set[str]:
    return {mail.recipients[0] for mail in sink.mails}


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("connections", [1, 4])
def test_a_batch_arrives_once_each(smtp_sink: SmtpSink, pipelining: bool, connections: int) -> None:
    smtp_sink.behaviour.pipelining = pipelining
    with opened(f"{smtp_sink.url}&connections={connections}") as smtp:
        assert count(outcomes(smtp, letters(100))) == {"accepted": 100}
    assert len(smtp_sink.mails) == len(received(smtp_sink)) == 100
    assert smtp_sink.connections == connections
    assert {mail.sender for mail in smtp_sink.mails} == {"courses@example.org"}


def test_a_server_that_takes_seven_bits_only_gets_nothing_else(smtp_sink: SmtpSink) -> None:
    smtp_sink.behaviour.eight_bit = smtp_sink.behaviour.pipelining = False
    with opened(smtp_sink.url) as smtp:
        assert count(outcomes(smtp, [letter(1, name="Zoë"), letter(2, note="ü " * 1000)])) == {"accepted": 2}
    assert all(mail.raw.isascii() for mail in smtp_sink.mails)


def test_connections_serve_the_next_sending(smtp_sink: SmtpSink) -> None:
    with opened(f"{smtp_sink.url}&connections=2") as smtp:
        for _ in range(3):
            assert count(outcomes(smtp, letters(10))) == {"accepted": 10}
    assert smtp_sink.connections == 2
    assert smtp_sink.behaviour.commands[-1] == "QUIT"


def test_one_letter_needs_one_connection(smtp_sink: SmtpSink) -> None:
    with opened(smtp_sink.url) as smtp:
        outcomes(smtp, letters(1))
    assert smtp_sink.connections == 1


def test_a_connection_closed_in_between_costs_nothing(smtp_sink: SmtpSink) -> None:
    with opened(f"{smtp_sink.url}&connections=1") as smtp:
        outcomes(smtp, [letter(1)])
        smtp_sink.plan("mail", "drop")
        assert count(outcomes(smtp, [letter(2), letter(3)])) == {"accepted": 2}
    assert smtp_sink.connections == 2


def test_a_connection_idle_too_long_is_replaced(smtp_sink: SmtpSink) -> None:
    with opened(f"{smtp_sink.url}&connections=1", patience=Patience(idle=0)) as smtp:
        for number in range(2):
            assert count(outcomes(smtp, [letter(number)])) == {"accepted": 1}
    assert smtp_sink.connections == 2


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize(
    ("reply", "permanent"), [("550 No Such User Here", True), ("451 greylisted", False), ("550 no", False)]
)
def test_one_refused_address_costs_only_itself(
    smtp_sink: SmtpSink, pipelining: bool, reply: str, permanent: bool
) -> None:
    smtp_sink.behaviour.pipelining = pipelining
    smtp_sink.behaviour.refused["learner4@example.org"] = reply
    with opened(f"{smtp_sink.url}&connections=1") as smtp:
        answers = outcomes(smtp, letters(10))
        assert count(answers) == {"accepted": 9, "refused": 1}
        assert (answers[4].permanent, answers[4].account) == (permanent, False)
        assert answers[4].why == f"RCPT: {reply}"
        assert count(outcomes(smtp, letters(3))) == {"accepted": 3}
    assert len(smtp_sink.mails) == 12
    assert smtp_sink.connections == 1


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("connections", [1, 3])
def test_a_letter_that_cannot_be_filled_costs_only_itself(
    smtp_sink: SmtpSink, pipelining: bool, connections: int
) -> None:
    smtp_sink.behaviour.pipelining = pipelining
    sent = [replace(one, slots={}) if number in (0, 4, 9) else one for number, one in enumerate(letters(10))]
    with opened(f"{smtp_sink.url}&connections={connections}") as smtp:
        answers = outcomes(smtp, sent)
    assert count(answers) == {"accepted": 7, "refused": 3}
    assert [number for number, answer in enumerate(answers) if answer.broken] == [0, 4, 9]
    assert answers[4].why.startswith("KeyError in mailer.")
    assert (len(smtp_sink.mails), smtp_sink.connections) == (7, connections)


def test_an_error_of_ours_puts_no_letter_in_doubt_that_is_open_elsewhere(
    smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LookupError

    monkeypatch.setattr(dialogue, "refusal", fail)
    smtp_sink.behaviour.reply_delay = 0.1
    smtp_sink.behaviour.refused["learner7@example.org"] = "451 not now"
    announced: list[str] = []
    answers: list[Answer] = []
    with opened(f"{smtp_sink.url}&connections=3") as smtp, pytest.raises(LookupError):
        for answer in smtp.send(TEMPLATE, letters(30), announced.extend):
            answers.append(answer)
    accepted = [answer.attempt for answer in answers if answer.outcome == "accepted"]
    # The one behind which it happened was told in time, or is known not to be.
    assert set(announced) == {answer.attempt for answer in answers if answer.outcome != "refused"}
    assert len(accepted) >= len(announced) - 1


def test_a_connection_that_ended_with_a_refusal_can_be_used_again(smtp_sink: SmtpSink) -> None:
    smtp_sink.behaviour.refused["learner0@example.org"] = "550 no such user"
    with opened(smtp_sink.url) as smtp:
        assert count(outcomes(smtp, [letter(0)])) == {"refused": 1}
        assert count(outcomes(smtp, [letter(1)])) == {"accepted": 1}
    assert smtp_sink.connections == 1


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize(
    ("step", "fault"),
    [
        *(("mail", 451), ("rcpt", 452), ("data", 451), ("dot", 451), ("dot", 554)),
        *(("mail", 421), ("rcpt", 421), ("data", 421), ("dot", 421)),
        *(("mail", "drop"), ("rcpt", "drop"), ("data", "drop"), ("body", "drop")),
    ],
)
def test_what_fails_before_acceptance_is_refused_and_stops_nothing_else(
    smtp_sink: SmtpSink, pipelining: bool, step: Step, fault: Fault
) -> None:
    smtp_sink.behaviour.pipelining = pipelining
    smtp_sink.plan(step, fault)
    with opened(f"{smtp_sink.url}&connections=1") as smtp:
        answers = outcomes(smtp, letters(5))
    # A drop in the midst of a mail comes too late for small ones: the kernel has taken all of it.
    first = "unknown" if step == "body" else "refused"
    assert [answer.outcome for answer in answers] == [first] + ["accepted"] * 4
    assert not answers[0].permanent
    assert len(smtp_sink.mails) == 4


@pytest.mark.parametrize("connections", [1, 3])
@pytest.mark.parametrize(("fault", "taken"), [("drop", 30), ("hang", 30)])
def test_a_reply_lost_after_the_final_dot_leaves_that_letter_unknown(
    smtp_sink: SmtpSink, connections: int, fault: Fault, taken: int
) -> None:
    smtp_sink.plan("reply", fault)
    with opened(f"{smtp_sink.url}&connections={connections}", patience=soon()) as smtp:
        answers = outcomes(smtp, letters(30))
    assert count(answers) == {"accepted": 29, "unknown": 1}
    assert len(smtp_sink.mails) == len(received(smtp_sink)) == taken


@pytest.mark.parametrize("step", ["ehlo", "mail", "rcpt", "data"])
def test_a_server_that_falls_silent_before_taking_the_mail_has_refused_it(smtp_sink: SmtpSink, step: Step) -> None:
    smtp_sink.plan(step, "hang")
    with opened(f"{smtp_sink.url}&connections=1", patience=soon()) as smtp:
        answers = outcomes(smtp, letters(3))
    assert count(answers) == ({"accepted": 3} if step == "ehlo" else {"accepted": 2, "refused": 1})
    assert "unknown" not in count(answers)


@pytest.mark.parametrize("seed", range(12))
def test_no_answer_lies_whatever_happens(smtp_sink: SmtpSink, seed: int) -> None:
    chance = random.Random(seed)
    smtp_sink.behaviour.pipelining = chance.random() < 0.7
    steps: list[Step] = ["greeting", "ehlo", "mail", "rcpt", "data", "body", "dot", "reply"]
    for step in steps:
        kinds: list[Fault] = ["drop"] if step in ("body", "reply") else [421, 451, 550, "drop"]
        for _ in range(chance.randrange(3)):
            smtp_sink.plan(step, chance.choice(kinds))
    smtp_sink.behaviour.refused = {f"learner{chance.randrange(60)}@example.org": "550 no" for _ in range(5)}
    sent = letters(60)
    with opened(f"{smtp_sink.url}&connections={chance.randint(1, 5)}") as smtp:
        answers = outcomes(smtp, sent[:30]) + outcomes(smtp, sent[30:])
    taken = Counter(mail.recipients[0] for mail in smtp_sink.mails)
    assert max(taken.values(), default=1) == 1
    by_email = {one.email: answer.outcome for one, answer in zip(sent, answers, strict=True)}
    assert {email for email, outcome in by_email.items() if outcome == "accepted"} <= taken.keys()
    assert not {email for email, outcome in by_email.items() if outcome == "refused"} & taken.keys()
    # Of each dropped connection at most one letter: two drops in a body, two instead of a reply.
    assert count(answers).get("unknown", 0) <= 6


def test_a_late_greeting_is_waited_for(smtp_sink: SmtpSink) -> None:
    smtp_sink.behaviour.greeting_delay = 0.2
    with opened(smtp_sink.url) as smtp:
        assert count(outcomes(smtp, letters(2))) == {"accepted": 2}


def test_a_greeting_that_never_comes_refuses_all(smtp_sink: SmtpSink) -> None:
    smtp_sink.behaviour.greeting_delay = 60
    with opened(smtp_sink.url, patience=Patience(reply=0.1)) as smtp:
        answers = outcomes(smtp, letters(5))
    assert {(answer.outcome, answer.why) for answer in answers} == {("refused", "no reply in time")}
    assert smtp_sink.connections == 2


@pytest.mark.parametrize("step", ["greeting", "ehlo"])
@pytest.mark.parametrize("fault", [421, 554, "drop"])
def test_one_bad_beginning_is_tried_again(smtp_sink: SmtpSink, step: Step, fault: Fault) -> None:
    smtp_sink.plan(step, fault)
    with opened(smtp_sink.url) as smtp:
        assert count(outcomes(smtp, letters(5))) == {"accepted": 5}


@pytest.mark.parametrize("step", ["greeting", "ehlo"])
def test_two_bad_beginnings_refuse_what_waits(smtp_sink: SmtpSink, step: Step) -> None:
    smtp_sink.plan(step, 554, times=2)
    with opened(smtp_sink.url) as smtp:
        answers = outcomes(smtp, letters(5))
        assert count(answers) == {"refused": 5}
        assert not any(answer.permanent or answer.account for answer in answers)
        assert "554" in answers[0].why
        assert count(outcomes(smtp, letters(5))) == {"accepted": 5}


def test_further_connections_may_fail_while_one_works(smtp_sink: SmtpSink) -> None:
    with opened(f"{smtp_sink.url}&connections=4") as smtp:
        assert count(outcomes(smtp, letters(1))) == {"accepted": 1}
        smtp_sink.plan("greeting", 421, times=20)
        assert count(outcomes(smtp, letters(40))) == {"accepted": 40}
    # Three together, and no more than one after them.
    assert smtp_sink.connections <= 5


@pytest.mark.server
def test_nobody_listens() -> None:
    with opened(f"smtp://127.0.0.1:{free_port()}") as smtp:
        answers = outcomes(smtp, letters(3))
    assert {(answer.outcome, answer.why) for answer in answers} == {
        ("refused", "cannot connect: Connection refused")
    }


@pytest.mark.server
def test_a_name_that_does_not_exist() -> None:
    with opened("smtp://mail.invalid:25?tls=none") as smtp:
        answers = outcomes(smtp, letters(2))
    assert count(answers) == {"refused": 2}
    assert "cannot find mail.invalid" in answers[0].why


def test_every_address_of_a_name_is_tried(smtp_sink: SmtpSink) -> None:
    """`localhost` may be ::1 first, where this sink does not listen."""
    with opened(f"smtp://localhost:{smtp_sink.port}") as smtp:
        assert count(outcomes(smtp, letters(3))) == {"accepted": 3}


def test_a_sending_given_up_closes_what_was_under_way(smtp_sink: SmtpSink) -> None:
    with opened(f"{smtp_sink.url}&connections=1") as smtp:
        answers = smtp.send(TEMPLATE, letters(10))
        assert next(answers).outcome == "accepted"
        del answers
        assert count(outcomes(smtp, letters(2))) == {"accepted": 2}
    assert smtp_sink.connections == 2


def test_no_letter_leaves_before_the_fate_of_the_one_before_it_is_taken(smtp_sink: SmtpSink) -> None:
    """Whoever records each answer loses at most one letter a connection when it dies."""
    with opened(f"{smtp_sink.url}&connections=1") as smtp:
        for known, _ in enumerate(smtp.send(TEMPLATE, letters(20)), 1):
            assert len(smtp_sink.mails) <= known


def test_replies_to_final_dots_are_awaited_on_all_connections_once_no_more_may_begin(smtp_sink: SmtpSink) -> None:
    smtp_sink.behaviour.reply_delay = 0.3
    announced: list[str] = []

    def begin(attempts: Sequence[str]) -> None:
        if len(announced) >= 3:
            raise EOFError
        announced.extend(attempts)

    answers: list[Answer] = []
    with opened(f"{smtp_sink.url}&connections=3") as smtp, pytest.raises(EOFError):
        for answer in smtp.send(TEMPLATE, letters(50), begin):
            answers.append(answer)
    assert count(answers) == {"accepted": 3}
    assert len(smtp_sink.mails) == 3


@pytest.mark.parametrize("step", ["greeting", "ehlo", "mail", "rcpt", "data"])
def test_no_server_that_is_silent_before_a_letter_keeps_back_who_wants_to_stop(
    smtp_sink: SmtpSink, step: Step
) -> None:
    """Nobody waits until the patience with it is over, and the letters are refused."""
    smtp_sink.plan(step, "hang", times=2)
    asked: list[Sequence[str]] = []

    def begin(attempts: Sequence[str]) -> None:
        asked.append(attempts)
        if len(smtp_sink.behaviour.faults[step]) < 2:
            raise EOFError

    with opened(f"{smtp_sink.url}&connections=2") as smtp, pytest.raises(EOFError):
        list(smtp.send(TEMPLATE, letters(2), begin))
    assert not any(asked)
    assert smtp_sink.mails == []
