"""Letters handed to a provider, and what it answered."""

from collections import Counter
from collections.abc import Sequence

from mailer.compose.message import Letter
from mailer.providers.answer import Answer
from mailer.providers.contract import Provider
from tests.support.world.letters import TEMPLATE


def outcomes(provider: Provider, sent: Sequence[Letter]) -> list[Answer]:
    """In the order of the letters; fails if there is not exactly one for each."""
    answers = list(provider.send(TEMPLATE, sent))
    assert Counter(answer.attempt for answer in answers) == Counter(one.attempt for one in sent)
    by_attempt = {answer.attempt: answer for answer in answers}
    return [by_attempt[one.attempt] for one in sent]


def count(answers: Sequence[Answer]) -> dict[str, int]:
    return dict(Counter(answer.outcome for answer in answers))
