"""The talk about letters on one SMTP connection, without a network."""

from collections import deque
from collections.abc import Sequence

import pytest

from mailer.compose.message import Letter
from mailer.providers.smtp.dialogue import Dialogue, Farewell, Post
from mailer.providers.smtp.reply import Garbled, Reply
from tests.support.world.letters import letter


def dialogue(*waiting: Letter, pipelining: bool = True, proven: bool = False) -> Dialogue:
    post = Post(lambda _: b"us@example.org", deque(waiting), lambda one: f"mail {one.attempt}\r\n".encode())
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


@pytest.mark.parametrize(
    ("used_before", "codes"),
    [(True, (502, 250, 250, 354)), (True, (502, 503, 250, 354)), (False, (451, 250, 354))],
)
def test_a_recipient_that_was_taken_although_something_before_was_refused_gets_no_empty_mail(
    used_before: bool, codes: Sequence[int]
) -> None:
    talk = dialogue(letter(1), letter(2), proven=used_before)
    talk.begin()
    said(talk)
    with pytest.raises(Farewell):
        hear(talk, *codes)
    talk.lost(0, "closed by us")
    assert known(talk) == [("attempt-1", "refused")]
    assert said(talk) == b""
    assert [one.attempt for one in talk.post.waiting] == ["attempt-2"]


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
