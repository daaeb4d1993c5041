"""Confirming: only by the button, once, with the right link."""

from collections.abc import Callable

import pytest

from tests.support.world.mails import Mail
from tests.support.world.world import World

ENROL = "/courses/bread-at-home/enrol"
INBOX = "/courses/bread-at-home/check-your-inbox"


def confirm_link(world: World, email: str = "ada@example.org") -> str:
    return newest(world, email).link("/confirm/")


def newest(world: World, email: str) -> Mail:
    return next(m for m in reversed(world.mails("confirm")) if m.message["To"] == email)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_scanner_that_opens_the_link_confirms_nothing(world: World, method: str) -> None:
    world.register()
    before, link = world.rows(), confirm_link(world)
    for _ in range(3):
        assert world.app.test_client().open(link, method=method).status_code == 200
    assert world.rows() == before


def test_the_button_begins_the_course_and_pressing_twice_is_once(world: World) -> None:
    world.register()
    page = world.person.look(confirm_link(world))
    first, second = world.person.submit(page), world.person.submit(page)
    assert first.url.endswith(world.learn_url())
    assert second.url == page.url
    assert "/learn/" not in second.text
    world.step()
    assert sorted(mail.kind for mail in world.mails()) == ["confirm", "lesson", "welcome"]


def test_a_link_that_was_used_shows_no_way_to_the_course_but_mails_it(world: World) -> None:
    world.enrol()
    page = world.person.look(confirm_link(world))
    assert "/learn/" not in page.text
    world.person.submit(page)
    world.step()
    assert world.mails("link")[-1].link("/learn/").endswith(world.learn_url())


def test_a_used_link_brings_back_who_left_but_leads_nobody_to_their_page(world: World) -> None:
    world.enrol()
    world.clock.forward(minutes=5)
    world.person.post(world.unsubscribe_url())
    for deed in ("", "/anew"):
        page = world.person.post(f"{confirm_link(world)}{deed}")
        assert "/learn/" not in page.url + page.text
    assert (world.look_up().state, world.look_up().round) == ("active", 1)


def test_who_left_and_registers_again_is_led_to_their_page_by_the_new_mail_once(world: World) -> None:
    world.enrol()
    world.clock.forward(minutes=5)
    world.person.post(world.unsubscribe_url())
    world.clock.forward(minutes=5)
    world.register()
    page = world.person.look(confirm_link(world))
    assert world.person.submit(page).url.endswith(world.learn_url())
    world.clock.forward(minutes=5)
    world.person.post(world.unsubscribe_url())
    assert "/learn/" not in world.person.submit(page).url


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: t + "A", lambda t: t.swapcase(), lambda t: ""])
def test_an_altered_link_is_not_found_and_changes_nothing(world: World, spoil: Callable[[str], str]) -> None:
    world.register()
    before = world.rows()
    head, _, token = confirm_link(world).rpartition("/")
    for method in ("GET", "POST"):
        assert world.app.test_client().open(f"{head}/{spoil(token)}", method=method).status_code == 404
    assert world.rows() == before


def test_a_token_for_one_thing_opens_nothing_else(world: World) -> None:
    world.enrol()
    before, client = world.rows(), world.app.test_client()
    tokens = {
        "/confirm/{}": confirm_link(world).rpartition("/")[2],
        "/learn/{}": world.learn_url().rpartition("/")[2],
        "/unsubscribe/{}": world.unsubscribe_url().rpartition("/")[2],
    }
    for own, token in tokens.items():
        for route in tokens.keys() - {own}:
            for method in ("GET", "POST"):
                assert client.open(route.format(token), method=method).status_code in (404, 405)
        for route in ("/learn/{}/settings", "/learn/{}/erase", "/unsubscribe/{}/undo", "/learn/{}/pause"):
            if not route.startswith(own):
                assert client.post(route.format(token)).status_code == 404
    assert world.rows() == before


def test_a_token_signed_with_another_secret_is_not_found(world: World) -> None:
    world.enrol()
    foreign = type(world.runtime.signer)(("another-secret-of-32-characters!",))
    assert world.person.look(f"/learn/{foreign.learn(world.look_up().id, 0)}").status == 404


def test_a_link_of_last_week_offers_a_new_mail(world: World) -> None:
    world.register()
    link = confirm_link(world)
    world.clock.forward(days=7, minutes=1)
    before = world.rows()
    page = world.person.look(link)
    assert page.status == 404
    assert world.person.post(link).status == 404
    assert world.rows() == before
    world.person.submit(page)
    world.step()
    assert confirm_link(world) != link
    assert "Your course" in world.person.submit(world.person.look(confirm_link(world))).text


def test_a_new_mail_instead_of_an_old_link_comes_with_gentle_limits(world: World) -> None:
    world.register()
    link = confirm_link(world)
    world.clock.forward(days=31)
    for _ in range(3):
        assert world.person.submit(world.person.look(link)).status == 200
        world.step()
    assert len(world.mails("confirm")) == 2


def test_the_browser_that_registered_confirms_by_itself_and_no_other_does(world: World) -> None:
    world.register()
    here = world.person.look(confirm_link(world))
    elsewhere = world.app.test_client().get(confirm_link(world))
    assert "data-by-itself" in here.text
    assert "data-by-itself" not in elsewhere.text
    assert "confirm.js" not in elsewhere.text


def test_the_proof_counts_for_its_own_address_and_for_two_hours(world: World) -> None:
    world.register()
    link = confirm_link(world)
    world.clock.forward(minutes=119)
    assert "data-by-itself" in world.person.look(link).text
    world.clock.forward(minutes=2)
    assert "data-by-itself" not in world.person.look(link).text
    world.register("eve@example.org")
    assert "data-by-itself" not in world.person.look(link).text
    assert "data-by-itself" in world.person.look(confirm_link(world, "eve@example.org")).text


def test_a_form_sent_by_another_site_proves_nothing(world: World) -> None:
    form = {"email": "ada@example.org"}
    answer = world.app.test_client().post(ENROL, data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 303
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("spoil", [lambda c: c[:-2], lambda c: "A" + c, lambda c: "", lambda c: "x" * 3000])
def test_an_altered_proof_is_none(world: World, spoil: Callable[[str], str]) -> None:
    client = world.app.test_client()
    client.post(ENROL, data={"email": "ada@example.org"})
    world.step()
    cookie = client.get_cookie("registered")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")
    client.set_cookie("registered", spoil(cookie.value))
    assert "data-by-itself" not in client.get(confirm_link(world)).text
    assert "Send it again" not in client.get(INBOX).text


def test_registering_twice_at_once_sends_one_mail_and_later_a_second(world: World) -> None:
    world.register()
    world.register()
    assert len(world.mails("confirm")) == 1
    world.clock.forward(minutes=3)
    world.register()
    assert len(world.mails("confirm")) == 2
    assert len(world.rows()["enrolment"]) == 1
