"""Human or machine: each rule, with agents as they are seen in the wild."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.hits.verdict import TOO_SOON_SECONDS, Verdict, judge

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
)
OUTLOOK = "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Win64; x64; Trident/7.0; Microsoft Outlook 16.0.5)"
THUNDERBIRD = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Thunderbird/128.3.1"


@pytest.mark.parametrize("agent", [FIREFOX, IPHONE, OUTLOOK, THUNDERBIRD])
@pytest.mark.parametrize("seconds", [None, 1.0, 86_400.0])
def test_a_mail_client_or_browser_is_a_reader(agent: str, seconds: float | None) -> None:
    assert judge(agent, "GET", seconds) == Verdict("human", "reader")


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS", ""])
def test_another_method_than_get_is_a_machine(method: str) -> None:
    assert judge(FIREFOX, method, 100.0) == Verdict("machine", "head-request")


def test_an_agent_without_a_name_is_a_machine() -> None:
    assert judge("", "GET", 100.0) == Verdict("machine", "no-agent")


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 (compatible; BingPreview/1.0b)",
        "Barracuda Sentinel (EE)",
        "Proofpoint URL Defense",
        "Mozilla/5.0 (Windows) Mimecast",
        "python-requests/2.32",
        "curl/8.5.0",
        "Wget/1.21",
        "Go-http-client/2.0",
        "Java/17.0.1",
        "okhttp/4.12.0",
        "facebookexternalhit/1.1",
        "Slackbot-LinkExpanding 1.0",
        "SomeCrawler/1.0",
        "PYTHON-URLLIB/3.11",
    ],
)
def test_what_fetches_for_others_is_a_machine(agent: str) -> None:
    assert judge(agent, "GET", 100.0) == Verdict("machine", "scanner-agent")


def test_apples_privacy_proxy_is_a_machine() -> None:
    assert judge("Mozilla/5.0", "GET", 100.0) == Verdict("machine", "apple-privacy")


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
        "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
    ],
)
def test_a_proxy_that_fetches_when_a_reader_looks_is_unclear(agent: str) -> None:
    assert judge(agent, "GET", 100.0) == Verdict("unclear", "image-proxy")


@pytest.mark.parametrize("seconds", [0.0, 0.99, -5.0])
def test_who_is_faster_than_a_reader_can_be_is_unclear(seconds: float) -> None:
    assert judge(FIREFOX, "GET", seconds) == Verdict("unclear", "too-soon")
    assert judge(FIREFOX, "GET", TOO_SOON_SECONDS).judgement == "human"


@given(st.text(), st.sampled_from(["GET", "HEAD"]), st.one_of(st.none(), st.floats(allow_nan=False)))
def test_every_hit_gets_a_verdict_with_its_rule(agent: str, method: str, seconds: float | None) -> None:
    verdict = judge(agent, method, seconds)
    assert verdict.judgement in ("human", "machine", "unclear")
    assert 0 < len(verdict.rule) <= 40
