"""The servers behind the other tests keep their promises; a lie here would hide a fault there."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from playwright.sync_api import Page
from redis import ConnectionError, Redis

from mailer import redis_binary
from mailer.redis_binary import find_redis_binary
from tests.support.browser.chromium import fresh_page
from tests.support.servers.ports import free_port
from tests.support.servers.postgres import Postgres
from tests.support.servers.redis_server import RedisServer
from tests.support.waiting import wait_for


def is_running(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
    return bool(state.strip()) and not state.startswith("Z")


def ends_soon(pid: int) -> bool:
    wait_for(lambda: not is_running(pid))
    return True


@pytest.mark.server
def test_a_free_port_can_be_listened_on() -> None:
    with socket.create_server(("127.0.0.1", free_port())) as server:
        assert server.getsockname()[1] > 1023


def test_without_any_redis_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(redis_binary, "find_spec", lambda name: None)
    with pytest.raises(FileNotFoundError, match="apt install redis-server"):
        find_redis_binary()


def test_a_redis_server_on_path_is_preferred(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = tmp_path / "valkey-server"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_redis_binary() == own


def test_redis_comes_back_empty_at_the_same_address(redis_server: RedisServer) -> None:
    with Redis.from_url(redis_server.url) as client:
        client.set("lesson", "1")
        redis_server.stop()
        with pytest.raises(ConnectionError):
            client.get("lesson")
        redis_server.start()
        assert client.get("lesson") is None


def test_redis_can_be_emptied_while_it_runs(redis_server: RedisServer) -> None:
    with Redis.from_url(redis_server.url) as client:
        client.set("lesson", "1")
        redis_server.empty()
        assert client.get("lesson") is None


def test_a_killed_redis_starts_again(redis_server: RedisServer) -> None:
    killed = redis_server.pid
    os.kill(killed, signal.SIGKILL)
    assert ends_soon(killed)
    redis_server.start()
    assert redis_server.pid != killed


@pytest.mark.server
def test_redis_ends_even_when_the_tests_are_killed() -> None:
    program = (
        "import time\nfrom tests.support.servers.redis_server import RedisServer\n"
        "with RedisServer() as server:\n    print(server.pid, server.url, flush=True)\n    time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as tests:
        assert tests.stdout is not None
        pid, url = tests.stdout.readline().split()
        assert is_running(int(pid))
        tests.kill()
    assert ends_soon(int(pid))
    for left in (directory := Path(url.removeprefix("unix://").partition("?")[0]).parent).iterdir():
        left.unlink()
    directory.rmdir()


def test_an_empty_database_is_empty(empty_database_url: str) -> None:
    engine = sa.create_engine(empty_database_url)
    try:
        assert sa.inspect(engine).get_table_names() == []
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE lesson (day INTEGER)"))
    finally:
        engine.dispose()


def test_a_database_can_begin_as_a_copy(postgres: Postgres) -> None:
    with postgres.fresh_database() as original:
        with psycopg.connect(original) as connection:
            connection.execute("CREATE TABLE lesson AS SELECT 1 AS day")
        with postgres.fresh_database(original) as copy, psycopg.connect(copy) as connection:
            assert connection.execute("SELECT day FROM lesson").fetchone() == (1,)


def test_a_database_goes_away_although_somebody_is_connected(postgres: Postgres) -> None:
    with postgres.fresh_database() as url:
        connection = psycopg.connect(url)
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()


def test_no_page_sees_the_cookies_of_another(browser_page: Page) -> None:
    browser = browser_page.context.browser
    assert browser is not None
    browser_page.context.add_cookies([{"name": "who", "value": "ada", "url": "http://127.0.0.1"}])
    with fresh_page(browser) as other:
        assert other.context.cookies() == []
        other.set_content("<h1>Day 1 of 5</h1>")
        assert other.inner_text("h1") == "Day 1 of 5"


def test_a_copy_is_as_its_origin_whatever_was_done_to_it(postgres: Postgres) -> None:
    with postgres.fresh_database() as origin:
        with psycopg.connect(origin) as connection:
            connection.execute("CREATE TABLE lesson (id int GENERATED BY DEFAULT AS IDENTITY, day int UNIQUE)")
            connection.execute("CREATE TABLE tick (id int PRIMARY KEY, day int REFERENCES lesson (day))")
            connection.execute("INSERT INTO lesson (day) VALUES (1), (2)")

        def changed_by(*deeds: str) -> str:
            url = postgres.copy_of(origin)
            with psycopg.connect(url) as connection:
                assert connection.execute("SELECT id, day FROM lesson").fetchall() == [(1, 1), (2, 2)]
                assert connection.execute("SELECT * FROM tick").fetchall() == []
                assert connection.execute("SELECT last_value FROM lesson_id_seq").fetchone() == (2,)
                for deed in deeds:
                    connection.execute(deed)
            return url

        first = changed_by("INSERT INTO lesson (day) VALUES (3)", "INSERT INTO tick VALUES (1, 3)")
        left_open = psycopg.connect(first)
        left_open.execute("LOCK TABLE lesson")
        assert changed_by("DELETE FROM lesson", "DROP TABLE tick") == first
        left_open.close()
        assert changed_by() != first
