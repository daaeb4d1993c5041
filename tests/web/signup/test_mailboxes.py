"""One mailbox, however it is spelt: how often it is written to because somebody types its address."""

import pytest

from course.enrolment.allowance.mailboxes import MOST_A_DAY
from course.enrolment.many.csv_rows import Row
from course.enrolment.many.import_learners import take_in
from course.enrolment.registration import Registration
from course.enrolment.way_back_in import SILENT_AFTER_COMPLAINT
from course.models import Suppression
from tests.support.world.world import World
from tests.web.signup.test_floods import bot

SPELLINGS = ["v.ictim@gmail.com", "victim+a@gmail.com", "vi.ctim@googlemail.com", "vic.tim+b@gmail.com"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Both kinds are flooded in `tests/hostile/`."""
    return sqlite_url


def test_a_mailbox_gets_three_confirmations_a_day_in_whatever_spelling(world: World) -> None:
    for number in range(40):
        bot(world, f"{SPELLINGS[number % 4].partition('@')[0]}+{number}@gmail.com")
        world.clock.forward(minutes=20)
        world.step()
    assert len(world.mails("confirm")) == MOST_A_DAY
    assert len(world.rows()["learner"]) == 1
    world.clock.forward(days=1)
    bot(world, "victim@gmail.com")
    world.step()
    assert len(world.mails("confirm")) == MOST_A_DAY + 1


def test_tags_at_a_domain_of_which_nothing_is_known_count_as_one_mailbox(world: World) -> None:
    for number in range(20):
        bot(world, f"victim+{number}@example.org")
    world.step()
    assert len(world.mails("confirm")) == MOST_A_DAY


def test_who_is_known_by_another_spelling_is_not_enrolled_twice(world: World) -> None:
    world.enrol("ada.lovelace@gmail.com")
    world.clock.forward(hours=1)
    page = world.register("adalovelace+bread@googlemail.com")
    assert "Check your inbox" in page.text
    (learner,) = world.rows()["learner"]
    assert learner["email"] == "ada.lovelace@gmail.com", "as they confirmed it"
    assert len(world.rows()["enrolment"]) == 1
    assert [mail.message["To"] for mail in world.mails("link")] == ["ada.lovelace@gmail.com"]


def test_until_it_is_confirmed_an_address_is_as_it_was_typed_last(world: World) -> None:
    bot(world, "v.i.c.t.i.m+spam@gmail.com")
    world.clock.forward(minutes=5)
    world.enrol("victim@gmail.com")
    (learner,) = world.rows()["learner"]
    assert learner["email"] == "victim@gmail.com"


def complain(world: World, email: str) -> None:
    with world.runtime.db.write() as session:
        now = world.clock.now()
        session.add(Suppression(email=email, reason="complained", suppressed_at=now, why="marked as spam"))


def test_who_has_complained_hears_nothing_at_a_strangers_wish_and_may_come_back_in_time(world: World) -> None:
    world.register("victim@gmail.com")
    complain(world, "victim@gmail.com")
    before = len(world.mails())
    for _ in range(10):
        bot(world, "vic.tim@gmail.com")
        world.forward(days=6)
    assert len(world.mails()) == before
    world.clock.forward(days=SILENT_AFTER_COMPLAINT.days)
    for _ in range(10):
        bot(world, "victim@gmail.com")
        world.forward(hours=12)
    assert len(world.mails()) == before + 1
    confirm = world.mails("confirm")[-1]
    world.person.submit(world.person.look(confirm.link("/confirm/")))
    assert world.rows()["suppression"] == []


def test_learners_who_change_to_a_strangers_address_have_it_written_to_three_times_a_day(world: World) -> None:
    emails = [f"learner{number}@example.org" for number in range(12)]
    world.admit(*emails)
    world.step()
    for number, email in enumerate(emails):
        page = world.person.post(
            f"{world.learn_url(email)}/settings/address", {"email": f"vic.tim+{number}@gmail.com"}
        )
        assert page.status in (200, 422)
    assert "try again tomorrow" in page.text
    world.step()
    assert len(world.mails("move-to")) == MOST_A_DAY


def test_one_learner_asks_for_three_changes_a_day(world: World) -> None:
    world.enrol()
    for number in range(12):
        world.person.post(
            f"{world.learn_url()}/settings/address", {"email": f"stranger{number}@mail{number}.example"}
        )
        world.forward(hours=1)
    assert len(world.mails("move-to")) == MOST_A_DAY


def test_an_import_asks_nobody_who_was_asked_three_times_and_says_so(world: World) -> None:
    for number in range(MOST_A_DAY):
        bot(world, f"victim+{number}@example.org")
    rows = [Row(2, Registration("victim@example.org", "", "UTC", 8, False), None)]
    rows += [Row(n, Registration(f"v.ic.tim+{n}@gmail.com", "", "UTC", 8, False), None) for n in range(3, 9)]
    with world.runtime.db.write() as session:
        published = world.runtime.shelf.by_slug(session, "bread-at-home")
        taken = take_in(session, published, rows, world.clock.times())
    assert [bad.line for bad in taken.bad] == [2]
    assert "Import this row again tomorrow" in str(taken.bad[0])
    world.step()
    assert len(world.mails("confirm")) == MOST_A_DAY + 1
    assert len(world.rows()["learner"]) == MOST_A_DAY + 1, "six spellings are one learner"
