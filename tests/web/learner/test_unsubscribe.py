"""Leaving, as people do it and as mailbox providers do it for them."""

import pytest

from tests.support.world.world import World


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_at_the_page_leaves_nothing(world: World, method: str) -> None:
    world.enrol()
    before = world.rows()
    assert world.app.test_client().open(world.unsubscribe_url(), method=method).status_code == 200
    assert world.rows() == before


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_mailbox_provider_leaves_with_one_post_and_no_redirect(world: World, kind: str) -> None:
    world.enrol()
    body = b"List-Unsubscribe=One-Click"
    if "multipart" in kind:
        body = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    header = str(world.mails("lesson")[0].message["List-Unsubscribe"]).strip("<>")
    answer = world.app.test_client().post(header, data=body, headers={"Content-Type": kind})
    assert answer.status_code == 200
    assert world.look_up().state == "left"
    world.forward(days=3, hours=2)
    assert len(world.mails("lesson")) == 1


def test_the_button_does_the_same_and_twice_is_once(world: World) -> None:
    world.enrol()
    page = world.person.look(world.unsubscribe_url())
    assert "You are unsubscribed" in world.person.submit(page).text
    before = world.rows()
    world.clock.forward(hours=1)
    assert "You are unsubscribed" in world.person.submit(page).text
    assert world.rows() == before


def test_undo_takes_the_course_up_where_it_stopped(world: World) -> None:
    world.enrol()
    left = world.person.submit(world.person.look(world.unsubscribe_url()))
    back = world.person.submit(left)
    assert back.status == 200
    assert world.look_up().state == "active"
    world.next_lesson()
    assert sorted(mail.day or 0 for mail in world.mails("lesson")) == [1, 2]


def test_a_lesson_that_was_waiting_when_they_left_comes_after_the_undo(world: World) -> None:
    world.register()
    confirm = world.mails("confirm")[0].link("/confirm/")
    world.person.submit(world.person.look(confirm))
    world.person.post(world.unsubscribe_url())
    world.step()
    assert not world.mails("lesson")
    world.person.post(f"{world.unsubscribe_url()}/undo")
    world.step()
    assert [mail.day for mail in world.mails("lesson")] == [1]


def test_who_never_confirmed_may_leave_and_register_again(world: World) -> None:
    world.register()
    world.person.post(world.unsubscribe_url())
    assert world.look_up().state == "left"
    world.clock.forward(minutes=5)
    world.enrol(zone="Asia/Tokyo")
    assert (world.look_up().state, world.look_up().zone) == ("active", "Asia/Tokyo")
    assert world.mails("lesson")


def test_undo_of_who_never_confirmed_leads_back_to_the_landing_page(world: World) -> None:
    world.register()
    world.person.post(world.unsubscribe_url())
    page = world.person.post(f"{world.unsubscribe_url()}/undo")
    assert page.url.endswith("/courses/bread-at-home")
    assert world.look_up().state == "pending"


def test_an_altered_token_leaves_nothing(world: World) -> None:
    world.enrol()
    before, url = world.rows(), world.unsubscribe_url()
    for spoiled in (url[:-1], f"{url}A", url.replace("/unsubscribe/A", "/unsubscribe/B")):
        for path in (spoiled, f"{spoiled}/undo"):
            assert world.person.post(path).status == 404
    assert world.rows() == before


def test_registering_again_after_leaving_needs_a_new_confirmation(world: World) -> None:
    world.enrol()
    world.person.post(world.unsubscribe_url())
    world.clock.forward(minutes=5)
    world.register()
    assert world.look_up().state == "left"
    link = world.mails("confirm")[-1].link("/confirm/")
    assert world.person.submit(world.person.look(link)).status == 200
    assert world.look_up().state == "active"
