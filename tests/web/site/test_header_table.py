"""Every route of the site has its row here: what its answers carry. A new one without a row fails."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from tests.support.author.studio import USERS, session_of
from tests.support.servers.redis_server import RedisServer
from tests.support.world.sample_course import write_sample
from tests.support.world.world import ALREADY_PUBLISHED, World
from web.app import MAX_FORM_BYTES
from web.request import STUDIO_PATH
from web.studio.access.guard import COOKIE

HTTPS = "https://learn.example.org"


@dataclass(frozen=True)
class Row:
    """`shown`: on pages of other sites, as in mail programs. `searched`: search engines may list it."""

    shown: bool = False
    searched: bool = False


PUBLIC, ELSEWHERE, TOKEN = Row(searched=True), Row(shown=True, searched=True), Row()

ROWS: Mapping[str, Row] = {
    **dict.fromkeys(
        ("landing.home", "landing.landing", "signup.check_inbox", "signup.send_again", "signup.enrol"), PUBLIC
    ),
    **dict.fromkeys(("signup.prove", "about.privacy", "about.imprint"), PUBLIC),
    **dict.fromkeys(("static", "accents.sheet", "style_sheets.sheet"), PUBLIC),
    **dict.fromkeys(("well_known.security", "well_known.robots"), PUBLIC),
    **dict.fromkeys(("health.alive", "health.ready", "health.metrics"), PUBLIC),
    **dict.fromkeys(("certificates.certificate", "certificates.pdf"), PUBLIC),
    **dict.fromkeys(("certificates.badge", "certificates.issuer", "media.media"), ELSEWHERE),
    "tracking.opened": Row(shown=True),
    **dict.fromkeys(("tracking.clicked", "hooks.hear", "links.lost", "links.send_link"), TOKEN),
    **dict.fromkeys(("inbox.inbox", "inbox.mail", "inbox.html"), TOKEN),
    **dict.fromkeys(("address.question", "address.agree", "address.refusal", "address.refuse"), TOKEN),
    **dict.fromkeys(("calendars.subscribe", "calendars.keep", "read.lesson", "read.article"), TOKEN),
    **dict.fromkeys(
        ("confirming.ask", "confirming.confirm", "confirming.write_again", "confirming.begin_anew"), TOKEN
    ),
    **dict.fromkeys(("preferences.ask", "preferences.leave", "preferences.undo", "preferences.mail_link"), TOKEN),
    **dict.fromkeys(("learn.my_course", "lesson.lesson", "lesson.tick", "lesson.complete", "lesson.mail"), TOKEN),
    **dict.fromkeys(
        ("lesson.uncomplete", "lesson.article", "beside.opinion", "beside.note", "beside.watch"), TOKEN
    ),
    **dict.fromkeys(("finish.say", "finish.name", "links.mail_link", "tracking.mail_link"), TOKEN),
    **dict.fromkeys(("privacy.ask_for_export", "privacy.ask_for_erasure", "privacy.asked"), TOKEN),
    **dict.fromkeys(("privacy.look", "privacy.fulfil", "privacy.take_along"), TOKEN),
    **dict.fromkeys(("steering.send_next", "steering.pause", "steering.restart", "steering.resume"), TOKEN),
    **dict.fromkeys(("steering.settings", "links.renew", "links.renewed", "address.address"), TOKEN),
    **dict.fromkeys(("address.ask", "address.drop"), TOKEN),
    "studio": TOKEN,
}
"""By endpoint; all of the studio's share a row."""

VALUES: Mapping[str, object] = {
    "token": "wrong",
    "deed": "erase",
    "link": "wrong",
    "slug": "bread-at-home",
    "article": "flour",
    "serial": "ABCD-EFGH",
    "digits": "aa3300",
    "provider": "sendgrid",
    "mail_id": "none",
    "digest": "none",
    "name": "none",
    "filename": "page.js",
    "room": "site",
    "path": "course.md",
    "version": 1,
    "enrolment_id": 1,
}
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "TRACE")


