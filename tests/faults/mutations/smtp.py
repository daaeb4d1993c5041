"""The talk with a mail server, with one safeguard taken out."""

from dataclasses import replace

import pytest

from mailer.providers.answer import Answer, Outcome
from mailer.providers.smtp import dialogue
from mailer.providers.smtp.connection import Connection
from mailer.providers.smtp.dialogue import Dialogue
from mailer.providers.smtp.reply import Reply, refusal

IMPATIENT_SECONDS = 0.1


def a_lost_reply_means_no(patch: pytest.MonkeyPatch) -> None:
    _take_a_lost_reply_for(patch, "refused")


def a_lost_reply_means_yes(patch: pytest.MonkeyPatch) -> None:
    _take_a_lost_reply_for(patch, "accepted")


def every_no_is_for_good(patch: pytest.MonkeyPatch) -> None:
    _read_a_no_as(patch, permanent=True)


def no_no_is_for_good(patch: pytest.MonkeyPatch) -> None:
    _read_a_no_as(patch, permanent=False)


def a_letter_behind_a_lost_one_is_taken_for_sent(patch: pytest.MonkeyPatch) -> None:
    """As if all that was pipelined had got through."""

    def lost(self: Dialogue, unsent: int, why: str) -> None:
        before = len(self.post.waiting)
        whole(self, unsent, why)
        while len(self.post.waiting) > before:
            self.answers.append(Answer(self.post.waiting.popleft().attempt, "accepted"))

    whole = Dialogue.lost
    patch.setattr(Dialogue, "lost", lost)


def no_patience(patch: pytest.MonkeyPatch) -> None:
    def wait(self: Connection, seconds: float) -> None:
        whole(self, min(seconds, IMPATIENT_SECONDS))

    whole = Connection._wait
    patch.setattr(Connection, "_wait", wait)


def _take_a_lost_reply_for(patch: pytest.MonkeyPatch, outcome: Outcome) -> None:
    def lost(self: Dialogue, unsent: int, why: str) -> None:
        whole(self, unsent, why)
        self.answers[:] = [
            replace(answer, outcome=outcome) if answer.outcome == "unknown" else answer for answer in self.answers
        ]

    whole = Dialogue.lost
    patch.setattr(Dialogue, "lost", lost)


def _read_a_no_as(patch: pytest.MonkeyPatch, *, permanent: bool) -> None:
    def told(attempt: str, asked: str, reply: Reply) -> Answer:
        return replace(refusal(attempt, asked, reply), permanent=permanent)

    patch.setattr(dialogue, "refusal", told)
