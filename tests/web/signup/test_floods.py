"""Strangers who type addresses of others: nobody's inbox is filled, and people get in as ever."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from altcha.v1 import ChallengeOptions, Payload, create_challenge, solve_challenge

from course.enrolment.allowance.rates import LONGEST_WAIT, RATES
from course.enrolment.allowance.sign_ups import MOST_WAITING
from course.models import SignUp
from tests.support.author.studio import work_off
from tests.support.world.person import AppBrowser, Page, Person
from tests.support.world.world import BASE_URL, World
from web.signup.person import MOMENT, OLDEST, TRAP

COURSE = "/courses/bread-at-home"
ENROL = f"{COURSE}/enrol"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Both kinds are flooded in `tests/hostile/`."""
    return sqlite_url


def somebody(world: World) -> Person:
    """With a browser of their own."""
    return Person(AppBrowser(world.app), BASE_URL)


def bot(world: World, email: str) -> str:
    """A form without any of what the page holds; where it leads."""
    fields = {"email": email, "name": "", "zone": "UTC", "hour": "8"}
    answer = world.app.test_client().post(ENROL, data=fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].removeprefix(COURSE)


def flood(world: World, count: int, domain: str = "mail{n}.example.org") -> list[str]:
    return [bot(world, f"bot{n}@{domain.format(n=n)}") for n in range(count)]


def slow_down(world: World, waiting: int = 1) -> None:
    """As many forms came as go at once, and some more, which wait."""
    now = world.clock.real()
    moments = [now] * RATES["none"].in_all + [now + timedelta(minutes=1)] * waiting
    with world.runtime.db.write() as session:
        rows = [
            SignUp(domain=f"host{n}.example", proof="none", taken_at=now, leaves_at=at)
            for n, at in enumerate(moments)
        ]
        session.add_all(rows)


def at_human_speed(world: World, email: str, **fields: str) -> Page:
    person = somebody(world)
    form = person.look(COURSE)
    world.clock.forward(seconds=5)
    return person.submit(form, email=email, zone="UTC", **fields)


def to(world: World, email: str) -> int:
    return sum(mail.message["To"] == email for mail in world.mails())


def test_the_form_holds_a_field_that_nobody_meets(world: World) -> None:
    page = world.person.look(COURSE).text
    (field,) = re.findall(f"<input[^>]*{TRAP}[^>]*>", page)
    assert all(part in field for part in ('tabindex="-1"', 'autocomplete="off"', 'value=""'))
    assert '<div class="remark" aria-hidden="true">' in page


def test_who_fills_in_that_field_is_asked_again_and_not_refused(world: World) -> None:
    form = world.person.look(COURSE)
    again = world.person.submit(form, **{TRAP: "buy now", "email": "ada@example.org", "name": "Ada"})
    assert again.status == 422
    assert "press the button once more" in again.text
    _, fields = again.form_fields()
    assert (fields["email"], fields["name"], fields[TRAP]) == ("ada@example.org", "Ada", "")
    world.step()
    assert world.mails() == []
    assert "Check your inbox" in world.person.submit(again).text
    world.step()
    assert to(world, "ada@example.org") == 1


@pytest.mark.parametrize("seconds", [0, 3, 2 * OLDEST.total_seconds()])
def test_while_few_come_every_pace_is_good(world: World, seconds: float) -> None:
    form = world.person.look(COURSE)
    world.clock.forward(seconds=seconds)
    assert "Check your inbox" in world.person.submit(form, email="ada@example.org").text
    world.step()
    assert to(world, "ada@example.org") == 1


@pytest.mark.parametrize("seconds", [0, 1, 2 * OLDEST.total_seconds()])
def test_in_a_flood_who_is_too_fast_or_far_too_late_presses_once_more(world: World, seconds: float) -> None:
    form = world.person.look(COURSE)
    world.clock.forward(seconds=seconds)
    slow_down(world)
    again = world.person.submit(form, email="ada@example.org", name="Ada")
    assert again.status == 422
    assert "press the button once more" in again.text
    world.clock.forward(seconds=3)
    assert "is on its way to" in world.person.submit(again).text
    world.step()
    assert to(world, "ada@example.org") == 1


