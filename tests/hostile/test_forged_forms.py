"""Forms that another site sends: in the studio none does anything; elsewhere nothing hangs on a cookie alone."""

from pathlib import Path
from typing import Any

from tests.hostile.ground.people import ADA, BERTA, House, differing
from tests.hostile.ground.routes import address, filled, routes
from tests.hostile.scale import note
from tests.hostile.test_who_may_what import token_of
from tests.support.author.studio import sign_in
from tests.support.world.person import FIREFOX, AppBrowser

EVIL = {"Origin": "https://evil.example", "Referer": "https://evil.example/", "Sec-Fetch-Site": "cross-site"}


def files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_no_deed_of_the_studio_is_done_without_its_forms_own_token(house: House) -> None:
    world, done, tries = house.world, [], 0
    olga, other = sign_in(world, "operator"), sign_in(world, "operator")
    assert isinstance(olga.browser, AppBrowser)
    token, foreign = token_of(olga), token_of(other)
    before, drafts = world.rows(), files(world.lessons_dir)
    flipped = token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]
    for route in routes(world.app):
        if not route.in_studio or route.method != "POST":
            continue
        path = address(world.app, route, {**house.values[ADA], "slug": "bread-at-home", "token": "none"})
        fields = {"email": BERTA, "path": "1-dough-1.md", "title": "Forged", "why": "forged", "name": "forged"}
        forgeries: list[dict[str, Any]] = [
            {"data": fields},
            {"data": fields | {"csrf_token": ""}},
            {"data": fields | {"csrf_token": foreign}},
            {"data": fields | {"csrf_token": flipped}},
            {"data": fields, "query_string": {"csrf_token": token}},
            {"json": fields | {"csrf_token": token}},
            {"data": f"csrf_token={token}", "content_type": "text/plain"},
            {"data": fields, "headers": {"X-CSRFToken": foreign}},
            {"data": fields | {"csrf_token": house.keys[ADA]["learn"][0]}},
        ]
        for forgery in forgeries:
            tries += 1
            answer = olga.browser.client.post(path, **({"headers": EVIL} | forgery))
            done += [] if answer.status_code == 400 else [f"{answer.status_code} {route.endpoint} {forgery}"]
        # A deed by a look, or by a method that a form cannot have.
        for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH"):
            answer = olga.browser.client.open(
                path,
                method=method,
                data=fields | {"_method": "POST", "csrf_token": token},
                headers={"X-HTTP-Method-Override": "POST", **EVIL},
            )
            tries += 1
            done += [f"{method} {route.endpoint}"] if answer.status_code >= 500 else []
    note("forged forms of the studio", tries=tries, findings=len(done))
    assert done == []
    assert differing(before, world.rows(), "visit") == {}
    assert files(world.lessons_dir) == drafts


def test_another_sites_form_gives_a_browser_no_cookie_and_learns_nothing(house: House) -> None:
    """Who has a learner's link may act; a browser that was lured here brings no key along."""
    world, found, tries = house.world, [], 0
    for route in routes(world.app):
        if route.way is None or route.method != "POST" or route.way.opener != "nothing":
            continue
        values = {**house.values[BERTA], "slug": "bread-at-home"}
        fields = filled(route.way.fields or {}, values)
        for site in ("cross-site", "same-site"):
            tries += 1
            answer = world.app.test_client().post(
                address(world.app, route, values), data=fields, headers=FIREFOX | EVIL | {"Sec-Fetch-Site": site}
            )
            found += (
                [f"{route.endpoint}: {answer.headers['Set-Cookie']}"] if "Set-Cookie" in answer.headers else []
            )
            found += [route.endpoint] if answer.headers.get("Access-Control-Allow-Origin") else []
    note("forms of other sites", tries=tries, findings=len(found))
    assert found == []


def test_no_page_answers_another_sites_script_with_somebodys_own(house: House) -> None:
    """Only what is for everybody may be read across sites, and never with cookies."""
    world, found = house.world, []
    olga = sign_in(world, "operator")
    assert isinstance(olga.browser, AppBrowser)
    for route in routes(world.app):
        if route.method != "GET":
            continue
        kind = route.way.opener if route.way else "nothing"
        key = house.keys[ADA].get(kind, ["none"])[-1]
        path = house.path(route, ADA, key)
        for method in ("GET", "OPTIONS"):
            headers = {**EVIL, "Access-Control-Request-Method": "POST"}
            answer = olga.browser.client.open(path, method=method, headers=headers)
            shared = answer.headers.get("Access-Control-Allow-Origin")
            if shared and (kind not in ("serial", "nothing") or shared != "*"):
                found.append(f"{route.endpoint} to {shared}")
            found += (
                [f"{route.endpoint} with cookies"] if "Access-Control-Allow-Credentials" in answer.headers else []
            )
            answer.close()
    assert found == []
