"""Confirming: only by the button, once, with the right link."""

from collections.abc import Callable

import pytest

from tests.support.house import House
from tests.support.mails import Mail


def confirm_link(house: House, email: str = "ada@example.org") -> str:
    return newest(house, email).link("/confirm/")


def newest(house: House, email: str) -> Mail:
    return next(m for m in reversed(house.mails("confirm")) if m.message["To"] == email)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_scanner_that_opens_the_link_confirms_nothing(house: House, method: str) -> None:
    house.register()
    before, link = house.rows(), confirm_link(house)
    for _ in range(3):
        assert house.app.test_client().open(link, method=method).status_code == 200
    assert house.rows() == before


def test_the_button_begins_the_course_and_pressing_twice_is_once(house: House) -> None:
    house.register()
    page = house.person.look(confirm_link(house))
    first, second = house.person.submit(page), house.person.submit(page)
    assert first.url == second.url
    house.step()
    assert sorted(mail.kind for mail in house.mails()) == ["confirm", "lesson", "welcome"]


def test_the_link_shows_the_way_to_the_course_once_it_is_confirmed(house: House) -> None:
    house.enrol()
    page = house.person.look(confirm_link(house))
    assert house.learn_url() in page.text
    assert "<form" not in page.text


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: t + "A", lambda t: t.swapcase(), lambda t: ""])
def test_an_altered_link_is_not_found_and_changes_nothing(house: House, spoil: Callable[[str], str]) -> None:
    house.register()
    before = house.rows()
    head, _, token = confirm_link(house).rpartition("/")
    for method in ("GET", "POST"):
        assert house.app.test_client().open(f"{head}/{spoil(token)}", method=method).status_code == 404
    assert house.rows() == before


def test_a_token_for_one_thing_opens_nothing_else(house: House) -> None:
    house.enrol()
    before, client = house.rows(), house.app.test_client()
    tokens = {
        "/confirm/{}": confirm_link(house).rpartition("/")[2],
        "/learn/{}": house.learn_url().rpartition("/")[2],
        "/unsubscribe/{}": house.unsubscribe_url().rpartition("/")[2],
    }
    for own, token in tokens.items():
        for route in tokens.keys() - {own}:
            for method in ("GET", "POST"):
                assert client.open(route.format(token), method=method).status_code in (404, 405)
        for route in ("/learn/{}/settings", "/learn/{}/erase", "/unsubscribe/{}/undo", "/learn/{}/pause"):
            if not route.startswith(own):
                assert client.post(route.format(token)).status_code == 404
    assert house.rows() == before


def test_a_token_signed_with_another_secret_is_not_found(house: House) -> None:
    house.enrol()
    foreign = type(house.runtime.signer)(("another-secret-of-32-characters!",))
    assert house.person.look(f"/learn/{foreign.learn(house.look_up().id, 0)}").status == 404


def test_a_link_that_was_replaced_by_a_newer_one_is_not_found(house: House) -> None:
    house.enrol()
    old = house.runtime.signer.learn(house.look_up().id, 7)
    page = house.person.look(f"/learn/{old}")
    assert page.status == 404
    assert "replaced by a newer one" in page.text


def test_a_link_of_last_month_says_what_to_do(house: House) -> None:
    house.register()
    link = confirm_link(house)
    house.clock.forward(days=31)
    page = house.person.look(link)
    assert page.status == 404
    assert "Register again" in page.text
    house.register()
    assert house.person.submit(house.person.look(confirm_link(house))).status == 200


def test_registering_twice_at_once_sends_one_mail_and_later_a_second(house: House) -> None:
    house.register()
    house.register()
    assert len(house.mails("confirm")) == 1
    house.clock.forward(minutes=3)
    house.register()
    assert len(house.mails("confirm")) == 2
    assert len(house.rows()["enrolment"]) == 1