def test_a_page_from_the_cache_and_a_second_tab_and_the_back_button_do(world: World) -> None:
    slow_down(world)
    tab, other = world.person.look(COURSE), world.person.look(COURSE)
    world.clock.forward(hours=20)
    for page, email in ((tab, "ada@example.org"), (other, "eve@example.org"), (tab, "ida@example.org")):
        slow_down(world)
        assert "is on its way to" in world.person.submit(page, email=email).text
        world.step()
        assert to(world, email) == 1


@pytest.mark.parametrize("moment", ["", "x", "AAAA", "0" * 500, "\N{SNOWMAN}"])
def test_a_moment_that_is_not_ours_proves_nothing_and_costs_nothing(world: World, moment: str) -> None:
    form = world.person.look(COURSE)
    world.person.submit(form, email="ada@example.org", **{MOMENT: moment})
    world.step()
    assert to(world, "ada@example.org") == 1


def test_a_script_of_somebodys_own_site_enrols_a_person(world: World) -> None:
    assert bot(world, "ada@example.org") == "/check-your-inbox"
    work_off(world)
    assert to(world, "ada@example.org") == 1


def test_in_a_flood_a_form_without_proof_waits_its_turn_and_says_so(world: World) -> None:
    slow_down(world)
    page = world.person.post(ENROL, {"email": "ada@example.org", "zone": "UTC", "hour": "8"})
    assert "Many people register just now. Your mail comes within a minute." in page.text
    world.step()
    assert to(world, "ada@example.org") == 0
    world.forward(minutes=2)
    assert to(world, "ada@example.org") == 1


def test_what_waits_leaves_evenly(world: World) -> None:
    slow_down(world)
    assert all("within" in place for place in flood(world, 45))
    world.step()
    assert len(world.mails()) == 0
    for minute in (1, 2):
        world.forward(minutes=1)
        assert abs(len(world.mails()) - 20 * minute) <= 1


def test_nothing_waits_for_more_than_half_an_hour_and_what_would_leaves_no_trace(world: World) -> None:
    slow_down(world, MOST_WAITING - 5)
    places = flood(world, 10)
    assert places[:5] == ["/check-your-inbox?within=30"] * 5
    assert places[5:] == ["/check-your-inbox?full"] * 5
    assert len(world.rows()["learner"]) == 5
    assert max(mail["retry_at"] for mail in world.rows()["delivery"]) == world.clock.real() + LONGEST_WAIT


def test_a_small_domain_gets_few_and_a_big_provider_many(world: World) -> None:
    places = flood(world, 100, "victims.example")
    at_once = [place for place in places if place == "/check-your-inbox"]
    assert len(at_once) == RATES["none"].small
    assert "/check-your-inbox?within=30" in places
    assert len(world.rows()["delivery"]) == RATES["none"].small + 30
    world.clock.forward(days=1)
    assert set(flood(world, 60, "gmail.com")) == {"/check-your-inbox"}


def test_a_person_of_the_domain_that_is_flooded_gets_in(world: World) -> None:
    flood(world, 60, "victims.example")
    assert "is on its way to" in at_human_speed(world, "ada@victims.example").text
    work_off(world)
    assert to(world, "ada@victims.example") == 1


def puzzle_of(page: Page) -> dict[str, object]:
    found = re.search('data-puzzle="([^"]*)"', page.text)
    assert found, page.text
    puzzle = json.loads(unescape(found[1]))
    assert isinstance(puzzle, dict)
    return puzzle


def answer_to(puzzle: dict[str, object]) -> str:
    """As `static/proof.js` gives it."""
    challenge, salt = str(puzzle["challenge"]), str(puzzle["salt"])
    found = solve_challenge(challenge, salt, "SHA-256", 50_000)
    assert found is not None
    return Payload("SHA-256", challenge, found.number, salt, str(puzzle["signature"])).to_base64()


def waiting_person(world: World, email: str) -> tuple[Person, Page]:
    person = somebody(world)
    return person, person.post(ENROL, {"email": email, "zone": "UTC", "hour": "8"})


