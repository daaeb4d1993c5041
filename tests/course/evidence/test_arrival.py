"""What is kept of a request: enough to judge by, and nothing by which anybody is known."""

import json
from collections.abc import Mapping

import pytest

from course.evidence.arrival import Request, reduced
from course.evidence.hits import Traits, traits_of
from course.evidence.networks import read_networks

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = f"{WINDOWS} Chrome/126.0.0.0 Safari/537.36"
LANGUAGE = {"Accept-Language": "de"}
FOLLOWED = LANGUAGE | {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}
NETWORKS = read_networks("gateway barracuda 209.222.80.0/21\nmailbox microsoft 2a01:111:f400::/48")


def kept_of(
    agent: str = CHROME,
    headers: Mapping[str, str] = FOLLOWED,
    method: str = "GET",
    address: str = "203.0.113.9",
    *,
    secure: bool = True,
) -> Traits:
    return reduced(Request(method, agent, headers, address, secure), NETWORKS, ("sendmule",))


@pytest.mark.parametrize(
    ("agent", "program"),
    [
        (CHROME, "browser"),
        (f"{CHROME} Edg/126.0.0.0", "browser"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "browser"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1",
            "browser",
        ),
        # Telephones by Cubot are no bots.
        (
            "Mozilla/5.0 (Linux; Android 11; CUBOT X30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
            "Mobile Safari/537.36",
            "browser",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)", "unknown"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.3.1", "unknown"),
        ("Lynx/2.9.0", "unknown"),
        # Other people's in-app browsers are no chat programs that look for themselves.
        (f"{CHROME} [FBAN/FB4A;FBAV/460.0.0.0;]", "browser"),
        (CHROME.replace("Windows NT 10.0", "Linux; Android 12; ruby"), "browser"),
        ("Ruby", "library"),
        ("", "none"),
        ("  ", "none"),
        ("Mozilla/5.0", "apple-proxy"),
        (
            "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
            "image-proxy",
        ),
        ("YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html", "image-proxy"),
        ("Barracuda Sentinel (EE)", "gateway"),
        ("mozilla/5.0 (compatible; PROOFPOINT)", "gateway"),
        (f"{WINDOWS} HeadlessChrome/126.0.0.0 Safari/537.36", "headless"),
        (f"{WINDOWS} Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0", "disguise"),
        ("Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1;1813)", "disguise"),
        ("facebookexternalhit/1.1", "preview"),
        ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "preview"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "library"),
        ("python-requests/2.31.0", "library"),
        ("curl/8.5.0", "library"),
        (f"{CHROME} Edg/117.0.2045.47 OneOutlook/1.2023.927.100", "office"),
        ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.4266; Pro)", "office"),
        ("SendMule-Checker/1.0", "provider"),
    ],
)
def test_a_program_is_known_by_what_it_calls_itself(agent: str, program: str) -> None:
    assert kept_of(agent).program == program


@pytest.mark.parametrize(
    ("agent", "lacks"),
    [
        (f"{WINDOWS} Chrome/75.0.0.0 Safari/537.36", set()),
        (f"{WINDOWS} Chrome/76.0.0.0 Safari/537.36", {"fetch-metadata"}),
        ("Mozilla/5.0 (Windows NT 10.0; rv:89.0) Gecko/20100101 Firefox/89.0", set()),
        ("Mozilla/5.0 (Windows NT 10.0; rv:90.0) Gecko/20100101 Firefox/90.0", {"fetch-metadata"}),
        ("Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.3 Safari/605.1.15", set()),
        (
            "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.4 Safari/605.1.15",
            {"fetch-metadata"},
        ),
        # Every browser of an iPhone is as old as the iPhone's system.
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 15_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "CriOS/126.0.0.0 Mobile/15E148 Safari/604.1",
            set(),
        ),
        (f"{WINDOWS} Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36 (Pixel; wv)", set()),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.3.1", set()),
    ],
)
def test_a_browser_lacks_what_its_version_always_sends(agent: str, lacks: set[str]) -> None:
    assert kept_of(agent, LANGUAGE).lacks == lacks