@pytest.fixture(params=["http", "https"])
def house(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_url: str, redis_server: RedisServer
) -> Iterator[World]:
    write_sample(tmp_path / "lessons")
    where = {"BASE_URL": HTTPS} if request.param == "https" else {}
    place = tmp_path / "var", sqlite_url, redis_server.url, tmp_path / "lessons"
    with closing(World(*place, ALREADY_PUBLISHED, STUDIO_USERS=USERS, **where)) as world:
        yield world


def row_of(endpoint: str) -> Row | None:
    return ROWS.get("studio" if endpoint.startswith("studio.") else endpoint)


def address_of(world: World, rule: Rule) -> str:
    site = world.app.url_map.bind("localhost")
    return site.build(rule.endpoint, {name: VALUES[name] for name in rule.arguments})


def wrong_in(answer: Response, row: Row, *, https: bool) -> list[str]:
    """The headers that are not as they should be."""
    told = answer.headers
    should = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "cross-origin" if row.shown else "same-origin",
        "Strict-Transport-Security": "max-age=31536000" if https else None,
        "X-Robots-Tag": None if row.searched else "noindex",
    }
    wrong = [f"{name}: {told.get(name)}" for name, value in should.items() if told.get(name) != value]
    policy = told.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe-eval" in policy:
        wrong.append(f"Content-Security-Policy: {policy}")
    if "camera=()" not in told.get("Permissions-Policy", ""):
        wrong.append("Permissions-Policy")
    if not told.get("Cache-Control"):
        wrong.append("Cache-Control")
    doubled = [name for name in {name for name, _ in told} - {"Set-Cookie", "Vary"} if len(told.getlist(name)) > 1]
    return wrong + doubled


def signed_in(world: World) -> FlaskClient:
    client, base = world.app.test_client(), world.runtime.settings.base_url
    https = base == HTTPS
    client.set_cookie(
        f"__Host-{COOKIE}" if https else COOKIE,
        session_of(world, "operator", world.clock.real())[COOKIE],
        path="/" if https else STUDIO_PATH,
        domain=urlsplit(base).hostname or "",
        secure=https,
    )
    return client


def test_every_route_has_its_row(house: World) -> None:
    routes = {rule.endpoint for rule in house.app.url_map.iter_rules()}
    assert sorted(endpoint for endpoint in routes if row_of(endpoint) is None) == []
    assert ROWS.keys() - routes == {"studio"}


def test_every_answer_of_every_route_carries_what_its_row_says(house: World) -> None:
    house.enrol()
    found, base = dict[str, list[str]](), house.runtime.settings.base_url
    https = base == HTTPS
    for client in (house.app.test_client(), signed_in(house)):
        for rule in house.app.url_map.iter_rules():
            if rule.endpoint in ("studio.signing_in.leave", "studio.signing_in.leave_everywhere"):
                continue
            row = row_of(rule.endpoint)
            assert row is not None
            for method in METHODS:
                with client.open(
                    address_of(house, rule), method=method, base_url=house.runtime.settings.base_url
                ) as answer:
                    # Which method is not taken is known before the route is.
                    strict = row if answer.status_code != 405 else Row(False, row.searched)
                    if wrong := wrong_in(answer, strict, https=https):
                        found[f"{method} {rule} {answer.status_code}"] = wrong
    assert found == {}


