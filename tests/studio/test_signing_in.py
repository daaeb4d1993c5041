"""The way into the studio: a mailed link, used once, in the browser it was asked for in or with its six digits."""

import re

import pytest
from sqlalchemy import select

from course.models import Deed, SignIn, StudioSession
from course.staff.allowance import ONE_ASKER_AN_HOUR, STRANGERS_AN_HOUR
from course.staff.signing_in import digest
from tests.support.author.studio import BY_ROLE, ask, code_on, fresh_person, newest_link, sign_in, work_off
from tests.support.world.person import AppBrowser, Person
from tests.support.world.world import BASE_URL, World


def test_a_mailed_link_and_one_press_sign_in(studio: World) -> None:
    person = fresh_person(studio)
    assert person.look("/studio").url.endswith("/studio/sign-in")
    ask(studio, person, " Olga@Example.org ")
    mail = studio.mails("sign-in")[0]
    assert mail.message["To"] == "olga@example.org"
    page = person.submit(person.look(newest_link(studio)))
    assert page.url.endswith("/studio")
    assert "olga@example.org" in page.text


def test_the_mail_is_in_the_inbox_of_development(studio: World) -> None:
    ask(studio, fresh_person(studio), BY_ROLE["author"])
    assert "Your link to the studio" in studio.person.look("/inbox").text


def test_strangers_get_the_same_answer_and_no_mail(studio: World) -> None:
    known, stranger = fresh_person(studio), fresh_person(studio)
    pages = [ask(studio, known, BY_ROLE["author"]), ask(studio, stranger, "mallory@example.org")]
    without_code = {re.sub(r"\d{3} \d{3}", "", page.text) for page in pages}
    assert len(without_code) == 1
    assert [mail.message["To"] for mail in studio.mails()] == [BY_ROLE["author"]]


@pytest.mark.parametrize("email", ["", "x", "a@b\r\nBcc: c@d", "a b@c.d", "ä@example.org", "\0@x.org", "a" * 400])
def test_what_is_no_address_is_told(studio: World, email: str) -> None:
    page = ask(studio, fresh_person(studio), email)
    assert page.status == 422
    assert "no e-mail address" in page.text


def test_looking_at_the_link_does_not_spend_it(studio: World) -> None:
    person = fresh_person(studio)
    ask(studio, person, BY_ROLE["author"])
    for _ in range(3):
        assert person.look(newest_link(studio)).status == 200
    assert person.submit(person.look(newest_link(studio))).url.endswith("/studio")


def test_a_link_works_once(studio: World) -> None:
    person = fresh_person(studio)
    ask(studio, person, BY_ROLE["operator"])
    person.submit(person.look(newest_link(studio)))
    again = person.look(newest_link(studio))
    assert again.status == 404
    assert "has been used" in again.text


def test_a_link_is_over_after_fifteen_minutes(studio: World) -> None:
    person = fresh_person(studio)
    ask(studio, person, BY_ROLE["author"])
    open_page = person.look(newest_link(studio))
    studio.clock.forward(minutes=15, seconds=1)
    assert person.submit(open_page).status == 404
    assert person.look("/studio").url.endswith("/studio/sign-in")


def test_an_altered_link_opens_nothing(studio: World) -> None:
    person = fresh_person(studio)
    ask(studio, person, BY_ROLE["author"])
    link = newest_link(studio)
    altered = link[:-3] + ("A" if link[-3] != "A" else "B") + link[-2:]
    assert person.look(altered).status == 404
    assert person.look(link).status == 200


def test_another_browser_needs_the_six_digits(studio: World) -> None:
    asking, other = fresh_person(studio), fresh_person(studio)
    code = code_on(ask(studio, asking, BY_ROLE["author"]))
    page = other.look(newest_link(studio))
    assert "six digits" in page.text.lower()
    assert other.submit(page, code=f"{code[:3]} {code[3:]}").url.endswith("/studio")


@pytest.mark.parametrize("wrong", ["", "000 00", "١٢٣٤٥٦", "999999999"])
def test_wrong_digits_spend_the_link(studio: World, wrong: str) -> None:
    asking, other = fresh_person(studio), fresh_person(studio)
    code = code_on(ask(studio, asking, BY_ROLE["author"]))
    assert other.submit(other.look(newest_link(studio)), code=wrong).status == 422
    assert other.look(newest_link(studio)).status == 404
    assert asking.look(newest_link(studio)).status == 404
    assert code != wrong


def test_eleven_links_in_an_hour_are_too_many(studio: World) -> None:
    for _ in range(12):
        ask(studio, fresh_person(studio), BY_ROLE["author"])
    assert len(studio.mails("sign-in")) == 10
    studio.clock.forward(hours=1, minutes=1)
    ask(studio, fresh_person(studio), BY_ROLE["author"])
    assert len(studio.mails("sign-in")) == 11


def test_nothing_in_the_database_opens_anything(studio: World) -> None:
    person = fresh_person(studio)
    ask(studio, person, BY_ROLE["author"])
    token = newest_link(studio).rpartition("/")[2]
    stored = repr(studio.rows())
    assert token not in stored
    assert studio.runtime.signer.read_sign_in(token) not in stored
    answer = studio.app.test_client()
    answer.set_cookie("dayletter_studio", digest("anything"), path="/studio")
    assert answer.get("/studio").status_code == 303