def test_an_agent_without_end_keeps_nobody_busy() -> None:
    assert kept_of("Mozilla/5.0 " + "CPU OS 1_1 " * 100_000).program == "unknown"
    assert kept_of(CHROME + " " * 1_000_000 + "curl/8").program == "browser"


def test_over_http_no_browser_says_what_it_fetches_for() -> None:
    assert kept_of(headers=LANGUAGE, secure=False).lacks == set()


def test_a_browser_without_a_language_lacks_it_under_http_too() -> None:
    assert kept_of(headers={}, secure=False).lacks == {"language"}
    assert kept_of(headers={"accept-language": " "}).lacks == {"language", "fetch-metadata"}


def test_what_is_no_browser_lacks_nothing() -> None:
    assert kept_of("Lynx/2.9.0", {}).lacks == set()


@pytest.mark.parametrize(
    ("name", "value", "ahead"),
    [
        ("Purpose", "prefetch", True),
        ("Sec-Purpose", "prefetch;prerender", True),
        ("sec-purpose", "Prefetch;anonymous-client-ip", True),
        ("X-Purpose", "preview", True),
        ("X-Purpose", "instant", True),
        ("X-Moz", "prefetch", True),
        ("Purpose", "", False),
        ("X-Purpose", "reading", False),
    ],
)
def test_a_request_made_ahead_says_so_in_one_of_four_headers(name: str, value: str, *, ahead: bool) -> None:
    assert kept_of(headers=FOLLOWED | {name: value}).ahead is ahead


@pytest.mark.parametrize(
    ("mode", "followed"), [("navigate", True), ("Navigate", True), ("no-cors", False), ("cors", False), ("", None)]
)
def test_fetch_metadata_tells_a_link_from_a_picture(mode: str, followed: bool | None) -> None:
    assert kept_of(headers=LANGUAGE | {"Sec-Fetch-Mode": mode}).followed is followed


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("209.222.87.255", "gateway/barracuda"),
        ("::ffff:209.222.80.1", "gateway/barracuda"),
        ("2a01:111:f400::1", "mailbox/microsoft"),
        ("209.222.88.0", ""),
        ("", ""),
        ("unix:", ""),
        ("203.0.113.9, 10.0.0.1", ""),
    ],
)
def test_an_address_is_reduced_to_the_name_of_its_network(address: str, network: str) -> None:
    assert kept_of(address=address).network == network


@pytest.mark.parametrize(
    ("method", "kept"),
    [("get", "GET"), ("HEAD", "HEAD"), ("OPTIONS", "OPTIONS"), ("BREW", "other"), ("", "other")],
)
def test_methods_are_few(method: str, kept: str) -> None:
    assert kept_of(method=method).method == kept


def test_what_is_kept_is_small_and_names_nobody() -> None:
    kept = json.dumps(kept_of(headers=FOLLOWED | {"Cookie": "session=canary"}).kept())
    assert kept == '{"program": "browser", "followed": true}'
    assert not any(part in kept for part in ("203.0.113", "Chrome", "Windows", "de", "canary"))


@pytest.mark.parametrize(
    "traits",
    [
        Traits(),
        kept_of(),
        kept_of(headers={"Purpose": "prefetch"}, method="HEAD", address="209.222.80.7"),
        kept_of(headers={"Sec-Fetch-Mode": "no-cors"}),
    ],
)
def test_what_was_kept_is_read_again(traits: Traits) -> None:
    assert traits_of(json.loads(json.dumps(traits.kept()))) == traits


@pytest.mark.parametrize("kept", [{}, {"lacks": None, "followed": "yes", "ahead": 1, "colour": "red"}])
def test_what_another_version_kept_is_read_as_far_as_it_goes(kept: Mapping[str, object]) -> None:
    assert traits_of(kept) == Traits()
