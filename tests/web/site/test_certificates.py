"""The end of the course: certificate, badge, name and a last word, as learners and strangers meet them."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from course.certificates.proof import key_from, multikey
from course.models import CertificateRow
from course.reports.numbers import course_stats
from mailer.signer import Signer
from tests.course.certificates.test_certificate import check
from tests.support.world.person import AppBrowser, Person
from tests.support.world.sample_course import DAYS, SLUG
from tests.support.world.world import World
from web.app import create_app

ONE_KIND = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NO_SERIALS = ("none", "0000-0000-0000-0000", "A" * 5000, "ß", "ABCD EFGH", "💌")


@pytest.fixture
def finished(world: World) -> World:
    world.enrol()
    world.complete_all()
    return world


def serial_of(world: World) -> str:
    with world.runtime.db.read() as session:
        return session.scalars(select(CertificateRow.serial)).one()


def badge_of(world: World, person: Person | None = None) -> dict[str, Any]:
    page = (person or world.person).look(f"/certificates/{serial_of(world)}.json")
    assert page.status == 200
    found: dict[str, Any] = json.loads(page.text)
    return found


def rotated(world: World, *secrets: str) -> Person:
    """Somebody at the same world after its operator has changed the secret."""
    settings = replace(world.runtime.settings, secrets=secrets)
    app = create_app(replace(world.runtime, settings=settings, signer=Signer(secrets)))
    return Person(AppBrowser(app), settings.base_url)


def test_the_badge_passes_and_its_key_is_published(finished: World) -> None:
    badge = badge_of(finished)
    key = key_from(finished.runtime.settings.secrets[0]).public_key()
    check(badge, key)
    profile = json.loads(finished.person.look(badge["issuer"]["id"]).text)
    assert badge["proof"][0]["verificationMethod"] in profile["assertionMethod"]
    assert [row["id"] for row in finished.rows()["badge_key"]] == [multikey(key)]


@ONE_KIND
def test_a_badge_stays_valid_when_the_secret_changes(finished: World) -> None:
    old = badge_of(finished)
    person = rotated(finished, "another-secret-of-more-than-32-characters")
    new = badge_of(finished, person)
    profile = json.loads(person.look(old["issuer"]["id"]).text)
    for badge in (old, new):
        assert badge["proof"][0]["verificationMethod"] in profile["assertionMethod"]
    assert old["proof"][0]["verificationMethod"] != new["proof"][0]["verificationMethod"]


@ONE_KIND
def test_the_issuer_has_a_key_before_the_first_badge(world: World) -> None:
    assert json.loads(world.person.look("/badges/issuer").text)["assertionMethod"]


@ONE_KIND
def test_a_serial_is_read_in_small_letters_too_and_a_wrong_one_is_told_kindly(finished: World) -> None:
    serial, client = serial_of(finished), finished.app.test_client()
    for ending in ("", ".pdf", ".json"):
        assert client.get(f"/certificates/{serial.lower()}{ending}").status_code == 200
        for wrong in NO_SERIALS:
            answer = client.get(f"/certificates/{wrong}{ending}")
            assert answer.status_code == 404
            assert "letter by letter" in answer.text


@ONE_KIND
def test_the_page_says_that_it_is_genuine_and_asks_nobody_else(finished: World) -> None:
    text = finished.person.look(f"/certificates/{serial_of(finished)}").text
    assert "This certificate is genuine" in text
    assert "<svg" in text
    for loading in ('src="http', "<iframe", '<link rel="stylesheet" href="http'):
        assert loading not in text


@ONE_KIND
def test_the_name_is_the_learners_to_choose_before_and_after(world: World) -> None:
    world.enrol()
    world.person.post(f"{world.learn_url()}/name", {"name": "Ada King"})
    world.complete_all()
    assert "Ada King" in world.person.look(f"/certificates/{serial_of(world)}").text
    world.person.post(f"{world.learn_url()}/name", {"name": "شهرزاد 😀"})
    assert "شهرزاد" in world.person.look(f"/certificates/{serial_of(world)}").text
    assert world.app.test_client().get(f"/certificates/{serial_of(world)}.pdf").status_code == 200
    assert badge_of(world)["credentialSubject"]["identifier"][0]["identityHash"] == "شهرزاد 😀"
    assert [row["name"] for row in world.rows()["learner"]] == ["Ada King"]


@ONE_KIND
def test_letters_that_the_pdf_lacks_are_told_before_the_course_is_finished(world: World) -> None:
    world.enrol(name="王𠀀")
    told = "The PDF certificate has no letters for <bdi>𠀀</bdi>"
    assert told in world.person.look(world.learn_url()).text
    for name in ("王小明", "अमित", "ธนา", "علی‌رضا", "Ada 😀", ""):
        world.person.post(f"{world.learn_url()}/name", {"name": name})
        assert "The PDF certificate has no letters" not in world.person.look(world.learn_url()).text


@ONE_KIND
def test_a_name_that_cannot_be_shown_changes_nothing_and_is_explained(finished: World) -> None:
    before = finished.rows()
    for name in ("A" * 81, "Ada\u202eevil", "Ada\x00"):
        page = finished.person.post(f"{finished.learn_url()}/name", {"name": name})
        assert page.status == 422
        assert "name-error" in page.text
    assert finished.rows() == before


@ONE_KIND
def test_who_has_only_the_serial_can_change_nothing(finished: World) -> None:
    before, client = finished.rows(), finished.app.test_client()
    serial = serial_of(finished)
    for path in (f"/certificates/{serial}", f"/certificates/{serial}/name", f"/learn/{serial}/name"):
        assert client.post(path, data={"name": "Bob"}).status_code in (404, 405)
    assert finished.rows() == before


def test_a_last_word_reaches_the_authors_and_can_be_changed_and_taken_back(finished: World) -> None:
    def say(words: str) -> list[str]:
        finished.person.post(f"{finished.learn_url()}/feedback", {"words": words})
        with finished.runtime.db.read() as session:
            return [said["words"] for said in course_stats(session, SLUG)["said_at_the_end"]]

    assert say("I will  lend\r\npeople <b>gladly</b>\0") == ["I will  lend\npeople <b>gladly</b>"]
    assert say("Second thoughts") == ["Second thoughts"]
    assert "Second thoughts" in finished.person.look(finished.learn_url()).text
    assert say("x" * 2001) == ["Second thoughts"]
    assert say("  ") == []


@ONE_KIND
def test_who_has_one_day_left_is_told_which(world: World) -> None:
    world.enrol()
    for _ in range(1, DAYS):
        world.next_lesson()
    for day in (1, 3):
        world.person.post(f"{world.learn_url()}/dough-{day}/complete")
    page = world.person.look(world.learn_url())
    assert "Only day 2" in page.text
    world.person.post(f"{world.learn_url()}/dough-2/complete")
    assert "You have finished the course" in world.person.look(world.learn_url()).text