def test_a_solved_puzzle_brings_the_mail_at_once_and_only_one(world: World) -> None:
    slow_down(world)
    person, page = waiting_person(world, "ada@example.org")
    proof = {"proof": answer_to(puzzle_of(page))}
    assert "is on its way to" in person.post(f"{COURSE}/check-your-inbox/proof", proof).text
    work_off(world)
    assert to(world, "ada@example.org") == 1
    world.forward(hours=1)
    assert to(world, "ada@example.org") == 1


def test_where_too_many_wait_a_solved_puzzle_gets_in_all_the_same(world: World) -> None:
    slow_down(world, MOST_WAITING)
    person, page = waiting_person(world, "ada@example.org")
    assert "no mail can be sent for you yet" in page.text
    person.post(f"{COURSE}/check-your-inbox/proof", {"proof": answer_to(puzzle_of(page))})
    work_off(world)
    assert to(world, "ada@example.org") == 1


def test_a_solved_puzzle_is_good_once(world: World) -> None:
    slow_down(world)
    person, page = waiting_person(world, "ada@example.org")
    proof = {"proof": answer_to(puzzle_of(page))}
    person.post(f"{COURSE}/check-your-inbox/proof", proof)
    other, _ = waiting_person(world, "eve@example.org")
    assert "Your mail comes within" in other.post(f"{COURSE}/check-your-inbox/proof", proof).text
    work_off(world)
    assert (to(world, "ada@example.org"), to(world, "eve@example.org")) == (1, 0)


def _foreign(world: World) -> str:
    options = ChallengeOptions(max_number=10, hmac_key="theirs", expires=world.clock.real() + timedelta(hours=1))
    return answer_to(create_challenge(options).to_dict())


@pytest.mark.parametrize("answer", ["", "x", "e30=", "W10=", "bnVsbA==", "A" * 3000, "eyJzYWx0IjogMX0="])
def test_what_solves_nothing_of_ours_is_no_proof(world: World, answer: str) -> None:
    slow_down(world)
    person, _ = waiting_person(world, "ada@example.org")
    for given in (answer, _foreign(world)):
        assert person.post(f"{COURSE}/check-your-inbox/proof", {"proof": given}).status == 200
    work_off(world)
    assert to(world, "ada@example.org") == 0


def test_a_puzzle_is_not_good_for_ever(world: World) -> None:
    slow_down(world)
    person, page = waiting_person(world, "ada@example.org")
    answer = answer_to(puzzle_of(page))
    world.clock.forward(hours=1)
    slow_down(world, MOST_WAITING)
    assert "no mail can be sent" in person.post(f"{COURSE}/check-your-inbox/proof", {"proof": answer}).text


def test_known_and_unknown_addresses_wait_alike(world: World) -> None:
    world.enrol("known@example.org")
    world.clock.forward(hours=3)
    slow_down(world)
    pages = [waiting_person(world, email)[1] for email in ("known@example.org", "newer@example.org")]
    told = [re.sub('data-puzzle="[^"]*"|(known|newer)@example.org', "", page.text) for page in pages]
    assert told[0] == told[1]
    world.forward(minutes=2)
    assert len(world.mails("link")) == 1


def test_operators_see_that_sign_ups_are_slowed(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with world.runtime.db.write() as session:
        now = world.clock.real()
        come = RATES["none"].in_all
        session.add_all(SignUp(domain="x.example", proof="none", taken_at=now, leaves_at=now) for _ in range(come))
    flood(world, 21)
    told = world.app.test_client().get("/readyz").get_json()
    assert told["sign_ups_waiting"] == 21
    assert [
        alarm for alarm in told["alarms"] if "Sign-ups are being slowed: 21 wait for the mail, since 2026" in alarm
    ]
    assert "dayletter_sign_ups_waiting 21.0" in world.app.test_client().get("/metrics").text
    said = [record.getMessage() for record in caplog.records if "being slowed" in record.getMessage()]
    assert len(said) == 1
    assert "@" not in said[0]


def test_ten_people_of_one_house_go_first_and_the_eleventh_like_all_others(world: World) -> None:
    slow_down(world)
    pages = [at_human_speed(world, f"colleague{number}@mail{number}.example").text for number in range(11)]
    assert ["is on its way to" in page for page in pages] == [True] * 10 + [False]
