"""The provider of docs/adding-a-provider.md: what is its own. The rest is in the contract tests."""

import json
from datetime import UTC, datetime

import pytest

from course.errors import SettingsError
from course.settings import Settings
from mailer.hits.verdict import Verdict, judge
from mailer.providers.answer import Answer
from mailer.providers.events import EventKind
from mailer.providers.registry import open_provider, provider_agents, provider_settings
from mailer.settings import load
from tests.mailer.providers.postcard.events import KINDS, PostcardWebhook
from tests.mailer.providers.postcard.provider import Postcard
from tests.mailer.providers.postcard.sink import PostcardSink
from tests.support.servers.ports import free_port
from tests.support.world.letters import letter, letters
from tests.support.world.sendings import count, outcomes
from tests.support.world.settings import SETTINGS


def settings(sink: PostcardSink, **changed: str) -> Settings:
    own = {"MAIL_URL": f"postcard:{sink.url}", "POSTCARD_KEY": sink.key, "POSTCARD_SEAL": sink.seal}
    return load(SETTINGS | own | changed)


def answer(sink: PostcardSink, fault: int) -> Answer:
    sink.faults.append(fault)
    (found,) = outcomes(open_provider(settings(sink)), [letter(1)])
    return found


def test_its_settings_are_told_with_the_others_when_they_are_wrong(postcard_sink: PostcardSink) -> None:
    with pytest.raises(SettingsError) as refused:
        load(SETTINGS | {"MAIL_URL": "postcard:nowhere", "POSTCARD_SEAL": "wax", "TRACKING": "x"})
    named = [problem.partition(":")[0] for problem in refused.value.problems]
    assert sorted(named) == ["MAIL_URL", "POSTCARD_KEY", "POSTCARD_SEAL", "TRACKING"]


def test_what_cannot_be_sent_by_names_it_among_the_others(postcard_sink: PostcardSink) -> None:
    with pytest.raises(SettingsError, match=r"`sendgrid:` or `postcard:https://api.postcard.example`"):
        load(SETTINGS | {"MAIL_URL": "pigeon:"})


def test_it_confirms_only_where_its_events_are_heard(postcard_sink: PostcardSink) -> None:
    assert open_provider(settings(postcard_sink)).confirms
    unheard = settings(postcard_sink, POSTCARD_SEAL="")
    assert not open_provider(unheard).confirms
    (doubt,) = provider_settings(unheard).doubts()
    assert "POSTCARD_SEAL" in doubt.todo


def test_it_goes_with_a_virtual_clock_only_on_loopback(postcard_sink: PostcardSink) -> None:
    clock = "2026-03-27T06:00:00Z@1440"
    assert settings(postcard_sink, CLOCK=clock).clock == clock
    with pytest.raises(SettingsError, match="virtual clock"):
        settings(postcard_sink, CLOCK=clock, MAIL_URL="postcard:https://api.postcard.example")


def test_a_doctor_asks_whether_it_lets_us_in(postcard_sink: PostcardSink) -> None:
    assert open_provider(settings(postcard_sink)).trouble() == ""
    assert "401" in open_provider(settings(postcard_sink, POSTCARD_KEY="another")).trouble()
    nobody = settings(postcard_sink, MAIL_URL=f"postcard:http://127.0.0.1:{free_port()}")
    assert "cannot reach" in open_provider(nobody).trouble()


def test_each_refusal_says_whether_trying_again_can_help(postcard_sink: PostcardSink) -> None:
    assert answer(postcard_sink, 422).permanent
    assert answer(postcard_sink, 403).account
    assert answer(postcard_sink, 429).retry_after == 90
    assert answer(postcard_sink, 400).outcome == "refused"
    assert answer(postcard_sink, 307).outcome == "refused"
    assert answer(postcard_sink, 503).outcome == "unknown"
    assert postcard_sink.mails == []


def test_a_lost_reply_is_unknown_and_a_server_that_is_not_there_has_taken_nothing(
    postcard_sink: PostcardSink,
) -> None:
    postcard_sink.faults.append("reset")
    assert count(outcomes(open_provider(settings(postcard_sink)), letters(3))) == {"unknown": 1, "accepted": 2}
    gone = Postcard(f"http://127.0.0.1:{free_port()}", "key", timeout=2)
    assert count(outcomes(gone, letters(3))) == {"refused": 3}


@pytest.mark.parametrize(("word", "kind"), KINDS.items())
def test_each_of_its_words_has_one_of_ours(word: str, kind: EventKind) -> None:
    at = datetime(2026, 3, 27, 6, 0, tzinfo=UTC)
    body, headers = PostcardSink.news("attempt-1", word, at, because="full\0", for_good=kind == "bounced")
    (event,) = PostcardWebhook(PostcardSink.seal).read(body, headers).events
    told = event.attempt, event.kind, event.at, event.hard, event.why
    assert told == ("attempt-1", kind, at, kind == "bounced", "full ")


@pytest.mark.parametrize("odd", [{"what": "sung"}, {"when": "soon"}, {"reference": None}, {"reference": "a\0b"}])
def test_an_odd_entry_is_passed_over(odd: dict[str, object]) -> None:
    entry = {"reference": "attempt-1", "what": "taken", "when": "2026-03-27T06:00:00+00:00"}
    body, headers = PostcardSink.signed(json.dumps({"news": [entry | odd, 7, entry]}).encode())
    assert [event.kind for event in PostcardWebhook(PostcardSink.seal).read(body, headers).events] == ["processed"]


def test_its_own_look_into_a_mail_is_no_reader(postcard_sink: PostcardSink) -> None:
    agent = "Mozilla/5.0 (compatible; PostcardLookout/2.0)"
    assert judge(agent, "GET", 100.0, provider_agents()) == Verdict("machine", "provider-agent")
