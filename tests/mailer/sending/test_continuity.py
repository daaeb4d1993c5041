"""A copied or restored database sends nothing by itself; an outage alone holds nothing."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import select, update

from course.models import Deployment, Hold
from mailer.sending.continuity import let_go_on
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.sample_course import write_sample
from tests.support.world.world import House

Open = Callable[..., House]


@pytest.fixture
def open_house(tmp_path: Path, redis_server: RedisServer) -> Iterator[Open]:
    """Houses over one folder of lessons and one Redis, closed at the end."""
    write_sample(tmp_path / "lessons")
    with ExitStack() as closing:

        def opened(var_dir: str, database_url: str, **settings: str) -> House:
            house = House(tmp_path / var_dir, database_url, redis_server.url, tmp_path / "lessons", **settings)
            closing.callback(house.close)
            return house

        yield opened


def why_held(house: House) -> str | None:
    with house.runtime.db.read() as session:
        return session.scalar(select(Hold.why))


def let_go(house: House) -> None:
    with house.runtime.db.write() as session:
        let_go_on(house.runtime, session, house.clock.real())


def test_a_restored_backup_sends_nothing_until_it_is_released(tmp_path: Path, open_house: Open) -> None:
    file, backup = tmp_path / "db.sqlite", tmp_path / "backup.sqlite"
    house = open_house("var", f"sqlite:///{file}")
    house.enrol()
    house.runtime.db.close()
    shutil.copy(file, backup)
    assert house.forward(days=1, hours=2) == 1
    house.runtime.db.close()
    shutil.copy(backup, file)
    assert house.step() == 0
    assert "gone back" in str(why_held(house))
    let_go(house)
    assert house.step() == 1


def test_an_older_counter_holds_on_either_database(database_url: str, open_house: Open) -> None:
    house = open_house("var", database_url)
    house.enrol()
    with house.runtime.db.write() as session:
        session.execute(update(Deployment).values(counter=0))
    assert house.forward(days=1, hours=2) == 0
    assert "gone back" in str(why_held(house))


def test_redis_alone_remembers_a_database_that_went_back(database_url: str, open_house: Open) -> None:
    house = open_house("var", database_url)
    house.enrol()
    with house.runtime.db.write() as session:
        session.execute(update(Deployment).values(counter=0))
    elsewhere = open_house("other", database_url)
    elsewhere.clock.forward(days=1, hours=2)
    assert elsewhere.step() == 0


def test_another_base_url_holds_a_copy_until_it_is_released(database_url: str, open_house: Open) -> None:
    house = open_house("var", database_url)
    house.enrol()
    copy = open_house("var", database_url, BASE_URL="https://courses.example.org")
    copy.clock.forward(days=1, hours=2)
    assert copy.step() == 0
    assert "http://127.0.0.1:8000" in str(why_held(copy))
    let_go(copy)
    assert copy.step() == 1
    back = open_house("var", database_url)
    back.clock.forward(days=2, hours=2)
    assert back.step() == 0
    assert "https://courses.example.org" in str(why_held(back))


def test_in_development_another_port_is_no_copy(sqlite_url: str, open_house: Open) -> None:
    open_house("var", sqlite_url).enrol()
    for day, address in enumerate(("http://localhost:9999", "http://[::1]:8002"), 1):
        again = open_house("var", sqlite_url, BASE_URL=address)
        again.clock.forward(days=day, hours=2)
        assert again.step() == 1, address
        assert why_held(again) is None


def test_where_mail_leaves_the_machine_another_port_is_a_copy(
    sqlite_url: str, open_house: Open, smtp_sink: SmtpSink
) -> None:
    open_house("var", sqlite_url).enrol()
    copy = open_house("var", sqlite_url, BASE_URL="http://127.0.0.1:9999", MAIL_URL=smtp_sink.url)
    copy.clock.forward(days=1, hours=2)
    assert copy.step() == 0
    assert "9999" in str(why_held(copy))


def test_an_outage_alone_holds_nothing(database_url: str, redis_server: RedisServer, open_house: Open) -> None:
    house = open_house("var", database_url)
    house.enrol()
    redis_server.empty()
    again = open_house("fresh", database_url)
    again.clock.forward(days=3, hours=2)
    assert again.step() == 1
    assert why_held(again) is None
