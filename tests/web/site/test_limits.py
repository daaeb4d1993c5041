"""Floods from one network are refused in words; nobody can pass for another network, or count against it."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from course.addresses.networks import parse_networks
from tests.support.servers.redis_server import RedisServer
from tests.support.world.world import World
from web.app import create_app
from web.site.limits import LIMITS

FLOOD = 60
"""As many papers a network may ask for a minute."""


def ask(client: FlaskClient, peer: str = "127.0.0.1", **headers: str) -> int:
    """`x_forwarded_for="..."` and the like: a request as it comes from that peer, with those headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get("/certificates/none.pdf", headers=named, environ_overrides={"REMOTE_ADDR": peer}).status_code


def test_the_table_names_routes_there_are(studio: World) -> None:
    assert LIMITS.keys() <= studio.app.view_functions.keys()


def test_a_flood_is_refused_in_words_and_others_are_served(studio: World) -> None:
    client = create_app(studio.runtime).test_client()
    assert {ask(client, x_forwarded_for="81.2.69.7") for _ in range(FLOOD)} == {404}
    answer = client.get("/certificates/none.pdf", headers={"X-Forwarded-For": "81.2.69.7"})
    assert (answer.status_code, answer.headers.get("Retry-After")) == (429, "60")
    assert "Many requests came from your connection" in answer.text
    assert ask(client, x_forwarded_for="81.2.69.8") == 404
    assert client.get("/", headers={"X-Forwarded-For": "81.2.69.7"}).status_code == 200


@pytest.mark.parametrize(
    ("flood", "other"),
    [
        ({"x_forwarded_for": "203.0.113.6:41234"}, {"x_forwarded_for": "203.0.113.7:41234"}),
        ({"x_forwarded_for": "[2001:db8:1::1]:443"}, {"x_forwarded_for": "[2001:db8:2::1]:443"}),
        ({"forwarded": 'for="[2001:db8:1::1]:4711"'}, {"forwarded": "for=203.0.113.7;proto=https"}),
        ({"x_forwarded_for": "unknown"}, {"x_forwarded_for": "203.0.113.7"}),
        ({"x_forwarded_for": "_one"}, {"x_forwarded_for": "_two"}),
        ({"x_forwarded_for": "203.0.113.6, unknown"}, {"x_forwarded_for": "203.0.113.7, unknown"}),
        ({"x_forwarded_for": "unknown"}, {"x_forwarded_for": "unknown", "user_agent": "Another/1.0"}),
        ({"x_forwarded_for": ""}, {}),
        ({"forwarded": "proto=https"}, {}),
        ({"x_forwarded_for": "127.0.0.1"}, {}),
        ({"peer": "10.0.0.1", "x_forwarded_for": "203.0.113.6"}, {"x_forwarded_for": "203.0.113.6"}),
        ({"peer": "10.0.0.1"}, {"peer": "10.0.0.2"}),
    ],
    ids=str,
)
def test_who_cannot_be_told_is_neither_let_pass_nor_counted_against_others(
    studio: World, flood: dict[str, str], other: dict[str, str]
) -> None:
    client = create_app(studio.runtime).test_client()
    assert [ask(client, **flood) for _ in range(FLOOD + 1)] == [404] * FLOOD + [429]
    assert ask(client, **other) == 404


def test_the_port_that_a_proxy_tells_is_not_who_asks(studio: World) -> None:
    client = create_app(studio.runtime).test_client()
    asked = [ask(client, x_forwarded_for=f"203.0.113.6:{40000 + n}") for n in range(FLOOD + 1)]
    assert asked == [404] * FLOOD + [429]


def test_proxies_are_believed_as_the_setting_says(studio: World) -> None:
    believed = replace(studio.runtime.settings, trusted_proxies=parse_networks("loopback, 10.0.0.0/8"))
    client = create_app(replace(studio.runtime, settings=believed)).test_client()
    assert [ask(client, "10.0.0.1", x_forwarded_for="203.0.113.6") for _ in range(FLOOD + 1)][-1] == 429
    assert ask(client, "10.0.0.1", x_forwarded_for="203.0.113.7") == 404
    assert ask(client, "203.0.113.9", x_forwarded_for="203.0.113.6") == 404
    assert ask(client, x_forwarded_for="203.0.113.6, 10.0.0.1") == 429


def test_the_log_names_a_proxy_near_by_that_the_setting_does_not(
    studio: World, caplog: pytest.LogCaptureFixture
) -> None:
    client = create_app(studio.runtime).test_client()
    for peer in ("81.2.69.9", "127.0.0.1", "10.7.7.7", "10.7.7.7"):
        ask(client, peer, x_forwarded_for="203.0.113.6")
    ask(client, "10.7.7.8")
    told = [record.getMessage() for record in caplog.records if "TRUSTED_PROXIES" in record.getMessage()]
    assert [re.findall("at ([0-9.]+) ", line) for line in told] == [["10.7.7.7"]]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example", "X-Forwarded-Port": "81"},
        {"Forwarded": "for=203.0.113.6;proto=https;host=evil.example"},
    ],
    ids=str,
)
def test_what_proxies_say_of_protocol_and_host_changes_no_link_and_no_cookie(
    studio: World, headers: dict[str, str]
) -> None:
    """`BASE_URL` alone says so: there is no header to believe."""

    def answers(given: dict[str, str]) -> list[tuple[str, str, list[str]]]:
        client = create_app(studio.runtime).test_client()
        form = {"email": "ada@example.org", "zone": "UTC", "hour": "8"}
        course = "/courses/bread-at-home"
        asked = [client.get("/", headers=given), client.post(f"{course}/enrol", data=form, headers=given)]
        return [
            (
                answer.text,
                answer.headers.get("Location", ""),
                [_kind(it) for it in answer.headers.getlist("Set-Cookie")],
            )
            for answer in asked
        ]

    assert answers(headers) == answers({})


def _kind(cookie: str) -> str:
    """A cookie without what differs each time."""
    return re.sub("(^[^=]*|Expires)=[^;]*", r"\1", cookie)


def test_web_processes_count_together_and_with_redis_away_each_for_itself(
    studio: World, redis_server: RedisServer
) -> None:
    one, other = (create_app(studio.runtime).test_client() for _ in range(2))
    flood = ["/certificates/none.pdf"] * 60, {"X-Forwarded-For": "81.2.69.7"}
    assert {one.get(url, headers=flood[1]).status_code for url in flood[0]} == {404}
    assert other.get(flood[0][0], headers=flood[1]).status_code == 429
    redis_server.stop()
    assert {other.get(url, headers=flood[1]).status_code for url in flood[0]} == {404}
    assert other.get(flood[0][0], headers=flood[1]).status_code == 429


def test_a_site_that_starts_while_redis_is_away_counts_for_itself(
    studio: World, redis_server: RedisServer
) -> None:
    redis_server.stop()
    client = create_app(studio.runtime).test_client()
    asked = [client.get("/certificates/none.pdf", headers={"X-Forwarded-For": "81.2.69.7"}) for _ in range(61)]
    assert [answer.status_code for answer in asked] == [404] * 60 + [429]


def test_this_machine_itself_may_ask_as_often_as_it_likes(studio: World) -> None:
    client = create_app(studio.runtime).test_client()
    assert {client.get("/certificates/none.pdf").status_code for _ in range(70)} == {404}
