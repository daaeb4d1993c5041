"""`make pictures`, and the tests that look at every page, know of every page."""

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from flask import Blueprint
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

import web
from tests.support.browser.page_states import PageState, page_states
from tests.support.browser.studio_states import studio_states, way_in_states
from tests.support.browser.walk import world_to_walk
from tests.support.servers.redis_server import RedisServer
from tests.support.world.world import World

NO_PAGES = {
    *(
        "static",
        "media.media",
        "accents.sheet",
        "style_sheets.sheet",
        "tracking.opened",
        "studio.uploads.show",
    ),
    *("calendars.keep", "calendars.subscribe", "certificates.pdf", "certificates.badge", "certificates.issuer"),
    *("health.alive", "health.ready", "health.metrics", "well_known.security", "well_known.robots"),
}
"""Files, hops and what machines read."""

SHOWN_OTHERWISE = {
    "inbox.html": "the mail within its page",
    "studio.preview.frame": "the mail within its page",
    "studio.signing_in.asked": "where the form of `sign in, asked` leads",
}


def endpoint_of(site: MapAdapter, state: PageState) -> str:
    try:
        return str(site.match(state.path.partition("?")[0], "GET" if state.fields is None else "POST")[0])
    except HTTPException:
        return ""


def test_every_page_has_a_state(tmp_path: Path, redis_server: RedisServer) -> None:
    with world_to_walk(tmp_path, redis_server.url) as world:
        rules = [rule for rule in world.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
        site = world.app.url_map.bind("127.0.0.1")
        states = [*page_states(world), *way_in_states(world), *studio_states(world)]
        shown = {endpoint_of(site, state) for state in states}
    assert {rule.endpoint for rule in rules} - shown == NO_PAGES | SHOWN_OTHERWISE.keys()


def test_every_module_with_pages_is_part_of_the_application(studio: World) -> None:
    modules = [import_module(found.name) for found in walk_packages(web.__path__, "web.")]
    blueprints = (vars(module).get("pages") for module in modules)
    written = {blueprint.name for blueprint in blueprints if isinstance(blueprint, Blueprint)}
    assert written == {name.rpartition(".")[2] for name in studio.app.blueprints} - {"studio"}
