"""The providers that the tests of this room go through, a third one among them that only the tests know."""

from collections.abc import Iterator

import pytest

from mailer.providers.registry import PROVIDERS
from tests.mailer.providers.postcard.settings import POSTCARD
from tests.mailer.providers.postcard.sink import PostcardSink


@pytest.fixture
def postcard_sink(servers: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostcardSink]:
    """With its provider entered into the registry: the one line that a provider needs outside its folder."""
    monkeypatch.setitem(PROVIDERS, POSTCARD.name, POSTCARD)
    with PostcardSink() as sink:
        yield sink
