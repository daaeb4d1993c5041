"""Whatever is sent to the site: it answers with words, never breaks, and keeps nothing that is not right."""

import json
import re
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.support.author.studio import sign_in
from tests.support.world.world import World

ENROL = "/courses/bread-at-home/enrol"
GOOD = {"email": "ada@example.org", "name": "Ada", "zone": "Europe/Berlin", "hour": "8"}
NUL = "%00"
ODD = (
    NUL,
    f"a{NUL}b",
    "%ff%fe",
    "%F0%9F%98%80",
    "..%2f..%2fetc",
    "x" * 5000,
    "%0d%0aX:%20y",
    "%E2%80%AE",
    "-1",
    "=",
)
FORM = "application/x-www-form-urlencoded"


def post(world: World, url: str, body: bytes, kind: str) -> TestResponse:
    return world.app.test_client().post(url, data=body, headers={"Content-Type": kind})


NO_FIELDS: tuple[tuple[str, str, str], ...] = (
    ("email", "", "Please give an e-mail address"),
    ("email", "nobody", "cannot be right"),
    ("email", "a@b@example.org", "cannot be right"),
    ("email", "ada@example.org\r\nBcc: eve@example.org", "cannot be right"),
    ("email", "ada@example.org\0", "cannot be right"),
    ("email", f"{'a' * 10_000}@example.org", "longer than e-mail allows"),
    ("email", "adä@example.org", "cannot be right"),
    ("zone", "Mars/Olympus", "do not know this time zone"),
    ("zone", "../../etc/passwd", "do not know this time zone"),
    ("zone", "localtime", "do not know this time zone"),
    ("zone", "Europe/Berlin\0", "do not know this time zone"),
    ("hour", "25", "an hour from 0 to 23"),
    ("hour", "-1", "an hour from 0 to 23"),
    ("hour", "8.5", "an hour from 0 to 23"),
    ("hour", "²", "an hour from 0 to 23"),
    ("hour", "٣", "an hour from 0 to 23"),
    ("hour", "", "an hour from 0 to 23"),
    ("hour", "9" * 5000, "an hour from 0 to 23"),
    ("name", "A" * 10_000, "shorten the name to 80"),
    ("name", "Ada\nBcc: eve@example.org", "cannot be shown"),
    ("name", "A\0da", "cannot be shown"),
    ("name", "\u202eAda", "cannot be shown"),
)


def test_a_field_that_cannot_be_is_named_and_nothing_is_stored(world: World) -> None:
    before = world.rows()
    for field, value, reason in NO_FIELDS:
        page = world.person.post(ENROL, GOOD | {field: value})
        assert page.status == 422
        assert reason in page.text
        for other, typed in GOOD.items():
            if other != field:
                assert f'value="{typed}"' in page.text
        assert "\0" not in page.text
        assert world.rows() == before


def test_all_wrong_fields_are_told_at_once(world: World) -> None:
    page = world.person.post(ENROL, {"email": "x", "zone": "x", "hour": "x", "name": "\1"})
    assert page.status == 422
    assert "4 things need another look" in page.text


def test_the_refilled_form_is_escaped(world: World) -> None:
    page = world.person.post(ENROL, GOOD | {"email": '"><script>alert(1)</script>'})
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("name", ["Zoë Ångström", "李小龍", "عائشة", "👩‍🚀", "O'Brien <b>", "{{ email }}", ""])
def test_a_name_in_any_script_is_kept_as_typed_and_shown_escaped(world: World, name: str) -> None:
    page = world.enrol(name=name)
    assert page.status == 200
    assert "<b>" not in page.text
    assert [row["name"] for row in world.rows()["learner"]] == [name]
    assert world.mails("lesson")


def test_missing_fields_have_the_reason_or_a_default(world: World) -> None:
    assert world.person.post(ENROL, {}).status == 422
    assert world.person.post(ENROL, {"email": "ada@example.org"}).status == 200
    assert (world.look_up().zone, world.look_up().hour) == ("UTC", 8)


def test_an_address_with_letters_of_other_scripts_in_its_domain_gets_mail_at_its_ascii_form(world: World) -> None:
    assert world.register("ada@exämple.org").status == 200
    assert world.mails("confirm")[0].message["To"] == "ada@xn--exmple-cua.org"


BODIES: tuple[tuple[str, bytes], ...] = (
    (FORM, b"%ff=%fe&email=%ff&item=%00&zone=%00&hour=%00&name=%00&days=%00&weekdays=%00"),
    (FORM, b"\xff\xfe"),
    (FORM, "days=²&hour=²&email=²".encode()),
    (FORM, b"days=" + b"9" * 5000),
    (FORM, b"a=1&" * 50_000),
    ("application/json", b"[1, 2]"),
    ("application/json", b"{bad"),
    ("application/json", b'"text"'),
    ("application/json", b'{"item": "a\\u0000b", "done": 1}'),
    ("application/json", b'{"item": "\\ud800", "done": {"x": []}}'),
    ("application/json", b"[" * 100_000),
    ("application/json; charset=nope", b"{}"),
    ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
    ("multipart/form-data", b"x"),
    ("text/plain", b"email=ada@example.org"),
    ("", b"anything"),
)


def test_bodies_of_any_kind_break_nothing(world: World) -> None:
    world.enrol()
    learn, lesson = world.learn_url(), f"{world.learn_url()}/dough-1"
    deeds = [ENROL, f"{learn}/settings", f"{learn}/pause", f"{learn}/resume", f"{lesson}/checklist"]
    for kind, body in BODIES:
        for url in (*deeds, "/hooks/sendgrid", world.unsubscribe_url(), f"{lesson}/complete"):
            assert post(world, url, body, kind).status_code < 500, url
        assert not world.rows()["tick"]


