"""SMTP: each letter's fate is known or known to be unknown, whatever the server does."""

import contextlib
import random
import socket
import ssl
import threading
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from mailer.message import Letter
from mailer.providers import Answer
from mailer.providers.smtp import Smtp
from mailer.providers.smtp_address import SmtpAddress, parse_smtp
from mailer.providers.smtp_connection import Patience
from mailer.providers.smtp_dialogue import Dialogue, Farewell, Post
from mailer.providers.smtp_opening import START_TLS, Unwilling, opening
from mailer.providers.smtp_reply import Garbled, Reply, ReplyReader, refusal
from mailer.wire import wire_of
from tests.support.letters import TEMPLATE, letter, letters
from tests.support.ports import free_port
from tests.support.smtp_session import Fault, Step
from tests.support.smtp_sink import SmtpSink, Tls

SOON = Patience(connect=2, reply=0.5, final=0.5)


@contextmanager
def opened(url: str, context: ssl.SSLContext | None = None, patience: Patience | None = None) -> Iterator[Smtp]:
    smtp = Smtp(parse_smtp(url), context, patience)
    yield smtp
    smtp.close()


def outcomes(smtp: Smtp, sent: Sequence[Letter]) -> list[Answer]:
    """In the order of the letters; fails if there is not exactly one for each."""
    answers = list(smtp.send(TEMPLATE, sent))
    assert Counter(answer.attempt for answer in answers) == Counter(one.attempt for one in sent)
    by_attempt = {answer.attempt: answer for answer in answers}
    return [by_attempt[one.attempt] for one in sent]


def count(answers: Sequence[Answer]) -> dict[str, int]:
    return dict(Counter(answer.outcome for answer in answers))


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
@pytest.mark.parametrize(("code", "permanent"), [(550, True), (451, False), (452, False)])
def test_one_refused_address_costs_only_itself(
    smtp_sink: SmtpSink, pipelining: bool, code: int, permanent: bool
) -> None:
    smtp_sink.behaviour.pipelining = pipelining
    smtp_sink.behaviour.refused["learner4@example.org"] = code
    with opened(f"{smtp_sink.url}&connections=1") as smtp:
        answers = outcomes(smtp, letters(10))
        assert count(answers) == {"accepted": 9, "refused": 1}
        assert (answers[4].permanent, answers[4].account) == (permanent, False)
        assert answers[4].why == f"RCPT: {code} learner4@example.org refused"
        assert count(outcomes(smtp, letters(3))) == {"accepted": 3}
    assert len(smtp_sink.mails) == 12
    assert smtp_sink.connections == 1


def test_a_connection_that_ended_with_a_refusal_can_be_used_again(smtp_sink: SmtpSink) -> None:
    smtp_sink.behaviour.refused["learner0@example.org"] = 550
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
    with opened(f"{smtp_sink.url}&connections={connections}", patience=SOON) as smtp:
        answers = outcomes(smtp, letters(30))
    assert count(answers) == {"accepted": 29, "unknown": 1}
    assert len(smtp_sink.mails) == len(received(smtp_sink)) == taken


@pytest.mark.parametrize("step", ["ehlo", "mail", "rcpt", "data"])
def test_a_server_that_falls_silent_before_taking_the_mail_has_refused_it(smtp_sink: SmtpSink, step: Step) -> None:
    smtp_sink.plan(step, "hang")
    with opened(f"{smtp_sink.url}&connections=1", patience=SOON) as smtp:
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
    smtp_sink.behaviour.refused = {f"learner{chance.randrange(60)}@example.org": 550 for _ in range(5)}
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


def test_nobody_listens() -> None:
    with opened(f"smtp://127.0.0.1:{free_port()}") as smtp:
        answers = outcomes(smtp, letters(3))
    assert {(answer.outcome, answer.why) for answer in answers} == {
        ("refused", "cannot connect: Connection refused")
    }


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
    with SmtpSink(tls, tmp_path) as sink, opened(sink.url, patience=SOON) as smtp:
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
    with opened(f"smtp://127.0.0.1:{smtp_sink.port}?tls={tls}", patience=SOON) as smtp:
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


