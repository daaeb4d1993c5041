"""From the form to the inbox: slips are asked about, mails sent again, and strangers learn nothing."""

import re
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.servers.redis_server import RedisServer
from tests.support.world.sample_course import write_sample
from tests.support.world.world import World
from web.signup.person import MOMENT, TRAP

ENROL = "/courses/bread-at-home/enrol"
INBOX = "/courses/bread-at-home/check-your-inbox"
SLIP = {"email": "ada@gmial.com", "name": 'Ada "the first"', "zone": "Asia/Tokyo", "hour": "21"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here turns on the kind of database."""
    return sqlite_url


def test_the_sample_of_day_1_greets_nobody_by_a_blank(world: World) -> None:
    page = world.person.look("/")
    assert '<p class="subject">Flour, water</p>' in page.text
    assert "{{" not in page.text


def test_a_slip_in_the_domain_is_asked_about_and_nothing_is_stored_meanwhile(world: World) -> None:
    before = world.rows()
    page = world.person.post(ENROL, SLIP)
    assert page.status == 200
    assert "Did you mean" in page.text
    assert "ada@gmail.com" in page.text
    assert world.rows() == before


def test_the_suggestion_is_taken_with_one_button_and_all_else_stays_as_typed(world: World) -> None:
    world.person.submit(world.person.post(ENROL, SLIP))
    world.step()
    enrolment = world.look_up("ada@gmail.com")
    assert (enrolment.zone, enrolment.hour) == ("Asia/Tokyo", 21)
    assert world.rows()["learner"][0]["name"] == 'Ada "the first"'


def test_an_address_that_only_looks_like_a_slip_is_kept_with_the_other_button(world: World) -> None:
    page = world.person.post(ENROL, SLIP)
    keep = page.text.partition("</form>")[2]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', keep))
    assert fields["email"] == "ada@gmial.com"
    world.person.post(ENROL, fields)
    world.step()
    assert world.mails("confirm")[0].message["To"] == "ada@gmial.com"


def test_the_mail_is_sent_again_after_a_while_and_the_wait_is_told_kindly(world: World) -> None:
    page = world.register()
    assert "ada@example.org" in page.text
    early = world.person.submit(page)
    assert early.status == 200
    assert "you can send another in 2 minutes" in early.text
    world.clock.forward(minutes=2)
    again = world.person.submit(early)
    assert "Another mail is on its way" in again.text
    assert "in 4 minutes" in world.person.submit(again).text
    world.step()
    assert len(world.mails("confirm")) == 2


def test_the_page_is_the_same_for_a_known_address_also_when_sent_again(world: World) -> None:
    world.enrol("known@example.org")
    world.clock.forward(hours=3)
    pages = []
    for email in ("known@example.org", "newer@example.org"):
        first = world.register(email)
        early = world.person.submit(first)
        world.clock.forward(minutes=2)
        again = world.person.submit(early)
        pages.append([page.text.replace(email, "") for page in (first, early, again)])
        world.step()
    assert pages[0] == pages[1]
    assert len(world.mails("link")) == 2


def test_a_wrong_address_is_changed_in_the_form_as_it_was_filled_in(world: World) -> None:
    page = world.register("aad@example.org", name="Ada", zone="Asia/Tokyo", hour="21")
    link = re.search(r'href="([^"]*\?change)#enrol"', page.text)
    assert link
    form = world.person.look(link[1])
    _, fields = form.form_fields()
    typed = {name: value for name, value in fields.items() if name not in (MOMENT, TRAP)}
    assert typed == {"email": "aad@example.org", "name": "Ada", "zone": "Asia/Tokyo", "hour": "21"}
    world.person.submit(form, email="ada@example.org")
    assert world.look_up().zone == "Asia/Tokyo"


def test_without_the_cookie_the_page_leads_back_to_the_form(world: World) -> None:
    client = world.app.test_client()
    assert "Fill in the form again" in client.get(INBOX).text
    answer = client.post(INBOX)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/courses/bread-at-home#enrol")
    assert "Fill in the form again" in client.get("/courses/bread-at-home/check-your-inbox?early&again").text


@pytest.mark.parametrize("written", ["ADA@Example.ORG", "  Ada@EXAMPLE.org "])
def test_an_address_in_other_case_is_the_same_learner(world: World, written: str) -> None:
    world.enrol()
    world.register(written)
    assert len(world.rows()["learner"]) == 1
    assert len(world.mails("link")) == 1


def test_two_people_behind_one_plus_are_two_learners(world: World) -> None:
    world.register("ada+bread@example.org")
    world.register("ada@example.org")
    assert len(world.rows()["learner"]) == 2


def test_a_domain_in_its_own_script_and_in_ascii_is_one_learner(world: World) -> None:
    world.register("ada@BÜCHER.example.org")
    world.register("ada@xn--bcher-kva.example.org")
    assert len(world.rows()["learner"]) == 1


@pytest.mark.parametrize(
    ("site", "course", "box", "kept", "learner_may_choose"),
    [
        ("on", "on", False, True, True),
        ("on", "ask", True, True, True),
        ("ask", "on", True, True, True),
        ("on", "off", False, False, False),
        ("ask", "off", False, False, False),
        ("off", "on", False, False, False),
        ("off", "ask", False, False, False),
    ],
)
def test_the_stricter_of_site_and_course_decides_on_tracking(
    tmp_path: Path,
    database_url: str,
    redis_server: RedisServer,
    site: str,
    course: str,
    box: bool,
    kept: bool,
    learner_may_choose: bool,
) -> None:
    folder = write_sample(tmp_path / "lessons")
    words = (folder / "course.md").read_text().replace("sender:", f"tracking: {course}\nsender:")
    (folder / "course.md").write_text(words)
    with closing(
        World(tmp_path / "var", database_url, redis_server.url, tmp_path / "lessons", TRACKING=site)
    ) as world:
        form = world.person.look("/courses/bread-at-home").text
        assert ('name="tracking"' in form) == box
        assert "checked" not in form
        world.enrol("not@example.org")
        world.enrol("yes@example.org", tracking="1")
        assert world.look_up("not@example.org").tracking == (kept and not box)
        assert world.look_up("yes@example.org").tracking == kept
        for sent, wished in (("1", True), ("", False), ("nonsense", False)):
            page = world.person.post(f"{world.learn_url('not@example.org')}/settings", {"tracking": sent})
            assert page.status == 200
            assert world.look_up("not@example.org").tracking == (wished and learner_may_choose)
        assert ('name="tracking"' in page.text) == learner_may_choose