def test_a_form_that_is_too_large_is_refused_in_words(world: World) -> None:
    before = world.rows()
    answer = post(world, ENROL, b"email=ada@example.org&name=" + b"a" * 1_000_000, FORM)
    assert answer.status_code == 413
    assert "too much at once" in answer.text
    assert world.rows() == before


ROUTES = (
    "/{}", "/courses/{}", "/courses/{}/enrol", "/courses/{}/check-your-inbox", "/confirm/{}", "/learn/{}",
    "/learn/{}/dough-1", "/learn/{}/settings", "/learn/{}/pause", "/learn/{}/resume", "/learn/{}/export",
    "/learn/{}/erase", "/learn/{}/articles/flour", "/learn/{}/dough-1/checklist", "/learn/{}/dough-1/complete",
    "LEARN/{}", "LEARN/articles/{}", "LEARN/{}/checklist", "LEARN/{}/complete", "/unsubscribe/{}",
    "/unsubscribe/{}/undo",
    "/unsubscribe/{}/mail-link", "/wish/{}", "/wish/{}/export", "/c/{}/mail-link",
    "/o/{}.gif", "/c/{}/x", "/c/x/{}", "/certificates/{}", "/media/{}/talk.mp4",
    "/media/abc/{}", "/inbox/{}", "/inbox/{}/html", "/hooks/{}", "/static/{}",
)  # fmt: skip


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd[:12])
def test_odd_addresses_are_not_found_by_any_method_and_change_nothing(world: World, odd: str) -> None:
    world.enrol()
    before, learn, client = world.rows(), world.learn_url(), world.app.test_client()
    for route in ROUTES:
        url = route.replace("LEARN", learn).format(odd)
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
            answer = client.open(url, method=method)
            expected = (200, 404, 405) if "/o/" in url or method == "OPTIONS" else (404, 405)
            assert answer.status_code in expected, (method, url)
            answer.close()
    assert world.rows() == before


def test_a_number_that_no_row_can_have_finds_nothing(studio: World) -> None:
    person, course = sign_in(studio), "/studio/courses/bread-at-home"
    for number in (0, 2**31, 2**63, 10**40):
        for url in (f"{course}/history/{number}", f"{course}/learners/{number}"):
            assert person.look(url).status == 404, url
        assert person.look(f"/studio/log?before={number}").status == 200


def test_a_slash_too_many_at_the_end_still_finds_the_page(world: World) -> None:
    world.enrol()
    for url in ("/courses/bread-at-home", world.learn_url(), "/lost-link", "/studio/sign-in"):
        answer = world.app.test_client().get(f"{url}/")
        assert answer.status_code == 200, url
        assert world.app.test_client().get(f"{url}//").status_code == 404, url


def test_a_method_that_is_not_taken_is_answered_with_those_that_are(world: World) -> None:
    answer = world.app.test_client().put(ENROL)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "OPTIONS, POST"


def test_strangers_learn_nothing_from_the_answer_about_who_is_known(world: World) -> None:
    world.enrol("known@example.org")
    client = world.app.test_client()
    known, unknown = (
        client.post(ENROL, data=GOOD | {"email": email}) for email in ("known@example.org", "new@example.org")
    )
    assert known.status_code == unknown.status_code == 303
    # The value is signed, and the moment is that of the answer.
    cookies = [
        re.sub("^registered=[^;]*;|Expires=[^;]*;", "", answer.headers.pop("Set-Cookie"))
        for answer in (known, unknown)
    ]
    assert cookies[0] == cookies[1]
    assert known.headers == unknown.headers
    assert known.data == unknown.data


def test_a_stranger_cannot_rename_a_learner_by_registering_their_address(world: World) -> None:
    world.enrol()
    world.register(name="Mallory", zone="Asia/Tokyo", hour="3")
    assert world.rows()["learner"][0]["name"] == "Ada"
    assert (world.look_up().zone, world.look_up().hour) == ("Europe/Berlin", 8)


def test_who_registers_again_before_confirming_corrects_what_they_typed(world: World) -> None:
    world.register(name="Aad", zone="UTC")
    world.register(name="Ada", zone="Europe/Berlin")
    assert world.rows()["learner"][0]["name"] == "Ada"
    assert world.look_up().zone == "Europe/Berlin"
    assert len(world.mails()) == 1


TEXT = st.text(max_size=30)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.dictionaries(st.sampled_from(["email", "name", "zone", "hour", "tracking", "days", "x"]), TEXT))
def test_no_form_at_all_breaks_the_site(world: World, fields: dict[str, str]) -> None:
    usable = {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}
    assert world.app.test_client().post(ENROL, data=usable).status_code in (303, 422)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text(max_size=40), route=st.sampled_from(ROUTES))
def test_no_address_at_all_breaks_the_site(world: World, path: str, route: str) -> None:
    url = route.replace("LEARN", "/learn/x").format(quote(path.encode("utf-8", "replace"), safe="/"))
    for method in ("GET", "POST"):
        answer = world.app.test_client().open(url, method=method)
        assert answer.status_code < 500
        answer.close()


def test_a_tick_may_be_sent_as_json_or_as_a_form(world: World) -> None:
    world.enrol()
    url = f"{world.learn_url()}/dough-1/checklist"
    item = world.course.lessons[0].items[0].key
    for body in ({"item": item, "done": True}, {"item": item, "done": 1}, {"item": item, "done": "1"}):
        answer = post(world, url, json.dumps(body).encode(), "application/json")
        assert answer.get_json() == {"item": item, "done": True, "ticked": 1, "items": 2, "keys": [item]}
    assert post(world, url, json.dumps({"item": item, "done": 0}).encode(), "application/json").status_code == 200
    assert not world.rows()["tick"]