def test_answers_that_no_route_gives_carry_them_too(house: World) -> None:
    https, client = house.runtime.settings.base_url == HTTPS, house.app.test_client()
    digest = house.rows()["media"][0]["digest"]
    too_long = {"Content-Type": "application/x-www-form-urlencoded"}
    with client.get(f"/media/{digest}/x") as shown:
        tag = {"If-None-Match": shown.headers["ETag"]}
    cases: tuple[tuple[str, str, dict[str, str], int, Row], ...] = (
        ("GET", "/nowhere", {}, 404, PUBLIC),
        ("GET", "/learn/a/b/c/d/e", {}, 404, TOKEN),
        ("GET", "/studio/none", {}, 404, TOKEN),
        ("GET", "/%00", {}, 404, PUBLIC),
        ("GET", "/courses//bread-at-home", {}, 404, PUBLIC),
        ("POST", "/courses/bread-at-home/enrol", too_long, 413, PUBLIC),
        ("POST", "/learn/wrong/pause", too_long, 404, TOKEN),
        ("GET", f"/media/{digest}/x", {}, 200, ELSEWHERE),
        ("HEAD", f"/media/{digest}/x", {}, 200, ELSEWHERE),
        ("GET", f"/media/{digest}/x", tag, 304, ELSEWHERE),
        ("GET", f"/media/{digest}/x", {"Range": "bytes=0-1"}, 206, ELSEWHERE),
        ("GET", f"/media/{digest}/x", {"Range": "bytes=999999999-"}, 416, ELSEWHERE),
        ("GET", "/static/none.js", {}, 404, PUBLIC),
        ("GET", "/.well-known/security.txt", {}, 200, PUBLIC),
        ("GET", "/robots.txt", {}, 200, PUBLIC),
    )
    for method, path, headers, status, row in cases:
        body = b"x" * (MAX_FORM_BYTES + 1) if headers is too_long else None
        with client.open(path, method=method, headers=headers, data=body) as answer:
            assert (answer.status_code, wrong_in(answer, row, https=https)) == (status, []), (method, path)


def test_security_txt_names_who_reads_the_answers_and_never_runs_out(house: World) -> None:
    for _ in range(2):
        answer = house.app.test_client().get("/.well-known/security.txt")
        told = dict(line.split(": ", 1) for line in answer.text.splitlines())
        assert answer.mimetype == "text/plain"
        assert told["Contact"].startswith("mailto:")
        assert told["Contact"].count("@") == 1
        assert f"{house.clock.real():%Y-%m-%d}" < told["Expires"]
        assert told["Canonical"] == f"{house.runtime.settings.base_url}/.well-known/security.txt"
        house.clock.forward(days=400)


def test_robots_txt_keeps_the_pages_of_people_out_of_search(house: World) -> None:
    told = house.app.test_client().get("/robots.txt").text.splitlines()
    hidden = tuple(line.removeprefix("Disallow: ") for line in told if line.startswith("Disallow: "))
    for rule in house.app.url_map.iter_rules():
        row = row_of(rule.endpoint)
        assert row is not None
        assert str(rule).startswith(hidden) is not row.searched, rule


def test_cookies_are_locked_to_the_host_where_there_is_https(house: World) -> None:
    https, base = house.runtime.settings.base_url == HTTPS, house.runtime.settings.base_url
    client = house.app.test_client()
    answer = client.post("/courses/bread-at-home/enrol", data={"email": "ada@example.org"}, base_url=base)
    (registered,) = answer.headers.getlist("Set-Cookie")
    form = client.get("/studio/sign-in", base_url=base)
    (token,) = form.headers.getlist("Set-Cookie")
    for cookie in (registered, token):
        assert cookie.startswith("__Host-") is https
        assert ("Secure" in cookie) is https
        assert "HttpOnly" in cookie
        assert "Domain" not in cookie
        assert "Path=/;" in f"{cookie};" or not https


def test_a_session_of_before_signs_nobody_in_over_https_and_breaks_nothing(house: World) -> None:
    https, base = house.runtime.settings.base_url == HTTPS, house.runtime.settings.base_url
    client = house.app.test_client()
    client.set_cookie(
        COOKIE,
        session_of(house, "operator", house.clock.real())[COOKIE],
        path=STUDIO_PATH,
        domain=base.split("/")[2].split(":")[0],
    )
    client.set_cookie("registered", "of-before")
    assert client.get("/studio", base_url=base).status_code == (303 if https else 200)
    assert client.get("/courses/bread-at-home/check-your-inbox", base_url=base).status_code == 200
    assert signed_in(house).get("/studio", base_url=base).status_code == 200
