"""Leaving, as people do it and as mailbox providers do it for them."""

import pytest

from tests.support.world.world import House


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_at_the_page_leaves_nothing(house: House, method: str) -> None:
    house.enrol()
    before = house.rows()
    assert house.app.test_client().open(house.unsubscribe_url(), method=method).status_code == 200
    assert house.rows() == before


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_mailbox_provider_leaves_with_one_post_and_no_redirect(house: House, kind: str) -> None:
    house.enrol()
    body = b"List-Unsubscribe=One-Click"
    if "multipart" in kind:
        body = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    header = str(house.mails("lesson")[0].message["List-Unsubscribe"]).strip("<>")
    answer = house.app.test_client().post(header, data=body, headers={"Content-Type": kind})
    assert answer.status_code == 200
    assert house.look_up().state == "left"
    house.forward(days=3, hours=2)
    assert len(house.mails("lesson")) == 1


def test_the_button_does_the_same_and_twice_is_once(house: House) -> None:
    house.enrol()
    page = house.person.look(house.unsubscribe_url())
    assert "You are unsubscribed" in house.person.submit(page).text
    before = house.rows()
    house.clock.forward(hours=1)
    assert "You are unsubscribed" in house.person.submit(page).text
    assert house.rows() == before


def test_undo_takes_the_course_up_where_it_stopped(house: House) -> None:
    house.enrol()
    left = house.person.submit(house.person.look(house.unsubscribe_url()))
    back = house.person.submit(left)
    assert back.status == 200
    assert house.look_up().state == "active"
    house.next_lesson()
    assert sorted(mail.day or 0 for mail in house.mails("lesson")) == [1, 2]


def test_a_lesson_that_was_waiting_when_they_left_comes_after_the_undo(house: House) -> None:
    house.register()
    confirm = house.mails("confirm")[0].link("/confirm/")
    house.person.submit(house.person.look(confirm))
    house.person.post(house.unsubscribe_url())
    house.step()
    assert not house.mails("lesson")
    house.person.post(f"{house.unsubscribe_url()}/undo")
    house.step()
    assert [mail.day for mail in house.mails("lesson")] == [1]


def test_who_never_confirmed_may_leave_and_register_again(house: House) -> None:
    house.register()
    house.person.post(house.unsubscribe_url())
    assert house.look_up().state == "left"
    house.clock.forward(minutes=5)
    house.enrol(zone="Asia/Tokyo")
    assert (house.look_up().state, house.look_up().zone) == ("active", "Asia/Tokyo")
    assert house.mails("lesson")


def test_undo_of_who_never_confirmed_leads_back_to_the_landing_page(house: House) -> None:
    house.register()
    house.person.post(house.unsubscribe_url())
    page = house.person.post(f"{house.unsubscribe_url()}/undo")
    assert page.url.endswith("/courses/bread-at-home")
    assert house.look_up().state == "pending"


def test_an_altered_token_leaves_nothing(house: House) -> None:
    house.enrol()
    before, url = house.rows(), house.unsubscribe_url()
    for spoiled in (url[:-1], f"{url}A", url.replace("/unsubscribe/A", "/unsubscribe/B")):
        for path in (spoiled, f"{spoiled}/undo"):
            assert house.person.post(path).status == 404
    assert house.rows() == before


def test_registering_again_after_leaving_needs_a_new_confirmation(house: House) -> None:
    house.enrol()
    house.person.post(house.unsubscribe_url())
    house.clock.forward(minutes=5)
    house.register()
    assert house.look_up().state == "left"
    link = house.mails("confirm")[-1].link("/confirm/")
    assert house.person.submit(house.person.look(link)).status == 200
    assert house.look_up().state == "active"
