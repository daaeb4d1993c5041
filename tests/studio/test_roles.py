"""Every route of the studio asks who one is, and for the least role that the one table names."""

from collections.abc import Iterator

from werkzeug.routing import IntegerConverter, Rule

from tests.support.author.studio import BY_ROLE, fresh_person, sign_in
from tests.support.world.person import Page, Person
from tests.support.world.world import BASE_URL, World
from web.studio.access.roles import RANKS, ROLES


def routes(world: World) -> Iterator[tuple[str, str, str]]:
    """Name, method and a filled address of every route of the studio."""
    for rule in world.app.url_map.iter_rules():
        if rule.endpoint.startswith("studio."):
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                yield rule.endpoint.removeprefix("studio."), method, filled(world, rule)


def filled(world: World, rule: Rule) -> str:
    values = {
        name: 1 if isinstance(kind, IntegerConverter) else "bread-at-home"
        for name, kind in rule._converters.items()
    }
    return world.app.url_map.bind("127.0.0.1").build(rule.endpoint, values)


def knock(person: Person, method: str, url: str) -> Page:
    return person.browser.send(method, f"{BASE_URL}{url}", {} if method == "POST" else None)


def test_the_table_names_every_route_and_no_other(studio: World) -> None:
    assert {name for name, _, _ in routes(studio)} == ROLES.keys()


def test_without_a_session_no_route_does_anything(studio: World) -> None:
    before, person = studio.rows(), fresh_person(studio)
    for name, method, url in routes(studio):
        if ROLES[name] is None:
            continue
        page = knock(person, method, url)
        if method == "GET":
            assert (page.status, page.headers["location"]) == (303, "/studio/sign-in"), url
        else:
            assert page.status == 401, url
    assert studio.rows() == before


def test_with_too_low_a_role_no_route_does_anything(studio: World) -> None:
    people = {role: sign_in(studio, role) for role in BY_ROLE}
    before = studio.rows()
    for name, method, url in routes(studio):
        least = ROLES[name]
        for role in RANKS[: RANKS.index(least)] if least else ():
            assert knock(people[role], method, url).status == 403, (role, url)
    assert studio.rows() == before


def test_an_error_leads_back_into_the_studio_and_strangers_to_the_front_page(studio: World) -> None:
    arne, stranger = sign_in(studio, "author"), fresh_person(studio)
    shut, missing = arne.look("/studio/log"), arne.look("/studio/no/such/page")
    assert (shut.status, missing.status) == (403, 404)
    for page in (shut, missing):
        assert 'class="button plain" href="/studio"' in page.text
        assert "arne@example.org" in page.text
    led = stranger.look("/studio/no/such/page")
    assert led.status == 404
    assert 'class="button plain" href="/"' in led.text


def test_what_acts_asks_for_the_forms_token_too(studio: World) -> None:
    person = sign_in(studio, "operator")
    before = studio.rows()
    for _, method, url in routes(studio):
        if method == "POST":
            assert knock(person, method, url).status == 400, url
    assert studio.rows() == before


def test_who_is_no_longer_listed_is_out_at_once(studio: World) -> None:
    person = sign_in(studio, "viewer")
    users = dict(studio.runtime.settings.studio_users)
    users.pop(BY_ROLE["viewer"])
    object.__setattr__(studio.runtime.settings, "studio_users", users)
    assert person.look("/studio").url.endswith("/sign-in")
