"""Thousands of ways to be sent elsewhere: no redirect leaves our site, but to what was published and we signed."""

import re
from collections.abc import Iterator
from itertools import product
from random import Random
from urllib.parse import quote, urljoin, urlsplit

from tests.hostile.ground.people import ADA, House
from tests.hostile.ground.routes import ENDS_IT, routes
from tests.hostile.scale import dice, note, sized
from tests.support.author.studio import sign_in
from tests.support.world.person import FIREFOX, AppBrowser
from tests.support.world.world import BASE_URL

HOSTS = (
    "evil.example", "evil.example:80", "127.0.0.1.evil.example", "127.0.0.1:8000@evil.example", "evil。example",
    "ｅvil.example", "xn--evil-9za.example", "evil.example%2f@127.0.0.1:8000", "[::ffff:6.6.6.6]", "0x06060606",
    "evil.example#127.0.0.1:8000", "evil.example?127.0.0.1:8000", "evil.example\\@127.0.0.1:8000",
    "evil%2eexample",
    "a:b@evil.example", "evil.example\u2100", "evil.example\uff0f127.0.0.1:8000", "evil.example.",
)  # fmt: skip
STARTS = (
    "//", "///", "////", "https://", "http://", "https:", "https:/", "http:///", "\\\\", "/\\", "\\/", "/\t/",
    "/\n/",
    "/%09/", "/%2f", "/%5c", "/%2f%2f", "%2f%2f", "%5c%5c", " //", "\t//", "\u00a0//", "\u3000//", "/.//",
    "/..//",
    "/./\\", ";//", "//;@", "//%0d%0a", "/\r\nLocation: //", "%0d%0aLocation:%20//", "\u560d\u560aLocation: //",
    "javascript://", "data:text/html,", "vbscript:", "ftp://", "file://", "mailto:a@", "blob:https://",
    "HTTPS://",
    "hTTp:\\\\", "//\u2215", "/\u29f8/", "/\uff0f", "\uff0f\uff0f", "~//", "~/..//", "~/%2e%2e//", "~/\\", "@",
    ".",
)  # fmt: skip
ENDS = ("", "/", "/path", "/%2e%2e", "?a=b", "#c")
PARAMETERS = (
    "next", "url", "to", "return", "return_to", "redirect", "redirect_uri", "continue", "goto", "back", "target",
    "dest", "r", "u", "kept", "changed", "mailed", "sent", "saved", "view", "words", "from", "lesson", "item",
    "email", "name", "title", "path", "why", "why=x&next",
)  # fmt: skip


def targets(chance: Random, most: int) -> list[str]:
    """As many as are wanted of all that can be put together."""
    made = ["".join(parts) for parts in product(STARTS, HOSTS, ENDS)]
    return chance.sample(made, min(most, len(made)))


def leads_to(location: str) -> str:
    """Where a browser goes by the URL standard: tabs and line ends do not count, a backslash is a slash."""
    read = re.sub(r"[\t\r\n]", "", location.strip(" \x00\t\r\n\x0c")).replace("\\", "/")
    if re.match(r"(?i)https?:(?!//)", read):
        read = re.sub(r"(?i)^(https?:)/*", r"\1//", read)
    read = re.sub(r"^/{2,}", "//", read)
    return urljoin(BASE_URL, read)


def is_ours(location: str) -> bool:
    there, here = urlsplit(leads_to(location)), urlsplit(BASE_URL)
    return (there.scheme, there.netloc) == (here.scheme, here.netloc)


def test_a_browser_is_followed_as_it_goes() -> None:
    for location in (
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "https:evil.example",
    ):
        assert not is_ours(location), location
    here = ("/learn/x", "?saved", f"{BASE_URL}/studio", "/a//evil.example", "/learn/x#//evil.example")
    for location in here:
        assert is_ours(location), location


def asked(house: House, target: str, chance: Random) -> Iterator[tuple[str, str, dict[str, str] | None]]:
    """Method, address and form: a target in one place of a route after the other."""
    token = house.keys[ADA]["click"][0]
    coded = quote(target, safe="")
    yield "GET", f"/c/{token}/{coded}", None
    yield "GET", f"/c/{token}/{target}", None
    yield "GET", f"/{target}", None
    yield "GET", target if target.startswith("/") else f"/{target}", None
    known = list(routes(house.world.app))
    for route in chance.sample(known, 4):
        keys = house.keys[ADA].get(route.way.opener, ["none"]) if route.way else ["none"]
        path = house.path(route, ADA, keys[0])
        name = chance.choice(PARAMETERS)
        query = f"?{name}={coded}"
        if route.method == "GET":
            yield "GET", path + query, None
            parts = path.split("/")
            parts[chance.randrange(1, len(parts))] = coded
            yield "GET", "/".join(parts), None
            yield "GET", f"{path}/{coded}", None
        elif ".leave" not in route.endpoint and route.endpoint != ENDS_IT and "renew" not in route.endpoint:
            fields = dict(route.way.fields) if route.way and route.way.fields else {}
            yield "POST", path + query, fields | {name: target}


def test_no_redirect_leaves_our_site(house: House) -> None:
    chance = dice("redirects")
    olga = sign_in(house.world, "operator")
    assert isinstance(olga.browser, AppBrowser)
    strangers = house.world.app.test_client()
    tried, answers, left = targets(chance, sized(60, 5_000)), 0, []
    for target in tried:
        for method, url, fields in asked(house, target, chance):
            client = olga.browser.client if url.startswith("/studio") else strangers
            try:
                answer = client.open(url, method=method, data=fields, headers=FIREFOX)
            except (ValueError, UnicodeError):
                continue  # no client could send this
            answers += 1
            location = answer.headers.get("Location")
            if location is not None and not is_ours(location):
                left.append(f"{method} {url!r} {fields} -> {location!r}")
            broken = [
                f"{name}: {value!r}" for name, value in answer.headers if re.search(r"[\r\n\0]", name + value)
            ]
            left += [f"{method} {url!r} -> {header}" for header in broken]
            left += [f"{method} {url!r} refreshes"] if "Refresh" in answer.headers else []
            answer.close()
    note("redirect targets", tries=len(tried), findings=len(left), requests=answers)
    assert left == []


def test_a_signed_link_leads_to_what_was_published_and_no_further(house: House) -> None:
    """Every click link of every mail goes where the author's text says, letter by letter."""
    client, published = house.world.app.test_client(), {"https://mill.example.com", "https://label.example.com"}
    followed = set()
    for mail in house.world.mails("lesson"):
        for link in set(re.findall(rf"{BASE_URL}(/c/[^\"'\s<>)]+)", mail.html)):
            location = client.get(link).headers.get("Location", "")
            followed.add(location)
            origin = "{0.scheme}://{0.netloc}".format(urlsplit(leads_to(location)))
            assert origin in published | {BASE_URL}, location
            longer = client.get(f"{link}//evil.example").headers.get("Location", "")
            assert longer == "", longer
    assert "https://mill.example.com/flour?a=1&b=2" in followed