def test_cookies_are_for_the_studio_and_no_script(studio: World) -> None:
    browser = studio.app.test_client()
    page = browser.get("/studio/sign-in").get_data(as_text=True)
    token = re.search(r'csrf_token" value="([^"]+)"', page)
    assert token
    answer = browser.post("/studio/sign-in", data={"email": "a@b.org", "csrf_token": token[1]})
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/studio" in cookie


def test_a_session_ends_when_it_is_idle(studio: World) -> None:
    person = sign_in(studio)
    studio.clock.forward(hours=11)
    assert person.look("/studio").url.endswith("/studio")
    studio.clock.forward(hours=11)
    assert person.look("/studio").url.endswith("/studio")
    studio.clock.forward(hours=12, minutes=1)
    assert person.look("/studio").url.endswith("/sign-in")


def test_a_session_ends_after_a_week_however_busy(studio: World) -> None:
    person = sign_in(studio)
    for _ in range(15):
        assert person.look("/studio").url.endswith("/studio")
        studio.clock.forward(hours=11, minutes=50)
    assert person.look("/studio").url.endswith("/sign-in")


def test_signing_out_ends_this_session_only(studio: World) -> None:
    here, there = sign_in(studio), sign_in(studio)
    here.submit(here.look("/studio/you"))
    assert here.look("/studio").url.endswith("/sign-in")
    assert there.look("/studio").url.endswith("/studio")


def test_signing_out_everywhere_ends_all(studio: World) -> None:
    here, there, other = sign_in(studio), sign_in(studio), sign_in(studio, "author")
    fields = here.look("/studio/you").form_fields()[1]
    here.post("/studio/sign-out-everywhere", fields)
    assert here.look("/studio").url.endswith("/sign-in")
    assert there.look("/studio").url.endswith("/sign-in")
    assert other.look("/studio").url.endswith("/studio")


def test_without_the_forms_token_nothing_happens(studio: World) -> None:
    person = sign_in(studio)
    page = person.post("/studio/sign-out", {"csrf_token": "forged"})
    assert page.status == 400
    assert person.look("/studio").url.endswith("/studio")
    assert fresh_person(studio).post("/studio/sign-in", {"email": BY_ROLE["author"]}).status == 400
    with studio.runtime.db.read() as session:
        assert session.scalars(select(SignIn)).all() == []


def test_the_learners_side_needs_no_such_token(studio: World) -> None:
    studio.enrol()
    assert studio.look_up().state == "active"


def test_who_came_and_went_is_in_the_log(studio: World) -> None:
    person = fresh_person(studio)
    ask(studio, person, BY_ROLE["operator"])
    person.submit(person.look(newest_link(studio)))
    person.submit(person.look("/studio/you"))
    with studio.runtime.db.read() as session:
        deeds = [(deed.who, deed.what) for deed in session.scalars(select(Deed).order_by(Deed.id))][1:]
        assert session.scalars(select(StudioSession)).all() == []
    assert deeds == [("olga@example.org", "signed in"), ("olga@example.org", "signed out")]


def test_a_sign_in_works_on_both_databases(world: World) -> None:
    person = fresh_person(world)
    ask(world, person, "operator@example.org")
    assert person.submit(person.look(newest_link(world))).url.endswith("/studio")
    assert "signed in" in person.look("/studio/log").text


def test_forty_requests_of_strangers_leave_a_browser_that_has_signed_in_its_own(studio: World) -> None:
    person = fresh_person(studio)
    ask(studio, person, BY_ROLE["operator"])
    person.submit(person.look(newest_link(studio)))
    person.post("/studio/sign-out")
    ask_from_everywhere(studio, BY_ROLE["operator"], 40)
    flood = len(studio.mails("sign-in"))
    assert flood <= 1 + STRANGERS_AN_HOUR, "the inbox is not flooded either"
    ask(studio, person, BY_ROLE["operator"])
    assert len(studio.mails("sign-in")) == flood + 1
    assert person.submit(person.look(newest_link(studio))).url.endswith("/studio")


def test_a_stranger_on_one_network_uses_up_nothing_of_another(studio: World) -> None:
    for _ in range(14):
        ask(studio, person_at(studio, "203.0.113.5"), BY_ROLE["author"])
    before = len(studio.mails("sign-in"))
    assert before == ONE_ASKER_AN_HOUR
    ask(studio, person_at(studio, "198.51.100.7"), BY_ROLE["author"])
    assert len(studio.mails("sign-in")) == before + 1


def test_what_proves_a_known_browser_counts_for_its_own_addresses_only(studio: World) -> None:
    person = fresh_person(studio)
    ask(studio, person, BY_ROLE["author"])
    person.submit(person.look(newest_link(studio)))
    ask_from_everywhere(studio, BY_ROLE["operator"], 40)
    before = len(studio.mails("sign-in"))
    ask(studio, person, BY_ROLE["operator"])
    assert len(studio.mails("sign-in")) == before


def test_no_address_of_a_network_is_kept(studio: World) -> None:
    ask_from_everywhere(studio, BY_ROLE["author"], 1)
    (row,) = studio.rows()["sign_in"]
    assert len(row["network"]) == 32
    assert "203.0.113" not in repr(row)


def person_at(studio: World, address: str) -> Person:
    browser = AppBrowser(studio.app)
    browser.client.environ_base["REMOTE_ADDR"] = address
    return Person(browser, BASE_URL)


def ask_from_everywhere(studio: World, email: str, times: int) -> None:
    """As strangers do, each from a network and a browser of their own."""
    for number in range(times):
        person = person_at(studio, f"203.0.113.{number}")
        person.submit(person.look("/studio/sign-in"), email=email)
    work_off(studio)
