"""Another address: both ends agree, nothing is told to the wrong one, and it can be taken back."""

import re

import pytest
from sqlalchemy import select

from course.models import Delivery
from mailer.sending.record import suppress
from tests.support.world.mails import Mail
from tests.support.world.world import House

NEW = "ada@new.example.org"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here turns on the kind of database."""
    return sqlite_url


def ask(house: House, email: str = NEW) -> str:
    page = house.person.post(f"{house.learn_url()}/settings/address", {"email": email})
    assert page.status == 200
    house.step()
    return page.text


def newest(house: House, kind: str) -> Mail:
    return house.mails(kind)[-1]


def agree(house: House, kind: str) -> str:
    page = house.person.submit(house.person.look(newest(house, kind).link("/agree/")))
    assert page.status == 200
    house.step()
    return page.text


def masked(page: str, email: str) -> str:
    """Without the address, and without the token of the mail."""
    return re.sub('/agree/[^/"]+', "/agree/...", page.replace(email, "..."))


def addresses(house: House) -> list[str]:
    return [row["email"] for row in house.rows()["learner"]]


@pytest.mark.parametrize("order", [("move-from", "move-to"), ("move-to", "move-from")])
def test_the_address_changes_when_both_ends_have_agreed_and_not_before(
    house: House, order: tuple[str, str]
) -> None:
    house.enrol()
    ask(house)
    assert (newest(house, "move-from").message["To"], newest(house, "move-to").message["To"]) == (
        "ada@example.org",
        NEW,
    )
    assert "one half is done" in agree(house, order[0])
    assert addresses(house) == ["ada@example.org"]
    assert "have moved" in agree(house, order[1])
    assert addresses(house) == [NEW]
    house.clock.moments.append(house.look_up(NEW).due_at or house.clock.now())
    house.step()
    assert [mail.message["To"] for mail in house.mails("lesson")] == ["ada@example.org", NEW]
    assert newest(house, "moved").message["To"] == "ada@example.org"


def test_old_links_go_on_working_after_the_change(house: House) -> None:
    house.enrol()
    links = [house.mails("lesson")[0].link(part) for part in ("/learn/", "/unsubscribe/")]
    ask(house)
    agree(house, "move-from")
    agree(house, "move-to")
    for link in links:
        assert house.person.look(link).status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_scanner_agrees_to_nothing(house: House, method: str) -> None:
    house.enrol()
    ask(house)
    before = house.rows()
    for kind in ("move-from", "move-to"):
        link = newest(house, kind).link("/agree/")
        for address in (link, f"{link}/no"):
            assert house.app.test_client().open(address, method=method).status_code == 200
    assert house.rows() == before


def test_an_address_that_is_taken_gets_the_same_answer_and_learns_of_it_by_mail(house: House) -> None:
    house.enrol()
    house.enrol("eve@example.org")
    taken = "eve@example.org"
    answers: dict[str, list[str]] = {}
    for email in ("ada@free.example.org", taken):
        asked = ask(house, email)
        question = house.person.look(newest(house, "move-from").link("/agree/")).text
        answers[email] = [masked(page, email) for page in (asked, question, agree(house, "move-from"))]
        house.clock.forward(hours=1)
    assert answers["ada@free.example.org"] == answers[taken]
    assert newest(house, "taken").message["To"] == taken
    assert addresses(house) == ["ada@example.org", taken]
    assert "/lost-link" in newest(house, "taken").text


def test_a_stranger_says_no_with_one_click_and_stays_out_of_it(house: House) -> None:
    house.enrol()
    ask(house)
    header = str(newest(house, "move-to").message["List-Unsubscribe"]).strip("<>")
    answer = house.app.test_client().post(header, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "Nothing is changed" in answer.text
    assert house.look_up().state == "active"
    page = house.person.look(newest(house, "move-from").link("/agree/"))
    assert "no longer open" in page.text
    assert "<form" not in page.text


def test_a_change_runs_out_after_a_week(house: House) -> None:
    house.enrol()
    ask(house)
    link = newest(house, "move-to").link("/agree/")
    agree(house, "move-from")
    house.clock.forward(days=7, hours=1)
    assert "no longer open" in house.person.look(link).text
    assert "no longer open" in house.person.post(link).text
    assert addresses(house) == ["ada@example.org"]
    assert "has run out" in house.person.look(f"{house.learn_url()}/settings/address").text


def test_asking_anew_or_dropping_ends_the_earlier_change(house: House) -> None:
    house.enrol()
    ask(house)
    first = newest(house, "move-to").link("/agree/")
    agree(house, "move-from")
    house.clock.forward(hours=1)
    ask(house, "ada@third.example.org")
    assert "no longer open" in house.person.post(first).text
    house.person.post(f"{house.learn_url()}/settings/address/drop")
    for kind in ("move-from", "move-to"):
        assert "no longer open" in house.person.post(newest(house, kind).link("/agree/")).text
    assert addresses(house) == ["ada@example.org"]


def test_agreeing_twice_is_agreeing_once(house: House) -> None:
    house.enrol()
    ask(house)
    for kind in ("move-from", "move-to"):
        link = newest(house, kind).link("/agree/")
        for _ in range(3):
            house.person.post(link)
    house.step()
    assert len(house.mails("moved")) == 1


def test_the_old_address_takes_it_back_within_a_week(house: House) -> None:
    house.enrol()
    ask(house)
    agree(house, "move-from")
    agree(house, "move-to")
    house.clock.forward(days=6)
    assert "Your mails are back" in agree(house, "moved")
    assert addresses(house) == ["ada@example.org"]
    assert "Your mails are back" in house.person.post(newest(house, "moved").link("/agree/")).text


def test_it_is_too_late_to_take_back_after_a_week_or_once_the_address_is_somebody_elses(house: House) -> None:
    house.enrol()
    ask(house)
    agree(house, "move-from")
    agree(house, "move-to")
    link = newest(house, "moved").link("/agree/")
    house.register("ada@example.org")
    assert "can no longer be taken back" in house.person.post(link).text
    assert sorted(addresses(house)) == ["ada@example.org", NEW]


def test_an_address_registered_meanwhile_is_not_taken_over(house: House) -> None:
    house.enrol()
    ask(house)
    agree(house, "move-to")
    house.enrol(NEW)
    assert "no longer open" in agree(house, "move-from")
    assert sorted(addresses(house)) == ["ada@example.org", NEW]


def test_a_bounce_at_the_new_address_stops_no_lesson(house: House) -> None:
    house.enrol()
    ask(house)
    with house.runtime.db.write() as session:
        asked = session.scalars(select(Delivery).where(Delivery.kind == "move-to")).one()
        suppress(session, asked, "bounced", "no such user", house.clock.real())
    house.next_lesson()
    assert [mail.day for mail in house.mails("lesson")] == [1, 2]
    house.clock.forward(hours=1)
    ask(house)
    assert len(house.mails("move-to")) == 1


def test_a_late_bounce_of_the_old_address_stays_with_it(house: House) -> None:
    house.enrol()
    ask(house)
    agree(house, "move-from")
    agree(house, "move-to")
    with house.runtime.db.write() as session:
        lesson = session.scalars(select(Delivery).where(Delivery.kind == "lesson")).one()
        suppress(session, lesson, "complained", "", house.clock.real())
    assert [row["email"] for row in house.rows()["suppression"]] == ["ada@example.org"]
    house.clock.moments.append(house.look_up(NEW).due_at or house.clock.now())
    house.step()
    assert len(house.mails("lesson")) == 2


WRONG = ("", "nobody", "ADA@example.org", "a@b@example.org", "ada@x.org\r\nBcc: y", "\0", "x" * 9000)


def test_what_is_no_new_address_is_told_so_and_nothing_changes(house: House) -> None:
    house.enrol()
    before = house.rows()
    for email in WRONG:
        page = house.person.post(f"{house.learn_url()}/settings/address", {"email": email})
        assert page.status == 422
        assert "needs another look" in page.text
        assert house.rows() == before


def test_asking_again_at_once_is_told_kindly_and_writes_to_nobody(house: House) -> None:
    house.enrol()
    ask(house)
    before = house.rows()
    page = house.person.post(f"{house.learn_url()}/settings/address", {"email": "third@example.org"})
    assert page.status == 422
    assert "a short while ago" in page.text
    assert house.rows() == before


def test_after_erasure_the_mails_of_a_change_lead_nowhere(house: House) -> None:
    house.enrol()
    ask(house)
    links = [newest(house, kind).link("/agree/") for kind in ("move-from", "move-to")]
    house.person.post(f"{house.learn_url()}/erase")
    for link in links:
        assert house.person.look(link).status == 404
        assert house.person.post(link).status == 404
    assert not house.rows()["address_change"]
