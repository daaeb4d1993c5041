"""Confirming: only by the button, once, with the right link."""

from collections.abc import Callable

import pytest

from tests.support.world.mails import Mail
from tests.support.world.world import House

ENROL = "/courses/bread-at-home/enrol"
INBOX = "/courses/bread-at-home/check-your-inbox"


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


def test_a_link_of_last_month_offers_a_new_mail(house: House) -> None:
    house.register()
    link = confirm_link(house)
    house.clock.forward(days=31)
    before = house.rows()
    page = house.person.look(link)
    assert page.status == 404
    assert house.person.post(link).status == 404
    assert house.rows() == before
    house.person.submit(page)
    house.step()
    assert confirm_link(house) != link
    assert "Your course" in house.person.submit(house.person.look(confirm_link(house))).text


def test_a_new_mail_instead_of_an_old_link_comes_with_gentle_limits(house: House) -> None:
    house.register()
    link = confirm_link(house)
    house.clock.forward(days=31)
    for _ in range(3):
        assert house.person.submit(house.person.look(link)).status == 200
        house.step()
    assert len(house.mails("confirm")) == 2


def test_the_browser_that_registered_confirms_by_itself_and_no_other_does(house: House) -> None:
    house.register()
    here = house.person.look(confirm_link(house))
    elsewhere = house.app.test_client().get(confirm_link(house))
    assert "data-by-itself" in here.text
    assert "data-by-itself" not in elsewhere.text
    assert "confirm.js" not in elsewhere.text


def test_the_proof_counts_for_its_own_address_and_for_two_hours(house: House) -> None:
    house.register()
    link = confirm_link(house)
    house.clock.forward(minutes=119)
    assert "data-by-itself" in house.person.look(link).text
    house.clock.forward(minutes=2)
    assert "data-by-itself" not in house.person.look(link).text
    house.register("eve@example.org")
    assert "data-by-itself" not in house.person.look(link).text
    assert "data-by-itself" in house.person.look(confirm_link(house, "eve@example.org")).text


def test_a_form_sent_by_another_site_proves_nothing(house: House) -> None:
    form = {"email": "ada@example.org"}
    answer = house.app.test_client().post(ENROL, data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 303
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("spoil", [lambda c: c[:-2], lambda c: "A" + c, lambda c: "", lambda c: "x" * 3000])
def test_an_altered_proof_is_none(house: House, spoil: Callable[[str], str]) -> None:
    client = house.app.test_client()
    client.post(ENROL, data={"email": "ada@example.org"})
    house.step()
    cookie = client.get_cookie("registered")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")
    client.set_cookie("registered", spoil(cookie.value))
    assert "data-by-itself" not in client.get(confirm_link(house)).text
    assert "Send it again" not in client.get(INBOX).text


def test_registering_twice_at_once_sends_one_mail_and_later_a_second(house: House) -> None:
    house.register()
    house.register()
    assert len(house.mails("confirm")) == 1
    house.clock.forward(minutes=3)
    house.register()
    assert len(house.mails("confirm")) == 2
    assert len(house.rows()["enrolment"]) == 1
