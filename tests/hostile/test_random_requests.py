"""Whatever comes in at any route, in whatever shape: the answer is never an error of ours."""

import json
from collections import Counter
from random import Random
from urllib.parse import quote

import pytest
from flask_wtf import CSRFProtect

from tests.hostile.ground.people import ADA, House
from tests.hostile.ground.routes import ENDS_IT, Route, filled, routes
from tests.hostile.scale import dice, note, sized
from tests.support.author.studio import sign_in
from tests.support.world.person import AppBrowser

ODD = (
    "", " ", "0", "-1", "1", "99999999999999999999", "2147483647", "9" * 5000, "1e309", "NaN", "null", "true",
    "[]",
    "\0", "a\0b", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "\u202e", "\ufeff", "\x1b[31m",
    "\x7f",
    "ß" * 300, "İ", "😀" * 50, "'", '"', "' OR 1=1 --", "%", "%00", "%ff", "%zz", "_", "\\", "../..", "{{7*7}}",
    "${jndi:x}", "<script>", "a@b", "ada@example.org", "ada@EXAMPLE.org\r\nBcc: x@y.example", "Europe/Berlin",
    "../../etc/localtime", "Europe/../Berlin", "2026-02-30", "0000-00-00", "9999-12-31", "2026-03-28",
    "x" * 70_000,
    "(" * 2000, "[" * 2000, "\n" * 500, "a\r\nb", "🏳️‍🌈", "\u0661\u0662", "１２", "𝟙", "²", "1_000", "+1", " 1 ",
    "0x10", "on",
)  # fmt: skip
NAMES = (
    "email", "name", "zone", "hour", "tracking", "weekdays", "pace", "max_open", "days", "until", "item", "done",
    "words", "score", "shown", "video", "stopped_at", "seen", "lesson", "back", "text", "opened", "path", "to",
    "title", "why", "code", "view", "width", "before", "from", "version", "kept", "changed", "confirmed",
    "remove",
    "replace", "as_typed", "html", "csrf_token", "mailed", "next",
)  # fmt: skip
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "get")
HEADERS = (
    "Accept", "Accept-Language", "Accept-Encoding", "Content-Encoding", "Cookie", "If-None-Match",
    "If-Modified-Since",
    "Range", "User-Agent", "X-Forwarded-For", "Forwarded", "Sec-Fetch-Site", "Referer", "Origin",
    "Content-Language",
    "X-HTTP-Method-Override", "Expect", "Authorization", "Date",
)  # fmt: skip
HEADER_VALUES = (
    "bytes=0-", "bytes=5-2", "bytes=-99999999999", "bytes=0-0,1-1," * 50, "gzip", "br;q=9", "*;q=-1",
    "de-de-de-de", "xx",
    "*" * 500, 'W/"', "Thu, 99 Feb 0000 00:00:00 GMT", "for=[::1", "1.2.3.4, , x",
    "a=b; a=c; =; dayletter_studio=%00",
    "registered=e30; dayletter_forms=.x.y", "\xff\xfe", "application/json", "-1", "",
)  # fmt: skip
BODIES = (
    b"", b"{", b"[[" * 5000, b'{"item": {"a": [1]}, "done": []}', b'{"words": 1e400}', b'{"words": "\\ud800"}',
    b"\xff\xfe\x00",
    b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../a\0.md\"\r\n\r\nx\r\n--x--",
    b"--x\r\nContent-Disposition: form-data; name=\"words\"\r\n\r\n", b"a=1&" * 2000, b"%=%&%zz=%ff",
    b"words=%00%ff%ED%A0%80",
    json.dumps(dict.fromkeys(NAMES)).encode(), json.dumps(dict.fromkeys(NAMES, "1" * 9000)).encode(),
)  # fmt: skip
TYPES = (
    "application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x",
    "multipart/form-data",
    "text/plain", "application/json; charset=utf-7", "application/x-www-form-urlencoded; charset=utf-16",
    "x/y;;=", "",
)  # fmt: skip


def token_for(chance: Random, house: House, route: Route) -> str:
    """One that opens the route, also when Ada's links were made anew by a request before."""
    return chance.choice(house.still_good(route.way.opener, ADA) if route.way else [""])


def odd_address(chance: Random, house: House, route: Route, token: str) -> str:
    """A route's address as it is meant, or with one of its parts replaced by something odd."""
    path = house.path(route, ADA, token)
    if chance.random() < 0.6:
        return path
    parts = path.split("/")
    parts[chance.randrange(1, len(parts))] = quote(chance.choice(ODD)[:2000], safe=chance.choice(("", "/%")))
    return "/".join(parts)


@pytest.mark.parametrize("who", ["a stranger", "an operator"])
def test_no_request_of_any_shape_is_answered_by_an_error_of_ours(
    house: House, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, tries = dice(f"random requests of {who}"), sized(700, 20_000)
    world = house.world
    ends = (ENDS_IT, ".leave_everywhere")
    known = [route for route in routes(world.app) if not route.endpoint.endswith(ends)]
    if who == "an operator":
        known = [route for route in known if route.in_studio and not route.endpoint.endswith(".leave")]
        browser = sign_in(world, "operator").browser
        assert isinstance(browser, AppBrowser)
        client = browser.client
        # Forged forms are another test's; here they shall reach what is behind.
        monkeypatch.setattr(CSRFProtect, "protect", lambda _self: None)
    else:
        client = world.app.test_client()
    values = house.values[ADA]
    failed: list[str] = []
    answers: Counter[int] = Counter()
    for _ in range(tries):
        route = chance.choice(known)
        url = (
            odd_address(chance, house, route, token_for(chance, house, route))
            if chance.random() < 0.95
            else chance.choice(ODD)
        )
        method = route.method if chance.random() < 0.8 else chance.choice(METHODS)
        query = {chance.choice(NAMES): chance.choice(ODD) for _ in range(chance.randrange(3))}
        headers = [(chance.choice(HEADERS), chance.choice(HEADER_VALUES)) for _ in range(chance.randrange(4))]
        fields = dict(filled(route.way.fields, values)) if route.way and route.way.fields else {}
        fields |= {chance.choice(NAMES): chance.choice(ODD) for _ in range(chance.randrange(4))}
        data: dict[str, str] | bytes = fields if chance.random() < 0.7 else chance.choice(BODIES)
        kind = None if isinstance(data, dict) else chance.choice(TYPES)
        told = f"{method} {url!r} ?{query} {headers} {data!r} as {kind}"
        try:
            answer = client.open(
                url if url.startswith("/") else f"/{quote(url)}",
                method=method,
                query_string=query,
                headers=headers,
                data=data if method not in ("GET", "HEAD") else None,
                content_type=kind,
            )
        except ValueError:
            continue  # not even this client can send it
        answer.close()
        answers[answer.status_code] += 1
        if answer.status_code >= 500:
            failed.append(f"{answer.status_code} {told[:1500]}")
    note(f"random requests of {who}", tries=tries, findings=len(failed), answers=str(sorted(answers.items())))
    assert failed == []
