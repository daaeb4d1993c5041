"""What is held on a learner can be taken away, and can be erased without a trace."""

import json
from datetime import date, datetime

import pytest

from course.enrolment import privacy
from course.errors import NotFound
from course.models import AddressChange, Base, Feedback, Learner, Note, Suppression, Watch
from tests.support.world.sample_course import DAYS
from tests.support.world.world import House, newest_enrolment

AGENT = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}


def live(house: House, email: str = "ada@example.org") -> None:
    """A learner with a row in every table there is."""
    house.enrol(email)
    item = house.course.lessons[0].items[0].key
    url = house.learn_url(email)
    for day in range(1, DAYS + 1):
        house.person.look(f"{url}/dough-{day}")
        house.person.post(f"{url}/dough-{day}/checklist", {"item": item, "done": "1"})
        house.person.post(f"{url}/dough-{day}/complete")
        if day < DAYS:
            house.next_lesson(email)
    house.step()
    mark = next(m for m in house.mails("lesson") if m.message["To"] == email)
    pixel = mark.html.split('src="http://127.0.0.1:8000/o/')[1].split('"')[0]
    house.app.test_client().get(f"/o/{pixel}", headers=AGENT)
    with house.runtime.db.write() as session:
        enrolment, now = newest_enrolment(session, email), house.clock.now()
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


def exported(house: House, email: str = "ada@example.org") -> dict[str, object]:
    with house.runtime.db.read() as session:
        return privacy.export(session, privacy.learner_with(session, email).id)


def erase(house: House, email: str = "ada@example.org") -> None:
    with house.runtime.db.write() as session:
        privacy.erase(session, privacy.learner_with(session, email).id)


def of_people(house: House) -> dict[str, int]:
    """How many rows each table holds that is not about courses or about the house."""
    about_courses = {"course", "edition", "document", "revision", "media", "publication", "former_slug"}
    about_courses |= {"hold", "deployment", "probe", "badge_key", "sign_in", "studio_session", "deed"}
    return {name: len(rows) for name, rows in house.rows().items() if name not in about_courses}


def test_the_export_holds_every_value_of_every_row(house: House) -> None:
    live(house)
    assert all(of_people(house).values()), "a table without a row proves nothing"
    text = json.dumps(exported(house), ensure_ascii=False)
    for table in of_people(house):
        for row in house.rows()[table]:
            for column, value in row.items():
                if column in privacy.MACHINERY or value is None or isinstance(value, bool | int | dict):
                    continue
                shown = value.isoformat() if isinstance(value, date | datetime) else value
                if column != "weekdays":
                    assert json.dumps(shown, ensure_ascii=False) in text, (table, column)


def test_every_table_that_hangs_on_a_learner_is_known_to_the_eraser(house: House) -> None:
    live(house)
    erase(house)
    assert of_people(house) == dict.fromkeys(of_people(house), 0)


def test_the_export_is_of_one_learner_alone(house: House) -> None:
    live(house)
    house.enrol("eve@example.org", name="Eve")
    assert "eve@example.org" not in json.dumps(exported(house))
    assert "ada@example.org" not in json.dumps(exported(house, "eve@example.org"))


def test_erasing_leaves_everybody_else_as_they_were(house: House) -> None:
    live(house, "eve@example.org")
    before = house.rows()
    live(house, "ada@example.org")
    erase(house)
    after = house.rows()
    del before["deployment"], after["deployment"]  # the house's own counter goes on
    assert after == before


def test_what_was_waiting_to_be_sent_is_not_sent(house: House) -> None:
    house.enrol()
    house.clock.forward(days=1, hours=2)
    house.register("new@example.org")
    house.person.submit(house.person.look("/"), email="ada2@example.org")
    erase(house, "ada2@example.org")
    erase(house)
    sent = len(house.mails())
    house.forward(days=2)
    assert len(house.mails()) == sent


def test_all_links_of_an_erased_learner_lead_nowhere(house: House) -> None:
    live(house)
    urls = [house.learn_url(), f"{house.learn_url()}/dough-1", house.unsubscribe_url()]
    urls += [house.mails("confirm")[0].link("/confirm/")]
    urls += [f"/certificates/{house.rows()['certificate'][0]['serial']}"]
    erase(house)
    for url in urls:
        assert house.person.look(url).status == 404
        assert house.app.test_client().post(url).status_code in (404, 405)


def test_the_address_can_begin_again_as_new(house: House) -> None:
    live(house)
    erase(house)
    house.enrol(name="Another Ada")
    assert house.rows()["learner"][0]["name"] == "Another Ada"
    assert [mail.day for mail in house.mails("lesson")][-1] == 1


def test_erasing_twice_says_that_nothing_is_left(house: House) -> None:
    house.enrol()
    learner_id = house.rows()["learner"][0]["id"]
    erase(house)
    with pytest.raises(NotFound), house.runtime.db.write() as session:
        privacy.erase(session, learner_id)
    with pytest.raises(NotFound):
        erase(house)


def test_the_pages_button_downloads_all_as_a_json_file(house: House) -> None:
    live(house)
    answer = house.app.test_client().post(f"{house.learn_url()}/export")
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="dayletter-bread-at-home.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.get_json() == json.loads(json.dumps(exported(house)))


def test_the_pages_button_erases_and_says_so(house: House) -> None:
    live(house)
    url = house.learn_url()
    page = house.person.post(f"{url}/erase")
    assert page.status == 200
    assert "Everything is erased" in page.text
    assert house.person.post(f"{url}/erase").status == 404


@pytest.mark.parametrize("deed", ["export", "erase"])
def test_an_altered_link_gives_and_erases_nothing(house: House, deed: str) -> None:
    live(house)
    before = house.rows()
    page = house.person.post(f"{house.learn_url()}A/{deed}")
    assert page.status == 404
    assert "ada@example.org" not in page.text
    assert house.rows() == before


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
    known |= {"watch", "note", "feedback", "address_change"}
    assert below == known
