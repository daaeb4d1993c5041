"""A copied or restored database sends nothing by itself; an outage alone holds nothing."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import select, update

from course.models import Deployment, Hold
from mailer.sending.continuity import (
    ask_outside,
    count_claim,
    hold_if_changed,
    hold_if_keys_are_missed,
    letting_go_on,
)
from mailer.sending.plan import planning_step
from mailer.signing_keys import key_finding
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
    with letting_go_on(world.runtime, world.clock.real()):
        pass


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


def test_a_backup_on_a_new_machine_sends_nothing_until_it_is_released(
    database_url: str, redis_server: RedisServer, open_world: Open
) -> None:
    """The same settings, an empty Redis and an empty VAR_DIR."""
    open_world("var", database_url).enrol()
    redis_server.empty()
    restored = open_world("new", database_url)
    restored.clock.forward(days=1, hours=2)
    assert restored.step() == 0
    assert "neither Redis nor VAR_DIR" in str(why_held(restored))
    let_go(restored)
    assert restored.step() == 1
    assert restored.forward(days=1) == 1
    assert why_held(restored) is None


def test_one_can_see_that_it_will_hold_before_any_mail_is_due(
    database_url: str, redis_server: RedisServer, open_world: Open
) -> None:
    open_world("var", database_url).enrol()
    redis_server.empty()
    restored = open_world("new", database_url)
    hold_if_changed(restored.runtime, restored.clock.real())
    assert "neither Redis nor VAR_DIR" in str(why_held(restored))


def test_an_emptied_redis_alone_holds_nothing(
    database_url: str, redis_server: RedisServer, open_world: Open
) -> None:
    world = open_world("var", database_url)
    world.enrol()
    redis_server.empty()
    assert world.forward(days=1, hours=2) == 1
    assert why_held(world) is None


def test_an_emptied_var_dir_alone_holds_nothing(database_url: str, open_world: Open) -> None:
    """As in containers, or for one more worker on another machine."""
    open_world("var", database_url).enrol()
    again = open_world("fresh", database_url)
    again.clock.forward(days=1, hours=2)
    assert again.step() == 1
    assert why_held(again) is None


def test_an_emptied_redis_hears_of_it_again_from_the_next_plan(
    database_url: str, redis_server: RedisServer, open_world: Open
) -> None:
    """So a worker on a machine that has not sent yet need not know, where VAR_DIR is thrown away."""
    world = open_world("var", database_url)
    world.enrol()
    redis_server.empty()
    world.clock.forward(days=1, hours=2)
    planning_step(world.runtime)
    elsewhere = open_world("fresh", database_url)
    elsewhere.clock.forward(days=1, hours=2)
    assert elsewhere.step() == 1
    assert why_held(elsewhere) is None


def test_several_who_begin_together_with_a_new_database_do_not_hold(database_url: str, open_world: Open) -> None:
    """The second asks while the first has claimed, and has not yet told what it counted."""
    first, second = open_world("one", database_url), open_world("two", database_url)
    asked = ask_outside(first.runtime)
    with first.runtime.db.write() as session:
        assert count_claim(first.runtime, session, asked, first.clock.real()) is not None
    later = ask_outside(second.runtime)
    with second.runtime.db.write() as session:
        assert count_claim(second.runtime, session, later, second.clock.real()) is not None


def test_who_asked_before_another_was_told_does_not_hold_afterwards(
    database_url: str, redis_server: RedisServer, open_world: Open
) -> None:
    """A release between a worker's question and its claim."""
    open_world("var", database_url).enrol()
    redis_server.empty()
    restored = open_world("new", database_url)
    asked = ask_outside(restored.runtime)
    let_go(restored)
    with restored.runtime.db.write() as session:
        assert count_claim(restored.runtime, session, asked, restored.clock.real()) is not None


def test_while_redis_is_away_nobody_is_a_stranger(
    database_url: str, redis_server: RedisServer, open_world: Open
) -> None:
    """VAR_DIR knows nothing and nobody else can be asked: nothing goes, and nothing is held."""
    open_world("var", database_url).enrol()
    again = open_world("fresh", database_url)
    again.clock.forward(days=1, hours=2)
    redis_server.stop()
    assert again.step() == 0
    assert why_held(again) is None


OLD_KEY, NEW_KEY = "o" * 40, "n" * 40


def test_a_key_that_was_changed_without_keeping_the_old_one_holds_and_says_what_to_do(
    database_url: str, open_world: Open
) -> None:
    world = open_world("var", database_url, SECRET_KEY=OLD_KEY)
    world.enrol()
    sent = len(world.mails())
    changed = open_world("var", database_url, SECRET_KEY=NEW_KEY)
    hold_if_keys_are_missed(changed.runtime, changed.clock.real())
    why = str(why_held(changed))
    assert f"the {sent} mails" in why
    assert "behind the new one" in why
    changed.clock.forward(days=1, hours=2)
    assert changed.step() == 0


def test_it_is_noticed_with_the_next_mail_too(database_url: str, open_world: Open) -> None:
    open_world("var", database_url, SECRET_KEY=OLD_KEY).enrol()
    changed = open_world("var", database_url, SECRET_KEY=NEW_KEY)
    changed.clock.forward(days=1, hours=2)
    assert changed.step() == 0
    assert "SECRET_KEY" in str(why_held(changed))
    let_go(changed)
    assert changed.step() == 1
    assert why_held(changed) is None


def test_with_the_old_key_put_back_sending_goes_on(database_url: str, open_world: Open) -> None:
    open_world("var", database_url, SECRET_KEY=OLD_KEY).enrol()
    changed = open_world("var", database_url, SECRET_KEY=NEW_KEY)
    hold_if_keys_are_missed(changed.runtime, changed.clock.real())
    mended = open_world("var", database_url, SECRET_KEY=f"{NEW_KEY},{OLD_KEY}")
    let_go(mended)
    mended.clock.forward(days=1, hours=2)
    assert mended.step() == 1


def test_a_key_that_is_rotated_with_the_old_one_kept_holds_nothing(database_url: str, open_world: Open) -> None:
    open_world("var", database_url, SECRET_KEY=OLD_KEY).enrol()
    rotated = open_world("var", database_url, SECRET_KEY=f"{NEW_KEY},{OLD_KEY}")
    rotated.clock.forward(days=1, hours=2)
    assert rotated.step() == 1
    assert why_held(rotated) is None
    with rotated.runtime.db.read() as session:
        finding = key_finding(session, rotated.runtime.signer.fingerprints[:1], rotated.clock.real())
    assert (finding.state, "SECRET_KEY" in finding.said) == ("bad", True)


def test_a_database_of_before_takes_the_present_key_as_the_one_that_signed(
    database_url: str, open_world: Open
) -> None:
    world = open_world("var", database_url, SECRET_KEY=OLD_KEY)
    world.enrol()
    with world.runtime.db.write() as session:
        session.execute(update(Deployment).values(keys=None))
    changed = open_world("var", database_url, SECRET_KEY=NEW_KEY)
    changed.clock.forward(days=1, hours=2)
    assert changed.step() == 1
    assert why_held(changed) is None
