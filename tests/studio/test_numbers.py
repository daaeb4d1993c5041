"""What operators and viewers see of a course: its numbers, its learners, its calendar, and the brake."""

import ast
import re
from html import unescape

import pytest

from course.content.mails import MAILS
from course.schedule import deliveries
from course.schedule.deliveries import ServiceMail
from tests.support.author.studio import sign_in
from tests.support.project import ROOT
from tests.support.world.person import Person
from tests.support.world.sample_course import SLUG
from tests.support.world.world import World
from web.studio.log_words import DEEDS, DETAILS

COURSE = f"/studio/courses/{SLUG}"


def token(person: Person) -> dict[str, str]:
    return {"csrf_token": person.look("/studio/you").form_fields()[1]["csrf_token"]}


def test_the_numbers_count_learners_and_their_deeds(studio: World) -> None:
    studio.enrol()
    studio.person.submit(studio.person.look(f"{studio.learn_url()}/dough-1"))
    page = sign_in(studio, "viewer").look(f"{COURSE}/numbers")
    assert "<strong>1</strong> under way" in page.text
    assert "adds up" in page.text
    assert "nothing is late" in page.text
    assert "<svg" in page.text


def test_staff_who_try_the_course_are_in_no_number(studio: World) -> None:
    studio.enrol(email="vera@example.org")
    person = sign_in(studio, "operator")
    form = token(person) | {"email": "arne@example.org", "zone": "UTC", "hour": "9", "confirmed": "1"}
    person.post(f"{COURSE}/learners", form)
    studio.step()
    assert len(studio.mails("lesson")) == 2
    assert "Nobody has begun yet" in person.look(f"{COURSE}/numbers").text
    assert person.look(f"{COURSE}/learners").text.count("in no number") == 2


def test_before_the_first_publication_the_numbers_say_what_to_do(studio: World) -> None:
    (studio.lessons_dir / "second").mkdir()
    (studio.lessons_dir / "second/course.md").write_text("---\ntitle: Second\n---\n")
    person = sign_in(studio, "operator")
    assert "not published yet" in person.look("/studio/courses/second/numbers").text
    assert "not published yet" in person.look("/studio/courses/second/learners").text
    assert "no lesson to send yet" in person.look("/studio/courses/second/calendar").text


def test_lateness_is_shown(studio: World) -> None:
    studio.enrol()
    studio.clock.forward(days=2)
    assert "minutes late" in sign_in(studio, "viewer").look(f"{COURSE}/numbers").text


def test_an_operator_holds_and_releases_all_sending(studio: World) -> None:
    person = sign_in(studio, "operator")
    assert person.post("/studio/hold", token(person)).status == 422
    page = person.post("/studio/hold", token(person) | {"why": "A wrong film"})
    assert "A wrong film" in page.text
    studio.register()
    assert studio.mails("confirm") == []
    assert "A wrong film" in sign_in(studio, "viewer").look(f"{COURSE}/numbers").text
    person.post("/studio/release", token(person))
    studio.forward(minutes=1)
    assert len(studio.mails("confirm")) == 1
    log = person.look("/studio/log").text
    assert "held sending" in log
    assert "let sending go on" in log


def test_learners_are_found_by_part_of_name_or_address(studio: World) -> None:
    studio.enrol()
    studio.enrol(email="bob_%@example.org", name="Bob")
    person = sign_in(studio, "operator")
    assert "ada@example.org" in person.look(f"{COURSE}/learners").text
    found = person.look(f"{COURSE}/learners?words=B_%25").text
    assert "bob_%@example.org" in found
    assert "ada@example.org" not in found
    assert "Nobody of that name" in person.look(f"{COURSE}/learners?words=%00zz").text


def test_a_learners_page_says_what_was_sent_and_what_comes_and_why(studio: World) -> None:
    studio.enrol()
    page = sign_in(studio, "operator").look(f"{COURSE}/learners/{studio.look_up().id}")
    assert "dough-1" in page.text
    assert "Tuesday 24 March at 8:" in page.text
    assert "you take one a day" in page.text
    assert sign_in(studio, "operator").look(f"{COURSE}/learners/999").status == 404


def test_a_learners_page_names_every_kind_of_mail(studio: World) -> None:
    studio.enrol()
    enrolment, times = studio.look_up(), studio.clock.times()
    with studio.runtime.db.write() as session:
        for kind, mail in MAILS.items():
            deliveries.add(session, enrolment, ServiceMail(kind, "dough-1" if mail.of_lesson else ""), times)
    page = sign_in(studio, "operator").look(f"{COURSE}/learners/{enrolment.id}")
    names = {unescape(re.sub("<.*?>", "", name)) for name in re.findall('<th scope="row">.*?</th>', page.text)}
    assert {str(mail.label) for kind, mail in MAILS.items() if kind != "lesson"} <= names


def test_an_operator_enrols_somebody_for_whom_they_vouch(studio: World) -> None:
    person = sign_in(studio, "operator")
    form = token(person) | {"email": "new@example.org", "zone": "Europe/Berlin", "hour": "9"}
    assert person.post(f"{COURSE}/learners", form | {"zone": "Mars"}).status == 422
    person.post(f"{COURSE}/learners", form | {"confirmed": "1"})
    assert studio.look_up("new@example.org").state == "active"
    person.post(f"{COURSE}/learners", form | {"email": "other@example.org"})
    assert studio.look_up("other@example.org").state == "pending"


def test_a_learner_is_erased_only_with_the_address_typed(studio: World) -> None:
    studio.enrol()
    person, url = sign_in(studio, "operator"), f"{COURSE}/learners/{studio.look_up().id}/erase"
    assert person.post(url, token(person) | {"email": "somebody@else.org"}).status == 422
    assert studio.look_up().state == "active"
    assert person.post(url, token(person) | {"email": "Ada@example.org"}).status == 200
    assert studio.rows()["learner"] == []
    assert "ada@example.org" not in str(studio.rows()["deed"])


def test_the_calendar_shows_each_mail_at_its_local_time_across_a_clock_change(studio: World) -> None:
    page = sign_in(studio, "viewer").look(f"{COURSE}/calendar?zone=Europe/Berlin&hour=8&from=2026-03-28")
    assert page.text.count("<strong>8:0") == 6
    for day in ("Saturday 28 March", "Sunday 29 March", "Monday 30 March"):
        assert day in page.text


@pytest.mark.parametrize(
    "query", ["from=x", "from=9999-12-31", "from=0001-01-01", "zone=Mars", "hour=99", "hour=%00"]
)
def test_a_calendar_that_cannot_be_is_told(studio: World, query: str) -> None:
    page = sign_in(studio, "viewer").look(f"{COURSE}/calendar?{query}")
    assert page.status == 200
    assert 'class="calendar"' not in page.text


def test_the_log_has_words_for_every_deed_and_every_detail_of_one() -> None:
    files = [file for room in ("course", "mailer", "web") for file in (ROOT / room).rglob("*.py")]
    calls = [
        node
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "log_deed"
    ]
    assert {ast.literal_eval(call.args[2]) for call in calls} == DEEDS.keys()
    assert {word.arg for call in calls for word in call.keywords} | {"why", "course"} == DETAILS.keys()
