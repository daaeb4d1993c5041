"""Who may do what at every route: with one learner's keys at another's things, and in each role of the studio."""

from collections.abc import Mapping

from tests.hostile.ground.people import ADA, BERTA, CANARIES, House, Rows, differing, rows_of
from tests.hostile.ground.routes import ENDS_IT, MAY_MAIL_A_STRANGER, WAYS, Route, address, filled, routes
from tests.hostile.scale import note
from tests.support.author.studio import BY_ROLE, fresh_person, sign_in
from tests.support.world.person import FIREFOX, AppBrowser, Page, Person
from tests.support.world.world import BASE_URL, World
from web.studio.access.roles import RANKS, ROLES


def test_each_route_has_a_row_and_each_row_a_route(studio: World) -> None:
    endpoints = {rule.endpoint for rule in studio.app.url_map.iter_rules()}
    assert {endpoint for endpoint in endpoints if not endpoint.startswith("studio.")} == WAYS.keys()
    assert {f"studio.{name}" for name in ROLES} == endpoints - WAYS.keys()
    # What acts says what its form sends, and what is only looked at sends none.
    acting = {route.endpoint for route in routes(studio.app) if route.method == "POST" and route.way}
    assert {name for name, way in WAYS.items() if way.fields is not None} == acting


def test_with_ones_own_keys_nothing_of_anybody_else_is_seen_or_changed(house_on_each: House) -> None:
    """Ada tries each route with her own key and with all that names Berta's things."""
    house, world = house_on_each, house_on_each.world
    before, told, tries = world.rows(), [], 0
    client = world.app.test_client()
    mixed = {**house.values[BERTA], "email": BERTA}
    known = [route for route in routes(world.app) if route.way and route.way.opener != "outbox"]
    # Erasing comes last: without its learner Ada's key opens nothing. Before it comes what Ada types to be kept.
    last = ["address.ask", ENDS_IT]
    for route in sorted(known, key=lambda route: (*map(route.endpoint.__eq__, reversed(last)), route.method)):
        assert route.way is not None
        if route.way.opener == "serial":
            continue
        for key in house.still_good(route.way.opener, ADA)[-2:]:
            values = mixed | {
                "token": key,
                "slug": "bread-at-home" if "/courses/" in route.rule.rule else "dough-2",
            }
            values["link"] = house.links.get(key, "none")
            for query in ("", f"?email={BERTA}&enrolment_id={values['enrolment_id']}&learner_id=2"):
                tries += 1
                path = address(world.app, route, values) + query
                fields = filled(route.way.fields, mixed) if route.way.fields is not None else None
                answer = client.open(path, method=route.method, data=fields, headers=FIREFOX)
                seen = [canary for canary in CANARIES if canary.encode() in answer.get_data()]
                answer.close()
                # What was typed is shown to who typed it.
                typed = fields or query
                told += [f"{route.endpoint} shows {seen}"] if seen and not (typed and BERTA in str(fields)) else []
                after = world.rows()
                told += [f"{route.endpoint} changes {name}" for name in _hurt(route, before, after)]
                before = after
    note(
        f"one learner at another's things, {world.runtime.db.engine.dialect.name}", tries=tries, findings=len(told)
    )
    assert told == []


def _hurt(route: Route, before: Rows, after: Rows) -> Mapping[str, object]:
    """What of Berta's is no longer as it was. A mail that anybody may have sent to her is no harm."""
    apart = ("delivery", "attempt") if route.endpoint in MAY_MAIL_A_STRANGER else ()
    return differing(rows_of(before, BERTA), rows_of(after, BERTA), *apart)


def open_as(person: Person, route: Route, house: House) -> Page:
    values = {**house.values[ADA], "slug": "bread-at-home", "token": "none", "path": "1-dough-1.md"}
    path = address(house.world.app, route, values)
    fields = {"csrf_token": token_of(person)} if route.method == "POST" else None
    return person.browser.send(route.method, f"{BASE_URL}{path}", fields)


def token_of(person: Person) -> str:
    """The one that the studio's forms carry for this browser."""
    return person.look("/studio/you").form_fields()[1].get("csrf_token", "")


def test_the_studio_lets_each_role_do_what_its_row_says_and_no_more(house: House) -> None:
    world, wrong, tries = house.world, [], 0
    people: dict[str, Person] = {role: sign_in(world, role) for role in BY_ROLE}
    people["a stranger"] = fresh_person(world)
    people["a learner"] = fresh_person(world)
    browser = people["a learner"].browser
    assert isinstance(browser, AppBrowser)
    for name in ("dayletter_studio", "dayletter_forms", "registered"):
        browser.client.set_cookie(name, house.keys[ADA]["learn"][0], path="/")
    # What ends a session comes last, the looks come first.
    known = sorted(
        (route for route in routes(world.app) if route.in_studio),
        key=lambda route: (route.method, ".leave" in route.endpoint),
    )
    for route in known:
        least = route.role
        if least is None:
            continue
        for name, person in people.items():
            tries += 1
            if ".leave" in route.endpoint and name in BY_ROLE:
                person = sign_in(world, name)  # the one before may have ended the session
            page = open_as(person, route, house)
            if name not in BY_ROLE:
                good = page.status in ((303,) if route.method == "GET" else (400, 401))
                good = good and page.headers.get("location", "/studio/sign-in") == "/studio/sign-in"
            elif RANKS.index(name) < RANKS.index(least):
                good = page.status == 403
            else:
                good = page.status not in (401, 403, 500)
            wrong += [] if good else [f"{name} {route.method} {route.endpoint}: {page.status}"]
    note("roles and routes of the studio", tries=tries, findings=len(wrong))
    assert wrong == []
