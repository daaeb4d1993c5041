"""A mail goes through the queue as JSON and comes out as it was."""

from dataclasses import asdict

import pytest

from mailer.compose.message_json import mail_from_json, mail_to_json
from tests.support.world.letters import HOSTILE_NAME, TEMPLATE, letter


def test_a_mail_comes_out_as_it_went_in() -> None:
    sent = letter(1, name=HOSTILE_NAME)
    template, back = mail_from_json(mail_to_json(TEMPLATE, sent))
    assert asdict(template) == asdict(TEMPLATE)
    assert back == sent


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"template": {}, "letter": {}}'])
def test_what_another_version_wrote_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        mail_from_json(text)
