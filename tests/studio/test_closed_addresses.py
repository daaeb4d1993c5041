"""Operators see which addresses get no mail, why and since when, and let mail go there again."""

from course.models import Suppression
from tests.support.author.studio import sign_in
from tests.support.world.world import World

PAGE = "/studio/addresses"


def close(world: World, email: str, reason: str, why: str = "RCPT: 550 5.1.1 no such user") -> None:
    with world.runtime.db.write() as session:
        session.add(Suppression(email=email, reason=reason, suppressed_at=world.clock.real(), why=why))


def test_while_none_is_closed_the_page_says_so_and_sending_leads_there(studio: World) -> None:
    person = sign_in(studio)
    assert PAGE in person.look("/studio/release").text
    assert "mail may go to everybody" in person.look(PAGE).text


def test_each_has_its_reason_its_date_and_the_servers_words(studio: World) -> None:
    close(studio, "ada@example.org", "bounced")
    close(studio, "eve@example.org", "complained", "")
    person = sign_in(studio)
    page = person.look(PAGE)
    for told in ("ada@example.org", "Mail came back for good", "no such user", "2026-03-23 06:00"):
        assert told in page.text
    assert "eve@example.org" in page.text
    assert "Only they can open it" in page.text
    found = person.look(f"{PAGE}?words=ada")
    assert "eve@example.org" not in found.text
    assert "No such address is closed" in person.look(f"{PAGE}?words=nobody").text


def test_one_is_opened_again_with_a_reason_in_the_log(studio: World) -> None:
    close(studio, "ada@example.org", "bounced")
    person = sign_in(studio)
    unsaid = person.submit(person.look(PAGE), email="ada@example.org", why=" ")
    assert "Say why" in unsaid.text
    assert len(studio.rows()["suppression"]) == 1
    person.submit(person.look(PAGE), email="ada@example.org", why="the box was full")
    assert studio.rows()["suppression"] == []
    log = person.look("/studio/log").text
    assert "allowed mail to an address" in log
    assert "the box was full" in log
    assert "ada@example.org" not in log


def test_a_complaint_is_not_lifted_by_an_operator(studio: World) -> None:
    close(studio, "ada@example.org", "bounced")
    close(studio, "eve@example.org", "complained")
    person = sign_in(studio)
    page = person.submit(person.look(PAGE), email="eve@example.org", why="please")
    assert "Only they can change that" in page.text
    assert len(studio.rows()["suppression"]) == 2
