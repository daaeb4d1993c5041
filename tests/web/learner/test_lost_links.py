"""Links that were lost, and links that got into other hands."""

import shutil

import pytest
from sqlalchemy import event

from tests.support.author.studio import work_off
from tests.support.servers.redis_server import RedisServer
from tests.support.world.sample_course import SLUG
from tests.support.world.world import World


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here turns on the kind of database."""
    return sqlite_url


def ask(world: World, email: str) -> str:
    page = world.person.post("/lost-link", {"email": email})
    assert page.status == 200
    work_off(world)
    return page.text


def test_who_lost_the_link_gets_it_by_mail_and_the_page_tells_nobody(world: World) -> None:
    world.enrol()
    assert ask(world, " ADA@example.org") == ask(world, "nobody@example.org")
    assert [mail.message["To"] for mail in world.mails("link")] == ["ada@example.org"]
    assert world.person.look(world.mails("link")[0].link("/learn/")).status == 200


def test_a_page_asks_the_database_nothing_of_an_address_so_its_time_tells_nothing(world: World) -> None:
    world.enrol()
    asked: list[str] = []
    event.listen(world.runtime.db.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    for email in ("ada@example.org", "nobody@example.org"):
        assert world.app.test_client().post("/lost-link", data={"email": email}).status_code == 303
    assert asked == []


def test_with_redis_away_the_link_comes_all_the_same(world: World, redis_server: RedisServer) -> None:
    world.enrol()
    redis_server.stop()
    assert world.person.post("/lost-link", {"email": "ada@example.org"}).status == 200
    redis_server.start()
    world.step()
    assert len(world.mails("link")) == 1


def test_each_course_sends_its_own_link_in_its_own_language(world: World) -> None:
    world.enrol()
    german = world.lessons_dir / "brot"
    shutil.copytree(world.lessons_dir / SLUG, german)
    course_md = german / "course.md"
    course_md.write_text(course_md.read_text().replace("sender:", "language: de\nsender:"))
    world.publish()
    page = world.person.look("/courses/brot")
    world.person.submit(page, email="ada@example.org", name="Ada", zone="Europe/Berlin", hour="8")
    world.step()
    world.person.submit(world.person.look(world.mails("confirm")[-1].link("/confirm/")))
    world.step()
    ask(world, "ada@example.org")
    sent = [(mail.subject, world.person.look(mail.link("/learn/")).text) for mail in world.mails("link")]
    assert {(subject, '<html lang="de"' in page) for subject, page in sent} == {
        ("Your course page: Bread at home", False),
        ("Ihre Kursseite: Bread at home", True),
    }


def test_asking_again_and_again_fills_no_inbox(world: World) -> None:
    world.enrol()
    for _ in range(20):
        ask(world, "ada@example.org")
        world.clock.forward(minutes=1)
    assert len(world.mails("link")) == 4


def test_who_has_not_confirmed_gets_the_confirmation_again_and_who_left_gets_nothing(world: World) -> None:
    world.register()
    world.enrol("eve@example.org")
    world.person.post(world.unsubscribe_url("eve@example.org"))
    world.clock.forward(minutes=5)
    ask(world, "ada@example.org")
    ask(world, "eve@example.org")
    assert [mail.message["To"] for mail in world.mails("confirm")].count("ada@example.org") == 2
    assert world.mails("link") == []


@pytest.mark.parametrize("email", ["", "nobody", "a@b@example.org", "\0", "x" * 9000, "ada@example.org\r\nBcc: x"])
def test_no_address_is_told_so_and_nothing_changes(world: World, email: str) -> None:
    world.enrol()
    before = world.rows()
    page = world.person.post("/lost-link", {"email": email})
    assert page.status == 422
    assert "needs another look" in page.text
    assert world.rows() == before


def test_renewed_links_lock_out_who_has_the_old_ones(world: World) -> None:
    world.enrol()
    old, lesson = world.learn_url(), world.mails("lesson")[0]
    unsubscribe, confirm = lesson.link("/unsubscribe/"), world.mails("confirm")[0].link("/confirm/")
    page = world.person.post(f"{old}/renew")
    world.step()
    assert "Your link is new" in page.text
    assert world.learn_url() in page.text
    assert world.person.look(world.mails("renewed")[0].link("/learn/")).status == 200
    doors = (old, f"{old}/dough-1", lesson.link("/learn/"), f"{old}/settings/address", f"{old}/settings/links")
    for door in doors:
        shut = world.person.look(door)
        assert shut.status == 404
        assert "replaced by a newer one" in shut.text
        assert "ada@example.org" not in shut.text
    for deed in ("settings", "pause", "export", "erase", "renew", "dough-1/complete", "settings/address"):
        assert world.person.post(f"{old}/{deed}", {"email": "eve@example.org"}).status == 404
    new = world.learn_url().rpartition("/")[2]
    assert new not in world.person.look(unsubscribe).text
    assert world.person.look(confirm).status == 404
    assert new not in world.person.post(unsubscribe).text
    back = world.person.post(f"{unsubscribe}/undo")
    assert "You are back" in back.text
    assert new not in back.text
    assert world.look_up().state == "active"


def test_an_old_link_mails_the_new_one_to_the_address_on_file(world: World) -> None:
    world.enrol()
    old = world.learn_url()
    world.person.post(f"{old}/renew")
    world.step()
    page = world.person.look(old)
    for _ in range(2):
        sent = world.person.submit(page)
        assert sent.status == 200
        assert "ada@example.org" not in sent.text
        world.step()
    assert len(world.mails("link")) == 1
    assert world.person.look(world.mails("link")[0].link("/learn/")).status == 200


def test_renewing_is_no_game_and_the_lessons_go_on(world: World) -> None:
    world.enrol()
    for _ in range(3):
        page = world.person.post(f"{world.learn_url()}/renew")
        assert page.status == 200
    assert "a short while ago" in page.text
    assert world.look_up().generation == 1
    world.next_lesson()
    newest = world.mails("lesson")[-1]
    assert newest.day == 2
    assert world.person.look(newest.link("/learn/")).status == 200


def test_a_link_that_nobody_made_cannot_be_renewed_or_mailed(world: World) -> None:
    world.enrol()
    before = world.rows()
    for url in ("/learn/x/renew", "/learn/x/mail-link", f"{world.learn_url()}x/mail-link"):
        assert world.person.post(url).status == 404
    assert world.rows() == before
