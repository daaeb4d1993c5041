"""What is held on a learner can be taken away, and can be erased without a trace."""

import json
from datetime import date, datetime

import pytest
from sqlalchemy import delete

from course.enrolment import privacy
from course.erasure import learner as erasure
from course.errors import NotFound
from course.models import AddressChange, Base, Feedback, Learner, Note, Suppression, Watch
from tests.support.world.sample_course import DAYS
from tests.support.world.world import World, newest_enrolment

AGENT = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}


def live(world: World, email: str = "ada@example.org") -> None:
    """A learner with a row in every table there is."""
    world.enrol(email)
    item = world.course.lessons[0].items[0].key
    url = world.learn_url(email)
    for day in range(1, DAYS + 1):
        world.person.look(f"{url}/dough-{day}")
        world.person.post(f"{url}/dough-{day}/checklist", {"item": item, "done": "1"})
        world.person.post(f"{url}/dough-{day}/complete")
        if day < DAYS:
            world.next_lesson(email)
    world.step()
    mark = next(m for m in world.mails("lesson") if m.message["To"] == email)
    pixel = mark.html.split('src="http://127.0.0.1:8000/o/')[1].split('"')[0]
    world.app.test_client().get(f"/o/{pixel}", headers=AGENT)
    with world.runtime.db.write() as session:
        enrolment, now = newest_enrolment(session, email), world.clock.now()
        seen = {"enrolment_id": enrolment.id, "lesson": "dough-1"}
        session.add_all(
            [
                Suppression(email=email, reason="bounced", suppressed_at=now, why="no such box"),
                Watch(**seen, video="media/talk.mp4", stopped_at_seconds=35, seen="7f", watched_at=now),
                Note(**seen, words="ask the baker", written_at=now),
                Feedback(**seen, score=3, words="warm bread", given_at=now),
                AddressChange(
                    id=f"{enrolment.id}", learner_id=enrolment.learner_id, email="x@y.org", asked_at=now
                ),
            ]
        )


def exported(world: World, email: str = "ada@example.org") -> dict[str, object]:
    with world.runtime.db.read() as session:
        return privacy.export(session, privacy.learner_with(session, email).id)


def erase(world: World, email: str = "ada@example.org") -> None:
    with world.runtime.db.write() as session:
        erasure.erase(session, privacy.learner_with(session, email).id, world.clock.now())


def of_people(world: World) -> dict[str, int]:
    """How many rows each table holds that is not about courses or about the world."""
    about_courses = {"course", "edition", "document", "revision", "media", "publication", "former_slug"}
    about_courses |= {"wording", "left_alone", "pepper", "site_text", "chore"}
    about_courses |= {"hold", "deployment", "probe", "set_aside", "badge_key", "sign_in", "studio_session", "deed"}
    about_courses |= {"sign_up"}
    return {name: len(rows) for name, rows in world.rows().items() if name not in about_courses}


def test_the_export_holds_every_value_of_every_row(world: World) -> None:
    live(world)
    assert all(of_people(world).values()), "a table without a row proves nothing"
    text = json.dumps(exported(world), ensure_ascii=False)
    for table in of_people(world):
        for row in world.rows()[table]:
            for column, value in row.items():
                if column in privacy.MACHINERY or value is None or isinstance(value, bool | int | dict):
                    continue
                shown = value.isoformat() if isinstance(value, date | datetime) else value
                if column != "weekdays":
                    assert json.dumps(shown, ensure_ascii=False) in text, (table, column)


def test_every_table_that_hangs_on_a_learner_is_known_to_the_eraser(world: World) -> None:
    live(world)
    erase(world)
    assert of_people(world) == dict.fromkeys(of_people(world), 0)


def test_the_export_is_of_one_learner_alone(world: World) -> None:
    live(world)
    world.enrol("eve@example.org", name="Eve")
    assert "eve@example.org" not in json.dumps(exported(world))
    assert "ada@example.org" not in json.dumps(exported(world, "eve@example.org"))


def test_erasing_leaves_everybody_else_as_they_were(world: World) -> None:
    live(world, "eve@example.org")
    before = world.rows()
    live(world, "ada@example.org")
    erase(world)
    after = world.rows()
    # The world's own, which names nobody; sign-ups name nobody; mails that were asked for are counted for a day.
    for own in ("deployment", "wording", "left_alone", "pepper", "sign_up", "asked"):
        del before[own], after[own]
    assert after == before


