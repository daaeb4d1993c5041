"""Taking one's data away, and having it erased: asked for on the page, done from a mail, asked twice."""

import pytest

from course.models import Suppression
from tests.support.world.world import World


@pytest.mark.parametrize("deed", ["export", "erase"])
def test_the_link_of_a_course_page_alone_gives_and_erases_nothing(world: World, deed: str) -> None:
    world.enrol()
    page = world.person.post(f"{world.learn_url()}/{deed}")
    assert page.status == 200
    assert "We have written to you" in page.text
    assert world.rows()["learner"]
    world.step()
    assert [mail.message["To"] for mail in world.mails(deed)] == ["ada@example.org"]


@pytest.mark.parametrize("deed", ["export", "erase"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_scanner_that_opens_the_mails_link_does_nothing(world: World, deed: str, method: str) -> None:
    world.enrol()
    link = world.ask_for(deed)
    before = world.rows()
    for _ in range(3):
        assert world.app.test_client().open(link, method=method).status_code == 200
    assert world.rows() == before


def test_an_export_is_given_once(world: World) -> None:
    world.enrol()
    link, client = world.ask_for("export"), world.app.test_client()
    assert client.post(link).get_json()["email"] == "ada@example.org"
    assert client.post(link).status_code == client.get(link).status_code == 404


def test_before_erasure_it_is_said_what_would_be_lost_and_the_data_are_offered_first(world: World) -> None:
    world.enrol()
    world.person.post(f"{world.learn_url()}/dough-1/complete")
    page = world.person.look(world.ask_for("erase"))
    assert "one day that you have completed" in page.text
    assert page.text.index("Download my data") < page.text.index("Erase everything about me")
    file = world.app.test_client().post(f"{page.url}/export")
    assert file.get_json()["email"] == "ada@example.org"
    assert "Everything is erased" in world.person.submit(page).text
    assert not world.rows()["learner"]


@pytest.mark.parametrize("deed", ["export", "erase"])
def test_the_mails_link_is_over_after_a_day(world: World, deed: str) -> None:
    world.enrol()
    link = world.ask_for(deed)
    world.clock.forward(days=1, minutes=1)
    assert world.person.look(link).status == world.person.post(link).status == 404
    assert world.rows()["learner"]


@pytest.mark.parametrize("deed", ["export", "erase"])
def test_renewing_ones_links_shuts_a_wish_that_is_under_way(world: World, deed: str) -> None:
    world.enrol()
    link = world.ask_for(deed)
    world.person.post(f"{world.learn_url()}/renew")
    assert world.person.look(link).status == world.person.post(link).status == 404
    assert world.rows()["learner"]


def test_the_mail_for_an_export_erases_nothing_and_no_other_mail_does_either(world: World) -> None:
    world.enrol()
    link = world.ask_for("export")
    assert world.person.post(f"{link}/export").status == 404
    for row in world.rows()["delivery"]:
        if row["kind"] not in ("export", "erase"):
            assert world.person.post(f"/wish/{world.runtime.signer.wish(row['id'], 0)}").status == 404
    assert world.rows()["learner"]


def test_who_has_left_can_still_take_their_data(world: World) -> None:
    world.enrol()
    world.person.post(world.unsubscribe_url())
    assert world.app.test_client().post(world.ask_for("export")).status_code == 200


@pytest.mark.parametrize("deed", ["export", "erase"])
def test_who_gets_no_mail_any_more_is_told_whom_to_write_to(world: World, deed: str) -> None:
    world.enrol()
    with world.runtime.db.write() as session:
        row = {"email": "ada@example.org", "reason": "bounced", "suppressed_at": world.clock.real(), "why": ""}
        session.add(Suppression(**row))
    page = world.person.post(f"{world.learn_url()}/{deed}")
    assert "No mail goes to your address" in page.text
    world.step()
    assert not world.mails(deed)


def test_asking_again_at_once_sends_no_second_mail(world: World) -> None:
    world.enrol()
    for _ in range(5):
        world.person.post(f"{world.learn_url()}/erase")
    world.step()
    assert len(world.mails("erase")) == 1


def test_who_has_the_link_by_mistake_uses_up_nobody_elses_asking(world: World) -> None:
    world.enrol()
    url = f"{world.learn_url()}/erase"
    client = world.app.test_client()
    for _ in range(4):
        client.post(url, headers={"X-Forwarded-For": "203.0.113.5"})
        world.clock.forward(minutes=3)
    world.step()
    before = len(world.mails("erase"))
    client.post(url, headers={"X-Forwarded-For": "198.51.100.7"})
    world.step()
    assert len(world.mails("erase")) == before + 1
