"""What people agreed to is recorded, act by act, in the words they were shown; and nobody rewrites it."""

import json
import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from course.enrolment import privacy
from course.enrolment.many.csv_rows import open_csv, read_rows
from course.enrolment.many.import_learners import take_in
from tests.support.world.sample_course import SLUG
from tests.support.world.world import World


def acts(world: World) -> list[tuple[str, str, str]]:
    return [(str(row["purpose"]), str(row["act"]), str(row["place"])) for row in _by_id(world)]


def _by_id(world: World) -> list[dict[str, object]]:
    return sorted((dict(row) for row in world.rows()["consent"]), key=lambda row: int(str(row["id"])))


def words(world: World) -> set[str]:
    return {str(row["words"]) for row in world.rows()["wording"]}


def take(world: World, sheet: str) -> list[str]:
    """Import a file; the reports of its bad rows."""
    rows = list(read_rows(open_csv("l.csv", sheet.encode()), tracking=True, staff={}, now=world.clock.now()))
    with world.runtime.db.write() as session:
        published = world.runtime.shelf.by_slug(session, SLUG)
        return [bad.why for bad in take_in(session, published, rows, world.clock.times()).bad]


def test_the_form_and_the_confirmation_are_two_acts_in_the_words_of_their_pages(world: World) -> None:
    landing = world.person.look(f"/courses/{SLUG}").text
    world.register()
    confirm = world.person.look(world.mails("confirm")[0].link("/confirm/"))
    world.person.submit(confirm)
    assert acts(world) == [("mails", "given", "sign-up page"), ("mails", "given", "confirmation")]
    assert {row["language"] for row in _by_id(world)} == {world.course.language}
    shown = landing + confirm.text
    assert all(said in shown for said in words(world))
    assert len(words(world)) == 2


def test_a_button_pressed_twice_is_one_act(world: World) -> None:
    world.enrol()
    confirm = world.mails("confirm")[0].link("/confirm/")
    for _ in range(3):
        world.person.post(confirm)
    assert len(acts(world)) == 2


def test_a_stranger_who_types_a_known_address_records_nothing_for_its_owner(world: World) -> None:
    world.enrol()
    before = acts(world)
    for _ in range(3):
        world.register(name="Mallory", tracking="1")
    assert acts(world) == before


@pytest.mark.parametrize(
    ("body", "place"),
    [({"List-Unsubscribe": "One-Click"}, "one-click"), ({}, "unsubscribe page")],
)
def test_leaving_and_coming_back_are_recorded_with_their_place(
    world: World, body: dict[str, str], place: str
) -> None:
    world.enrol()
    for _ in range(2):
        world.person.post(world.unsubscribe_url(), body)
    world.person.post(f"{world.unsubscribe_url()}/undo")
    assert acts(world)[2:] == [("mails", "withdrawn", place), ("mails", "given", "unsubscribe page")]


def test_settings_record_each_change_of_mind_about_being_counted(world: World) -> None:
    world.enrol()
    settings = f"{world.learn_url()}/settings"
    for tracking in ("0", "0", "1"):
        world.person.post(settings, {"tracking": tracking})
    said = [act for act in acts(world) if act[0] == "tracking"]
    assert said == [("tracking", "withdrawn", "settings page"), ("tracking", "given", "settings page")]


def test_where_one_is_asked_a_ticked_box_is_recorded_and_an_unticked_one_is_not(world: World) -> None:
    object.__setattr__(world.runtime.settings, "tracking", "ask")
    world.register("ada@example.org", tracking="1")
    world.register("bob@example.org")
    assert [act for act in acts(world) if act[0] == "tracking"] == [("tracking", "given", "sign-up page")]
    shown = world.person.look(f"/courses/{SLUG}").text
    assert all(said in shown for said in words(world))


def test_a_list_and_an_operator_are_recorded_as_such(world: World) -> None:
    assert not take(world, "email,confirmed_at\nann@example.org,2025-01-02T03:04Z\nbo@example.org,\n")
    world.admit("cy@example.org")
    assert acts(world) == [("mails", "given", "import"), ("mails", "given", "operator")]
    assert str(_by_id(world)[0]["at"]).startswith("2025-01-02 03:04")


def test_the_database_refuses_to_rewrite_an_act(world: World) -> None:
    world.enrol()
    with pytest.raises(DatabaseError), world.runtime.db.write() as session:
        session.execute(text("UPDATE consent SET act = 'withdrawn'"))
    assert {act for _, act, _ in acts(world)} == {"given"}


def test_the_learner_sees_and_takes_away_what_they_agreed_to(world: World) -> None:
    world.enrol()
    page = re.sub(r"\s+", " ", world.person.look(world.learn_url()).text)
    assert "What you agreed to" in page
    with world.runtime.db.read() as session:
        held = privacy.export(session, privacy.learner_with(session, "ada@example.org").id)
    told = held["courses"][0]["agreed_to"]
    assert [act["place"] for act in told] == ["sign-up page", "confirmation"]
    for act in told:
        assert act["words"] in page
        assert json.dumps(act)