def test_what_was_waiting_to_be_sent_is_not_sent(world: World) -> None:
    world.enrol()
    world.clock.forward(days=1, hours=2)
    world.register("new@example.org")
    world.person.submit(world.person.look("/"), email="ada2@example.org")
    erase(world, "ada2@example.org")
    erase(world)
    sent = len(world.mails())
    world.forward(days=2)
    assert len(world.mails()) == sent


def test_all_links_of_an_erased_learner_lead_nowhere(world: World) -> None:
    live(world)
    urls = [world.learn_url(), f"{world.learn_url()}/dough-1", world.unsubscribe_url()]
    urls += [world.mails("confirm")[0].link("/confirm/")]
    urls += [f"/certificates/{world.rows()['certificate'][0]['serial']}"]
    erase(world)
    for url in urls:
        assert world.person.look(url).status == 404
        assert world.app.test_client().post(url).status_code in (404, 405)


def test_the_address_can_begin_again_as_new(world: World) -> None:
    live(world)
    erase(world)
    world.enrol(name="Another Ada")
    assert world.rows()["learner"][0]["name"] == "Another Ada"
    assert [mail.day for mail in world.mails("lesson")][-1] == 1


def test_a_link_of_an_erased_learner_never_opens_the_page_of_the_next(world: World) -> None:
    world.enrol()
    theirs = [world.learn_url(), world.unsubscribe_url(), world.mails("confirm")[0].link("/confirm/")]
    erase(world)
    world.enrol("eve@example.org", name="Eve")
    assert {world.person.look(url).status for url in theirs} == {404}


def test_erasing_twice_says_that_nothing_is_left(world: World) -> None:
    world.enrol()
    learner_id = world.rows()["learner"][0]["id"]
    erase(world)
    with pytest.raises(NotFound), world.runtime.db.write() as session:
        erasure.erase(session, learner_id, world.clock.now())
    with pytest.raises(NotFound):
        erase(world)


def test_the_mailed_button_downloads_all_as_a_json_file(world: World) -> None:
    live(world)
    world.clock.forward(hours=1)
    link = ask_for(world, "export")
    held = json.loads(json.dumps(exported(world)))
    answer = world.app.test_client().post(link)
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="dayletter-bread-at-home.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    told = answer.get_json()
    for one in (told, held):  # but for the mark that the link was used
        for course in one["courses"]:
            for mail in course["mails"]:
                del mail["used_at"]
    assert told == held


def test_the_mailed_button_erases_and_says_so(world: World) -> None:
    live(world)
    world.clock.forward(hours=1)
    link, url = ask_for(world, "erase"), world.learn_url()
    page = world.person.submit(world.person.look(link))
    assert page.status == 200
    assert "Everything is erased" in page.text
    assert world.person.post(link).status == 404
    assert world.person.post(f"{url}/erase").status == 404


def ask_for(world: World, deed: str) -> str:
    """From an address that takes mail, which that of `live` does not."""
    with world.runtime.db.write() as session:
        session.execute(delete(Suppression))
    return world.ask_for(deed)


@pytest.mark.parametrize("deed", ["export", "erase"])
def test_an_altered_link_gives_and_erases_nothing(world: World, deed: str) -> None:
    live(world)
    before = world.rows()
    page = world.person.post(f"{world.learn_url()}A/{deed}")
    assert page.status == 404
    assert "ada@example.org" not in page.text
    assert world.rows() == before


def test_no_table_that_points_at_a_learner_was_forgotten() -> None:
    """A new table with a learner's data must be added to both, and to `live` above."""
    below, grown = {Learner.__tablename__}, True
    while grown:
        found = {
            table.name
            for table in Base.metadata.sorted_tables
            if any(key.column.table.name in below for key in table.foreign_keys)
        }
        grown = not found <= below
        below |= found
    # An attempt hangs on its delivery without a foreign key.
    known = {"learner", "enrolment", "delivery", "event", "tick", "completion", "visit", "certificate"}
    known |= {"watch", "note", "feedback", "address_change", "consent"}
    assert below == known
