"""Floods from one network are refused in words; nobody can pass for another network, or count against it."""

import pytest

from tests.support.servers.redis_server import RedisServer
from tests.support.world.world import World
from web.app import create_app
from web.site.limits import LIMITS, network

PEERS = (
    ("81.2.69.7", "", "81.2.69.7"),
    ("81.2.69.7", "8.8.8.8", "81.2.69.7"),
    ("127.0.0.1", "81.2.69.7", "81.2.69.7"),
    ("127.0.0.1", "8.8.8.8, 81.2.69.7", "81.2.69.7"),
    ("10.0.0.2", " 81.2.69.7 ", "81.2.69.7"),
    ("127.0.0.1", "unknown", "127.0.0.1"),
    ("127.0.0.1", "81.2.69.7\0", "127.0.0.1"),
    ("127.0.0.1", "", "127.0.0.1"),
    ("", "81.2.69.7", ""),
    ("2a02:8000:1:2:3:4:5:6", "", "2a02:8000:1:2::"),
    ("::1", "2a02:8000:1:2:ffff::", "2a02:8000:1:2::"),
)


@pytest.mark.parametrize(("peer", "forwarded", "expected"), PEERS)
def test_only_a_proxy_near_by_says_who_asks(peer: str, forwarded: str, expected: str) -> None:
    assert network(peer, forwarded) == expected


def test_the_table_names_routes_there_are(studio: World) -> None:
    assert LIMITS.keys() <= studio.app.view_functions.keys()


def test_a_flood_is_refused_in_words_and_others_are_served(studio: World) -> None:
    client = create_app(studio.runtime).test_client()

    def ask(forwarded: str) -> tuple[int, str | None, str]:
        answer = client.get("/certificates/none.pdf", headers={"X-Forwarded-For": forwarded})
        return answer.status_code, answer.headers.get("Retry-After"), answer.text

    assert {ask("81.2.69.7")[0] for _ in range(60)} == {404}
    status, again, words = ask("81.2.69.7")
    assert (status, again) == (429, "60")
    assert "Many requests came from your connection" in words
    assert ask("81.2.69.8")[0] == 404
    assert client.get("/", headers={"X-Forwarded-For": "81.2.69.7"}).status_code == 200


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
