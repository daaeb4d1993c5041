"""No route that gives out files gives out any but its own, however its address climbs."""

from itertools import product
from pathlib import Path
from urllib.parse import quote

from tests.hostile.ground.people import ADA, House
from tests.hostile.ground.routes import address, routes
from tests.hostile.scale import dice, note, sized
from tests.support.author.studio import sign_in
from tests.support.world.person import FIREFOX, AppBrowser

SECRET = b"the-canary-of-a-file-that-is-nobodys-business"
CLIMBS = (
    "../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..\\", "..%5c", "%252e%252e%252f", "..%252f", "....//", "..;/",
    "..%00/",
    "..%c0%af", "%c0%ae%c0%ae/", "..\u2215", "．．/", "./../", "/../", "//../", "..%ef%bc%8f", ".%2e/", "..%09/",
    "..%0a/",
)  # fmt: skip
GOALS = (
    "{secret}", "{relative}", "etc/passwd", "secret", "dayletter.sqlite3", "var/secret", "node", "course.md",
    "proc/self/environ", "web/app.py", ".env", "windows/win.ini", "journal", "CON", "NUL.txt", ".git/config",
)  # fmt: skip
PREFIXES = (
    "",
    "/",
    "//",
    "file:///",
    "media/",
    "articles/",
    "page.js/",
    "~/",
    ".",
    "C:\\",
    "\\\\host\\share\\",
    "%00",
)
FILES = ("filename", "name", "path", "mail_id", "serial", "digest", "digits", "room", "slug", "lesson", "article")
"""Parts of addresses by which files are looked for."""


def ways_up(secret: Path, depth: int = 8) -> list[str]:
    goals = [goal.format(secret=str(secret).lstrip("/"), relative=secret.name) for goal in GOALS]
    climbs = [climb * times for climb in CLIMBS for times in (1, 2, 3, depth)]
    return [f"{prefix}{climb}{goal}" for prefix, climb, goal in product(PREFIXES, ["", *climbs], goals)]


def test_no_route_gives_out_a_file_that_is_not_its_own(house: House) -> None:
    world, chance, found = house.world, dice("paths"), []
    var_dir = world.runtime.settings.var_dir
    secrets = [var_dir / "secret-canary", world.lessons_dir / "canary.md", world.lessons_dir.parent / "canary"]
    hidden = world.lessons_dir / "bread-at-home/media"
    for file in secrets:
        file.write_bytes(SECRET)
    # Links out of the course's own folder are an old way, too.
    (hidden / "linked.jpg").symlink_to(secrets[0])
    (hidden / "dir").symlink_to(var_dir)
    olga = sign_in(world, "operator")
    assert isinstance(olga.browser, AppBrowser)
    client, tries = olga.browser.client, 0
    ups = [way for secret in secrets for way in ways_up(secret)]
    own = ["linked.jpg", "dir/secret-canary", "media/linked.jpg", "./linked.jpg"]
    for route in routes(world.app):
        named = sorted(route.rule.arguments & {*FILES})
        if route.method != "GET" or not named:
            continue
        key = house.keys[ADA].get(route.way.opener, ["none"])[0] if route.way else "none"
        values = {**house.values[ADA], "token": key, "slug": "bread-at-home"}
        for argument in named:
            marked = address(world.app, route, values | {argument: "MARK"} | ({"version": 1}))
            for way in [*own, *chance.sample(ups, sized(12, 400))]:
                for spelt in (way, quote(way, safe="/%"), quote(way, safe="")):
                    tries += 1
                    answer = client.get(marked.replace("MARK", spelt), headers=FIREFOX)
                    told = f"{answer.status_code} {route.endpoint} {argument}={spelt!r}"
                    body = answer.get_data()
                    found += [told] if SECRET in body or b"root:x:" in body or answer.status_code >= 500 else []
                    answer.close()
    note("paths that climb", tries=tries, findings=len(found))
    assert found == []


def test_no_form_of_the_studio_writes_outside_its_course(house: House) -> None:
    world, chance = house.world, dice("names that climb")
    outside = world.lessons_dir.parent
    olga = sign_in(world, "operator")
    csrf = olga.look("/studio/you").form_fields()[1]["csrf_token"]
    assert isinstance(olga.browser, AppBrowser)
    client = olga.browser.client
    (outside / "victim.md").write_bytes(SECRET)
    before = {file for file in outside.rglob("*") if world.lessons_dir not in file.parents and file.is_file()}
    course = "/studio/courses/bread-at-home"
    ways = [f"{climb * times}victim.md" for climb in CLIMBS for times in (1, 2, 3)]
    failed, tries = [], 0
    for way in chance.sample(ways, sized(12, len(ways))):
        for url, fields in (
            (f"{course}/edit/{quote(way, safe='/%')}", {"text": "forged", "opened": "new"}),
            (f"{course}/edit/{quote(way, safe='')}", {"text": "forged", "opened": ""}),
            (f"{course}/rename/media/bowl.jpg", {"name": way}),
            (f"{course}/rename/1-dough-1.md", {"name": way}),
            (f"{course}/remove/{quote(way, safe='/%')}", {"seen": ""}),
            (f"{course}/move", {"path": way, "to": "up"}),
            (f"{course}/lessons", {"title": way}),
            ("/studio/courses", {"title": way}),
        ):
            tries += 1
            status = client.post(url, data=fields | {"csrf_token": csrf}).status_code
            failed += [f"{status} {url} {fields}"] if status >= 500 else []
    after = {file for file in outside.rglob("*") if world.lessons_dir not in file.parents and file.is_file()}
    note("names that climb", tries=tries, findings=len(failed))
    assert failed == []
    assert (outside / "victim.md").read_bytes() == SECRET
    assert {file.name for file in after - before} <= {"dayletter.sqlite3-wal", "dayletter.sqlite3-shm"}
    assert all(file.is_relative_to(world.lessons_dir) for file in world.lessons_dir.rglob("*"))
