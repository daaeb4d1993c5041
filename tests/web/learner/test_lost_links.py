"""Links that were lost, and links that got into other hands."""

import shutil

import pytest
from sqlalchemy import event

from tests.support.author.studio import work_off
from tests.support.servers.redis_server import RedisServer
from tests.support.world.sample_course import SLUG
from tests.support.world.world import House


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here turns on the kind of database."""
    return sqlite_url


def ask(house: House, email: str) -> str:
    page = house.person.post("/lost-link", {"email": email})
    assert page.status == 200
    work_off(house)
    return page.text


def test_who_lost_the_link_gets_it_by_mail_and_the_page_tells_nobody(house: House) -> None:
    house.enrol()
    assert ask(house, " ADA@example.org") == ask(house, "nobody@example.org")
    assert [mail.message["To"] for mail in house.mails("link")] == ["ada@example.org"]
    assert house.person.look(house.mails("link")[0].link("/learn/")).status == 200


def test_a_page_asks_the_database_nothing_of_an_address_so_its_time_tells_nothing(house: House) -> None:
    house.enrol()
    asked: list[str] = []
    event.listen(house.runtime.db.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    for email in ("ada@example.org", "nobody@example.org"):
        assert house.app.test_client().post("/lost-link", data={"email": email}).status_code == 303
    assert asked == []


def test_with_redis_away_the_link_comes_all_the_same(house: House, redis_server: RedisServer) -> None:
    house.enrol()
    redis_server.stop()
    assert house.person.post("/lost-link", {"email": "ada@example.org"}).status == 200
    redis_server.start()
    house.step()
    assert len(house.mails("link")) == 1


def test_each_course_sends_its_own_link_in_its_own_language(house: House) -> None:
    house.enrol()
    german = house.lessons_dir / "brot"
    shutil.copytree(house.lessons_dir / SLUG, german)
    course_md = german / "course.md"
    course_md.write_text(course_md.read_text().replace("sender:", "language: de\nsender:"))
    house.publish()
    page = house.person.look("/courses/brot")
    house.person.submit(page, email="ada@example.org", name="Ada", zone="Europe/Berlin", hour="8")
    house.step()
    house.person.submit(house.person.look(house.mails("confirm")[-1].link("/confirm/")))
    house.step()
    ask(house, "ada@example.org")
    sent = [(mail.subject, house.person.look(mail.link("/learn/")).text) for mail in house.mails("link")]
    assert {(subject, '<html lang="de"' in page) for subject, page in sent} == {
        ("Your course page: Bread at home", False),
        ("Ihre Kursseite: Bread at home", True),
    }


def test_asking_again_and_again_fills_no_inbox(house: House) -> None:
    house.enrol()
    for _ in range(20):
        ask(house, "ada@example.org")
        house.clock.forward(minutes=1)
    assert len(house.mails("link")) == 4


def test_who_has_not_confirmed_gets_the_confirmation_again_and_who_left_gets_nothing(house: House) -> None:
    house.register()
    house.enrol("eve@example.org")
    house.person.post(house.unsubscribe_url("eve@example.org"))
    house.clock.forward(minutes=5)
    ask(house, "ada@example.org")
    ask(house, "eve@example.org")
    assert [mail.message["To"] for mail in house.mails("confirm")].count("ada@example.org") == 2
    assert house.mails("link") == []


@pytest.mark.parametrize("email", ["", "nobody", "a@b@example.org", "\0", "x" * 9000, "ada@example.org\r\nBcc: x"])
def test_no_address_is_told_so_and_nothing_changes(house: House, email: str) -> None:
    house.enrol()
    before = house.rows()
    page = house.person.post("/lost-link", {"email": email})
    assert page.status == 422
    assert "needs another look" in page.text
    assert house.rows() == before


def test_renewed_links_lock_out_who_has_the_old_ones(house: House) -> None:
    house.enrol()
    old, lesson = house.learn_url(), house.mails("lesson")[0]
    unsubscribe, confirm = lesson.link("/unsubscribe/"), house.mails("confirm")[0].link("/confirm/")
    page = house.person.post(f"{old}/renew")
    house.step()
    assert "Your link is new" in page.text
    assert house.learn_url() in page.text
    assert house.person.look(house.mails("renewed")[0].link("/learn/")).status == 200
    doors = (old, f"{old}/dough-1", lesson.link("/learn/"), f"{old}/settings/address", f"{old}/settings/links")
    for door in doors:
        shut = house.person.look(door)
        assert shut.status == 404
        assert "replaced by a newer one" in shut.text
        assert "ada@example.org" not in shut.text
    for deed in ("settings", "pause", "export", "erase", "renew", "dough-1/complete", "settings/address"):
        assert house.person.post(f"{old}/{deed}", {"email": "eve@example.org"}).status == 404
    new = house.learn_url().rpartition("/")[2]
    assert new not in house.person.look(unsubscribe).text
    assert house.person.look(confirm).status == 404
    assert new not in house.person.post(unsubscribe).text
    back = house.person.post(f"{unsubscribe}/undo")
    assert "You are back" in back.text
    assert new not in back.text
    assert house.look_up().state == "active"


def test_an_old_link_mails_the_new_one_to_the_address_on_file(house: House) -> None:
    house.enrol()
    old = house.learn_url()
    house.person.post(f"{old}/renew")
    house.step()
    page = house.person.look(old)
    for _ in range(2):
        sent = house.person.submit(page)
        assert sent.status == 200
        assert "ada@example.org" not in sent.text
        house.step()
    assert len(house.mails("link")) == 1
    assert house.person.look(house.mails("link")[0].link("/learn/")).status == 200


def test_renewing_is_no_game_and_the_lessons_go_on(house: House) -> None:
    house.enrol()
    for _ in range(3):
        page = house.person.post(f"{house.learn_url()}/renew")
        assert page.status == 200
    assert "a short while ago" in page.text
    assert house.look_up().generation == 1
    house.next_lesson()
    newest = house.mails("lesson")[-1]
    assert newest.day == 2
    assert house.person.look(newest.link("/learn/")).status == 200


def test_a_link_that_nobody_made_cannot_be_renewed_or_mailed(house: House) -> None:
    house.enrol()
    before = house.rows()
    for url in ("/learn/x/renew", "/learn/x/mail-link", f"{house.learn_url()}x/mail-link"):
        assert house.person.post(url).status == 404
    assert house.rows() == before
