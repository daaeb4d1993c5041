"""A copied or restored database sends nothing by itself; an outage alone holds nothing."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import select, update

from course.models import Deployment, Hold
from mailer.sending.continuity import ask_outside, let_go_on
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.sample_course import write_sample
from tests.support.world.world import World

Open = Callable[..., World]


@pytest.fixture
def open_world(tmp_path: Path, redis_server: RedisServer) -> Iterator[Open]:
    """Worlds over one folder of lessons and one Redis, closed at the end."""
    write_sample(tmp_path / "lessons")
    with ExitStack() as closing:

        def opened(var_dir: str, database_url: str, **settings: str) -> World:
            world = World(tmp_path / var_dir, database_url, redis_server.url, tmp_path / "lessons", **settings)
            closing.callback(world.close)
            return world

        yield opened


def why_held(world: World) -> str | None:
    with world.runtime.db.read() as session:
        return session.scalar(select(Hold.why))


def let_go(world: World) -> None:
    outside = ask_outside(world.runtime)
    with world.runtime.db.write() as session:
        let_go_on(world.runtime, session, outside, world.clock.real())


def test_a_restored_backup_sends_nothing_until_it_is_released(tmp_path: Path, open_world: Open) -> None:
    file, backup = tmp_path / "db.sqlite", tmp_path / "backup.sqlite"
    world = open_world("var", f"sqlite:///{file}")
    world.enrol()
    world.runtime.db.close()
    shutil.copy(file, backup)
    assert world.forward(days=1, hours=2) == 1
    world.runtime.db.close()
    shutil.copy(backup, file)
    assert world.step() == 0
    assert "gone back" in str(why_held(world))
    let_go(world)
    assert world.step() == 1


def test_an_older_counter_holds_on_either_database(database_url: str, open_world: Open) -> None:
    world = open_world("var", database_url)
    world.enrol()
    with world.runtime.db.write() as session:
        session.execute(update(Deployment).values(counter=0))
    assert world.forward(days=1, hours=2) == 0
    assert "gone back" in str(why_held(world))


def test_redis_alone_remembers_a_database_that_went_back(database_url: str, open_world: Open) -> None:
    world = open_world("var", database_url)
    world.enrol()
    with world.runtime.db.write() as session:
        session.execute(update(Deployment).values(counter=0))
    elsewhere = open_world("other", database_url)
    elsewhere.clock.forward(days=1, hours=2)
    assert elsewhere.step() == 0


def test_another_base_url_holds_a_copy_until_it_is_released(database_url: str, open_world: Open) -> None:
    world = open_world("var", database_url)
    world.enrol()
    copy = open_world("var", database_url, BASE_URL="https://courses.example.org")
    copy.clock.forward(days=1, hours=2)
    assert copy.step() == 0
    assert "http://127.0.0.1:8000" in str(why_held(copy))
    let_go(copy)
    assert copy.step() == 1
    back = open_world("var", database_url)
    back.clock.forward(days=2, hours=2)
    assert back.step() == 0
    assert "https://courses.example.org" in str(why_held(back))


def test_in_development_another_port_is_no_copy(sqlite_url: str, open_world: Open) -> None:
    open_world("var", sqlite_url).enrol()
    for day, address in enumerate(("http://localhost:9999", "http://[::1]:8002"), 1):
        again = open_world("var", sqlite_url, BASE_URL=address)
        again.clock.forward(days=day, hours=2)
        assert again.step() == 1, address
        assert why_held(again) is None


def test_the_same_address_in_other_letters_is_no_copy(sqlite_url: str, open_world: Open) -> None:
    """Earlier versions wrote it down as it stood in the setting."""
    world = open_world("var", sqlite_url)
    world.enrol()
    with world.runtime.db.write() as session:
        session.execute(update(Deployment).values(base_url="https://Kurs.Bücher.example"))
    later = open_world("var", sqlite_url, BASE_URL="https://kurs.bücher.example")
    later.clock.forward(days=1, hours=2)
    assert later.step() == 1
    assert why_held(later) is None


def test_where_mail_leaves_the_machine_another_port_is_a_copy(
    sqlite_url: str, open_world: Open, smtp_sink: SmtpSink
) -> None:
    open_world("var", sqlite_url).enrol()
    copy = open_world("var", sqlite_url, BASE_URL="http://127.0.0.1:9999", MAIL_URL=smtp_sink.url)
    copy.clock.forward(days=1, hours=2)
    assert copy.step() == 0
    assert "9999" in str(why_held(copy))


def test_an_outage_alone_holds_nothing(database_url: str, redis_server: RedisServer, open_world: Open) -> None:
    world = open_world("var", database_url)
    world.enrol()
    redis_server.empty()
    again = open_world("fresh", database_url)
    again.clock.forward(days=3, hours=2)
    assert again.step() == 1
    assert why_held(again) is None
