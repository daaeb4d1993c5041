"""Another address: both ends agree, nothing is told to the wrong one, and it can be taken back."""

import re

import pytest
from sqlalchemy import select

from course.models import Delivery
from mailer.providers.events import EventKind, ProviderEvent
from mailer.sending.record import suppress
from mailer.sending.record_events import record_events
from tests.support.world.mails import Mail
from tests.support.world.world import World

NEW = "ada@new.example.org"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here turns on the kind of database."""
    return sqlite_url


def ask(world: World, email: str = NEW) -> str:
    page = world.person.post(f"{world.learn_url()}/settings/address", {"email": email})
    assert page.status == 200
    world.step()
    return page.text


def newest(world: World, kind: str) -> Mail:
    return world.mails(kind)[-1]


def agree(world: World, kind: str) -> str:
    page = world.person.submit(world.person.look(newest(world, kind).link("/agree/")))
    assert page.status == 200
    world.step()
    return page.text


def masked(page: str, email: str) -> str:
    """Without the address, and without the token of the mail."""
    return re.sub('/agree/[^/"]+', "/agree/...", page.replace(email, "..."))


def addresses(world: World) -> list[str]:
    return [row["email"] for row in world.rows()["learner"]]


@pytest.mark.parametrize("order", [("move-from", "move-to"), ("move-to", "move-from")])
def test_the_address_changes_when_both_ends_have_agreed_and_not_before(
    world: World, order: tuple[str, str]
) -> None:
    world.enrol()
    ask(world)
    assert (newest(world, "move-from").message["To"], newest(world, "move-to").message["To"]) == (
        "ada@example.org",
        NEW,
    )
    assert "one half is done" in agree(world, order[0])
    assert addresses(world) == ["ada@example.org"]
    assert "have moved" in agree(world, order[1])
    assert addresses(world) == [NEW]
    world.clock.moments.append(world.look_up(NEW).due_at or world.clock.now())
    world.step()
    assert [mail.message["To"] for mail in world.mails("lesson")] == ["ada@example.org", NEW]
    assert newest(world, "moved").message["To"] == "ada@example.org"


def test_old_links_go_on_working_after_the_change(world: World) -> None:
    world.enrol()
    links = [world.mails("lesson")[0].link(part) for part in ("/learn/", "/unsubscribe/")]
    ask(world)
    agree(world, "move-from")
    agree(world, "move-to")
    for link in links:
        assert world.person.look(link).status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_scanner_agrees_to_nothing(world: World, method: str) -> None:
    world.enrol()
    ask(world)
    before = world.rows()
    for kind in ("move-from", "move-to"):
        link = newest(world, kind).link("/agree/")
        for address in (link, f"{link}/no"):
            assert world.app.test_client().open(address, method=method).status_code == 200
    assert world.rows() == before


def test_an_address_that_is_taken_gets_the_same_answer_and_learns_of_it_by_mail(world: World) -> None:
    world.enrol()
    world.enrol("eve@example.org")
    taken = "eve@example.org"
    answers: dict[str, list[str]] = {}
    for email in ("ada@free.example.org", taken):
        asked = ask(world, email)
        question = world.person.look(newest(world, "move-from").link("/agree/")).text
        answers[email] = [masked(page, email) for page in (asked, question, agree(world, "move-from"))]
        world.clock.forward(hours=1)
    assert answers["ada@free.example.org"] == answers[taken]
    assert newest(world, "taken").message["To"] == taken
    assert addresses(world) == ["ada@example.org", taken]
    assert "/lost-link" in newest(world, "taken").text


def test_a_stranger_says_no_with_one_click_and_stays_out_of_it(world: World) -> None:
    world.enrol()
    ask(world)
    header = str(newest(world, "move-to").message["List-Unsubscribe"]).strip("<>")
    answer = world.app.test_client().post(header, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "Nothing is changed" in answer.text
    assert world.look_up().state == "active"
    page = world.person.look(newest(world, "move-from").link("/agree/"))
    assert "no longer open" in page.text
    assert "<form" not in page.text


def test_a_change_runs_out_after_a_week(world: World) -> None:
    world.enrol()
    ask(world)
    link = newest(world, "move-to").link("/agree/")
    agree(world, "move-from")
    world.clock.forward(days=7, hours=1)
    assert "no longer open" in world.person.look(link).text
    assert "no longer open" in world.person.post(link).text
    assert addresses(world) == ["ada@example.org"]
    assert "has run out" in world.person.look(f"{world.learn_url()}/settings/address").text


def test_asking_anew_or_dropping_ends_the_earlier_change(world: World) -> None:
    world.enrol()
    ask(world)
    first = newest(world, "move-to").link("/agree/")
    agree(world, "move-from")
    world.clock.forward(hours=1)
    ask(world, "ada@third.example.org")
    assert "no longer open" in world.person.post(first).text
    world.person.post(f"{world.learn_url()}/settings/address/drop")
    for kind in ("move-from", "move-to"):
        assert "no longer open" in world.person.post(newest(world, kind).link("/agree/")).text
    assert addresses(world) == ["ada@example.org"]


def test_agreeing_twice_is_agreeing_once(world: World) -> None:
    world.enrol()
    ask(world)
    for kind in ("move-from", "move-to"):
        link = newest(world, kind).link("/agree/")
        for _ in range(3):
            world.person.post(link)
    world.step()
    assert len(world.mails("moved")) == 1


def test_the_old_address_takes_it_back_within_a_week(world: World) -> None:
    world.enrol()
    ask(world)
    agree(world, "move-from")
    agree(world, "move-to")
    world.clock.forward(days=6)
    assert "Your mails are back" in agree(world, "moved")
    assert addresses(world) == ["ada@example.org"]
    assert "Your mails are back" in world.person.post(newest(world, "moved").link("/agree/")).text


def test_it_is_too_late_to_take_back_after_a_week_or_once_the_address_is_somebody_elses(world: World) -> None:
    world.enrol()
    ask(world)
    agree(world, "move-from")
    agree(world, "move-to")
    link = newest(world, "moved").link("/agree/")
    world.register("ada@example.org")
    assert "can no longer be taken back" in world.person.post(link).text
    assert sorted(addresses(world)) == ["ada@example.org", NEW]


def test_an_address_registered_meanwhile_is_not_taken_over(world: World) -> None:
    world.enrol()
    ask(world)
    agree(world, "move-to")
    world.enrol(NEW)
    assert "no longer open" in agree(world, "move-from")
    assert sorted(addresses(world)) == ["ada@example.org", NEW]


def test_a_bounce_at_the_new_address_stops_no_lesson(world: World) -> None:
    world.enrol()
    ask(world)
    with world.runtime.db.write() as session:
        asked = session.scalars(select(Delivery).where(Delivery.kind == "move-to")).one()
        suppress(session, asked, "bounced", "no such user", world.clock.real())
    world.next_lesson()
    assert [mail.day for mail in world.mails("lesson")] == [1, 2]
    world.clock.forward(hours=1)
    ask(world)
    assert len(world.mails("move-to")) == 1


def test_a_late_bounce_of_the_old_address_stays_with_it(world: World) -> None:
    world.enrol()
    ask(world)
    agree(world, "move-from")
    agree(world, "move-to")
    with world.runtime.db.write() as session:
        lesson = session.scalars(select(Delivery).where(Delivery.kind == "lesson")).one()
        suppress(session, lesson, "complained", "", world.clock.real())
    assert [row["email"] for row in world.rows()["suppression"]] == ["ada@example.org"]
    world.clock.moments.append(world.look_up(NEW).due_at or world.clock.now())
    world.step()
    assert len(world.mails("lesson")) == 2


def tell(world: World, attempt: str, kind: EventKind, *, hard: bool = False) -> None:
    with world.runtime.db.write() as session:
        event = ProviderEvent(attempt, kind, world.clock.real(), hard, "", "", {})
        assert record_events(session, [event], world.runtime.clock.times()) == 1


def test_a_late_complaint_about_an_attempt_at_the_old_address_stays_with_it_when_the_mail_has_gone_again(
    world: World,
) -> None:
    world.enrol()
    lesson = next(row for row in world.rows()["delivery"] if row["kind"] == "lesson")
    ask(world)
    tell(world, lesson["attempt_id"], "bounced")
    agree(world, "move-from")
    agree(world, "move-to")
    world.forward(hours=2)
    assert [mail.message["To"] for mail in world.mails("lesson")] == [NEW], "the outbox has the newest copy"
    tell(world, lesson["attempt_id"], "complained")
    assert [row["email"] for row in world.rows()["suppression"]] == ["ada@example.org"]
    assert world.look_up(NEW).due_at is not None
    again = next(row for row in world.rows()["delivery"] if row["id"] == lesson["id"])
    tell(world, again["attempt_id"], "complained")
    assert sorted(row["email"] for row in world.rows()["suppression"]) == ["ada@example.org", NEW]


def silence(world: World) -> None:
    with world.runtime.db.write() as session:
        lesson = session.scalars(select(Delivery).where(Delivery.kind == "lesson")).one()
        suppress(session, lesson, "bounced", "no such user", world.clock.real())


def test_an_old_address_that_gets_no_mail_is_not_said_to_have_been_asked(world: World) -> None:
    world.enrol()
    silence(world)
    before = len(world.mails())
    for page in (
        world.person.look(f"{world.learn_url()}/settings/address"),
        world.person.post(f"{world.learn_url()}/settings/address", {"email": NEW}),
    ):
        assert "cannot agree to another address" in page.text
        assert "We sent each a mail" not in page.text
        assert "Write to us from the new address" in page.text, "a way for who reads it no longer"
    world.step()
    assert len(world.mails()) == before
    assert world.rows()["address_change"] == []


def test_a_change_under_way_says_so_when_the_old_address_falls_silent(world: World) -> None:
    world.enrol()
    ask(world)
    silence(world)
    page = world.person.look(f"{world.learn_url()}/settings/address")
    assert "cannot agree to another address" in page.text
    assert "We sent each a mail" not in page.text


def test_who_reads_the_old_address_after_all_opens_it_again_and_then_changes_it(world: World) -> None:
    world.enrol()
    silence(world)
    world.clock.forward(hours=1)
    world.person.submit(world.person.look(f"{world.learn_url()}/settings/address"))
    world.step()
    world.person.submit(world.person.look(newest(world, "confirm").link("/confirm/")))
    ask(world)
    agree(world, "move-from")
    agree(world, "move-to")
    assert addresses(world) == [NEW]


WRONG = ("", "nobody", "ADA@example.org", "a@b@example.org", "ada@x.org\r\nBcc: y", "\0", "x" * 9000)


def test_what_is_no_new_address_is_told_so_and_nothing_changes(world: World) -> None:
    world.enrol()
    before = world.rows()
    for email in WRONG:
        page = world.person.post(f"{world.learn_url()}/settings/address", {"email": email})
        assert page.status == 422
        assert "needs another look" in page.text
        assert world.rows() == before


def test_asking_again_at_once_is_told_kindly_and_writes_to_nobody(world: World) -> None:
    world.enrol()
    ask(world)
    before = world.rows()
    page = world.person.post(f"{world.learn_url()}/settings/address", {"email": "third@example.org"})
    assert page.status == 422
    assert "a short while ago" in page.text
    assert world.rows() == before


def test_after_erasure_the_mails_of_a_change_lead_nowhere(world: World) -> None:
    world.enrol()
    ask(world)
    links = [newest(world, kind).link("/agree/") for kind in ("move-from", "move-to")]
    world.erase()
    for link in links:
        assert world.person.look(link).status == 404
        assert world.person.post(link).status == 404
    assert not world.rows()["address_change"]


def test_many_learners_cannot_fill_one_strangers_inbox(world: World) -> None:
    for number in range(6):
        email = f"learner{number}@example.org"
        world.enrol(email)
        world.person.post(f"{world.learn_url(email)}/settings/address", {"email": "victim@example.com"})
    world.step()
    asked = [mail for mail in world.mails("move-to") if mail.message["To"] == "victim@example.com"]
    assert len(asked) == 3