@contextmanager
def scripted(*steps: tuple[bytes, bytes]) -> Iterator[int]:
    """A server that waits for the end of what it expects, then says its line; at the end it closes."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                with listener.accept()[0] as connection:
                    converse(connection)

    def converse(connection: socket.socket) -> None:
        heard = b""
        for expected, said in steps:
            while expected not in heard:
                more = connection.recv(65536)
                if not more:
                    return
                heard += more
            heard = heard.partition(expected)[2] if expected else heard
            connection.sendall(said)

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


TAKES_ONE = (
    (b"", b"220 hi\r\n"),
    (b"EHLO", b"250-hi\r\n250 PIPELINING\r\n"),
    (b"DATA", b"250 a\r\n250 b\r\n354 c\r\n"),
)


@pytest.mark.parametrize("last", [b"250 taken\r\n", b"250 taken\r\n421 that was all\r\n"])
def test_a_server_that_closes_after_each_letter_gets_them_all(last: bytes) -> None:
    server = scripted(*TAKES_ONE, (b"\r\n.\r\n", last))
    with server as port, opened(f"smtp://127.0.0.1:{port}?connections=2") as smtp:
        assert count(outcomes(smtp, letters(5))) == {"accepted": 5}
        assert count(outcomes(smtp, letters(5))) == {"accepted": 5}


def test_words_slipped_in_before_tls_are_not_heard() -> None:
    steps = (
        (b"", b"220 hi\r\n"),
        (b"EHLO", b"250-hi\r\n250 STARTTLS\r\n"),
        (b"STARTTLS", b"220 go\r\n250 hello\r\n"),
    )
    with scripted(*steps) as port, opened(f"smtp://127.0.0.1:{port}?tls=starttls", patience=SOON) as smtp:
        (answer,) = outcomes(smtp, [letter(1)])
    assert (answer.outcome, answer.why) == ("refused", "the server said more than it was asked before TLS began")


@pytest.mark.parametrize("words", [b"hello\r\n", b"25\r\n", b"250x\r\n", b"\xff\r\n", b"x" * 200_000])
def test_a_server_that_does_not_speak_smtp_gets_nothing(words: bytes) -> None:
    with scripted((b"", words)) as port, opened(f"smtp://127.0.0.1:{port}", patience=SOON) as smtp:
        assert count(outcomes(smtp, [letter(1)])) == {"refused": 1}


def test_nonsense_after_the_final_dot_leaves_the_letter_unknown() -> None:
    with (
        scripted(*TAKES_ONE, (b"\r\n.\r\n", b"what?\r\n")) as port,
        opened(f"smtp://127.0.0.1:{port}", patience=SOON) as smtp,
    ):
        (answer,) = outcomes(smtp, [letter(1)])
    assert answer.outcome == "unknown"


# The talk itself, without a network.


def dialogue(*waiting: Letter, pipelining: bool = True, proven: bool = False) -> Dialogue:
    post = Post(b"us@example.org", deque(waiting), lambda one: f"mail {one.attempt}\r\n".encode())
    return Dialogue(post, pipelining, proven)


def said(talk: Dialogue) -> bytes:
    out = b"".join(talk.out)
    talk.out.clear()
    return out


def hear(talk: Dialogue, *codes: int) -> list[tuple[str, str]]:
    for code in codes:
        talk.hear(Reply(code, ("words",)))
    return known(talk)


def known(talk: Dialogue) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = [(answer.attempt, answer.outcome) for answer in talk.answers]
    talk.answers.clear()
    return found


def group(number: int) -> bytes:
    return b"MAIL FROM:<us@example.org>\r\nRCPT TO:<learner%d@example.org>\r\nDATA\r\n" % number


def test_the_next_letters_commands_leave_with_the_body() -> None:
    talk = dialogue(letter(1), letter(2))
    talk.begin()
    assert said(talk) == group(1)
    assert hear(talk, 250, 250, 354) == []
    assert said(talk) == b"mail attempt-1\r\n.\r\n" + group(2)
    assert hear(talk, 250, 250, 250, 354) == [("attempt-1", "accepted")]
    assert said(talk) == b"mail attempt-2\r\n.\r\n"
    assert hear(talk, 250) == [("attempt-2", "accepted")]
    assert talk.idle


def test_without_pipelining_each_reply_is_waited_for() -> None:
    talk = dialogue(letter(1), pipelining=False)
    talk.begin()
    steps = []
    for code in (250, 250, 354, 250):
        steps.append(said(talk))
        hear(talk, code)
    assert [step.split(b" ")[0] for step in steps] == [b"MAIL", b"RCPT", b"DATA\r\n", b"mail"]


def test_a_server_that_wants_a_mail_for_nobody_gets_an_empty_one() -> None:
    talk = dialogue(letter(1), letter(2))
    talk.begin()
    said(talk)
    assert hear(talk, 250, 550, 354) == [("attempt-1", "refused")]
    assert said(talk) == b".\r\n" + group(2)
    assert hear(talk, 554, 250, 250, 354) == []
    assert said(talk) == b"mail attempt-2\r\n.\r\n"


@pytest.mark.parametrize("pipelining", [True, False])
def test_after_a_refused_recipient_the_next_letter_begins_anew(pipelining: bool) -> None:
    talk = dialogue(letter(1), letter(2), pipelining=pipelining)
    talk.begin()
    hear(talk, *((250, 550, 503) if pipelining else (250, 550)))
    assert b"RSET\r\nMAIL" in said(talk) if pipelining else said(talk).endswith(b"RSET\r\n")


def test_a_connection_used_before_begins_anew() -> None:
    talk = dialogue(letter(1), proven=True)
    talk.begin()
    assert said(talk) == b"RSET\r\n" + group(1)
    assert hear(talk, 250, 250, 250, 354, 250) == [("attempt-1", "accepted")]


def test_after_a_refused_sender_there_is_nothing_to_reset() -> None:
    talk = dialogue(letter(1), letter(2))
    talk.begin()
    assert hear(talk, 451, 503, 503) == [("attempt-1", "refused")]
    assert b"RSET" not in said(talk)


@pytest.mark.parametrize(("unsent", "outcome"), [(0, "unknown"), (1, "refused"), (3, "refused"), (19, "refused")])
def test_a_mail_whose_final_dot_never_left_was_not_taken(unsent: int, outcome: str) -> None:
    talk = dialogue(letter(1))
    talk.begin()
    hear(talk, 250, 250, 354)
    said(talk)
    talk.lost(unsent, "gone")
    assert known(talk) == [("attempt-1", outcome)]


def test_what_was_never_taken_to_be_written_never_left() -> None:
    talk = dialogue(letter(1), letter(2))
    talk.begin()
    said(talk)
    hear(talk, 250, 250, 354)
    talk.lost(0, "gone")
    assert known(talk) == [("attempt-1", "refused")]
    assert [one.attempt for one in talk.post.waiting] == ["attempt-2"]


def test_a_letter_behind_an_unanswered_one_waits_again() -> None:
    talk = dialogue(letter(1), letter(2), letter(3))
    talk.begin()
    hear(talk, 250, 250, 354)
    talk.prepare()
    said(talk)
    talk.lost(len(group(2)), "gone")
    assert known(talk) == [("attempt-1", "unknown")]
    assert [one.attempt for one in talk.post.waiting] == ["attempt-2", "attempt-3"]


def test_a_server_may_say_farewell_between_two_letters() -> None:
    talk = dialogue(letter(1), letter(2))
    talk.begin()
    assert hear(talk, 250, 250, 354, 250) == [("attempt-1", "accepted")]
    with pytest.raises(Farewell):
        hear(talk, 421)
    talk.lost(0, "421")
    assert known(talk) == []
    assert [one.attempt for one in talk.post.waiting] == ["attempt-2"]


def test_a_reply_to_nothing_is_nonsense() -> None:
    with pytest.raises(Garbled):
        hear(dialogue(), 250)


@pytest.mark.parametrize(
    ("asked", "code", "words", "permanent", "account"),
    [
        ("RCPT", 550, "no such user", True, False),
        ("RCPT", 551, "user not local", True, False),
        ("RCPT", 553, "mailbox name not allowed", True, False),
        ("RCPT", 552, "full", False, False),
        ("RCPT", 554, "no", False, False),
        ("RCPT", 450, "later", False, False),
        ("RCPT", 550, "5.1.1 no such user", True, False),
        ("RCPT", 550, "5.2.1 disabled", True, False),
        ("RCPT", 552, "5.2.2 full", False, False),
        ("RCPT", 550, "5.7.1 your host is listed", False, False),
        ("RCPT", 550, "5.1.8 bad sender", False, False),
        ("RCPT", 450, "4.1.1 perhaps", False, False),
        ("MAIL", 550, "no", False, False),
        ("MAIL", 530, "5.7.0 authentication required", False, True),
        ("final dot", 550, "no", False, False),
        ("final dot", 550, "5.1.1 no such user", True, False),
        ("final dot", 554, "5.7.1 spam", False, False),
    ],
)
def test_what_a_refusal_means(asked: str, code: int, words: str, permanent: bool, account: bool) -> None:
    answer = refusal("a", asked, Reply(code, (words,)))
    assert (answer.outcome, answer.permanent, answer.account) == ("refused", permanent, account)


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


def conversation(address: SmtpAddress, *replies: tuple[int, str]) -> list[bytes]:
    talk = opening(address, lambda: "me.example.org")
    commands = [next(talk)]
    for code, words in replies:
        try:
            commands.append(talk.send(Reply(code, tuple(words.split("|")))))
        except StopIteration:
            break
    return commands


PLAIN = SmtpAddress("127.0.0.1", 25, "none", user="ada", password="secret")


def test_a_server_without_ehlo_is_greeted_with_helo() -> None:
    address = SmtpAddress("127.0.0.1", 25, "none")
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
    address = SmtpAddress("mail.example.org", 587, "starttls", user="ada", password="secret")
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
        ("smtp://127.0.0.1", SmtpAddress("127.0.0.1", 25, "none")),
        ("smtp://[::1]:2525", SmtpAddress("::1", 2525, "none")),
        ("smtp://mail.example.org", SmtpAddress("mail.example.org", 587, "starttls")),
        ("smtp://mail.example.org:25", SmtpAddress("mail.example.org", 25, "starttls")),
        ("smtp://mail.example.org:465", SmtpAddress("mail.example.org", 465, "tls")),
        ("smtp://mail.example.org?tls=tls", SmtpAddress("mail.example.org", 465, "tls")),
        ("smtp://mail.example.org?tls=none&connections=8", SmtpAddress("mail.example.org", 25, "none", 8)),
        ("smtp://a%40b:p%3A%2F@m.example", SmtpAddress("m.example", 587, "starttls", user="a@b", password="p:/")),
    ],
)
def test_addresses_are_understood(url: str, address: SmtpAddress) -> None:
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
        ("smtp://m.example:99999", "Port out of range"),
        ("smtp://a:b@m.example?tls=none", "never travels without TLS"),
    ],
)
def test_wrong_addresses_are_explained(url: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_smtp(url)
