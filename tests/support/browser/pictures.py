"""What `make pictures` runs: every page and mail as Chromium lays it out, narrow to wide, light and dark.

`python -m tests.support.browser.pictures FOLDER [WORD ...]` takes those alone whose name has all the words.
"""

import contextlib
import logging
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from itertools import chain, product, starmap
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Page

from course.content.mails import LESSON_MAILS, MAILS
from course.language.words import ENGLISH
from mailer.compose.compose import compile_mail
from mailer.compose.message import Template
from mailer.compose.sign_in_mail import sign_in_template
from mailer.preview.sample_site import sample_slots
from tests.support.browser.chromium import fresh_page, running_browser
from tests.support.browser.served import served
from tests.support.browser.walk import open_state, stand_before, walk, world_to_walk
from tests.support.servers.redis_server import RedisServer
from tests.support.world.world import BASE_URL, World

Scheme = Literal["light", "dark"]


class Look(NamedTuple):
    width: int
    scheme: Scheme

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}"


SCHEMES: tuple[Scheme, ...] = ("light", "dark")
LOOKS = tuple(starmap(Look, product((320, 768, 1280), SCHEMES)))
LOW = 800
"""The height of the window; a picture is as high as its page."""

INDEX = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>Pictures</title>
<style>
body { color-scheme: light dark; font-family: system-ui; margin: 24px }
div { align-items: flex-start; display: flex; gap: 8px }
a { min-width: 0 }
img { border: 1px solid gray; width: 100% }
</style>
"""


def main() -> None:
    folder, words = Path(sys.argv[1]), sys.argv[2:]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    logging.disable()  # pages of faults are among them
    index = INDEX
    for number, name, page in shown():
        if all(word in name for word in words):
            stem = f"{number:03}-{re.sub('[^a-z0-9]+', '-', name.lower())}"
            files = [(look, f"{stem}-{look}.png") for look in LOOKS]
            for look, file in files:
                take(page, look, folder / file)
            index += row(f"{number} {name}", files)
            sys.stdout.write(f"{stem}\n")
            sys.stdout.flush()
    (folder / "index.html").write_text(index)
    sys.stdout.write(f"{folder / 'index.html'}\n")


def shown() -> Iterator[tuple[int, str, Page]]:
    """Opens one after the other."""
    with (
        RedisServer() as redis,
        tempfile.TemporaryDirectory() as place,
        world_to_walk(Path(place), redis.url) as world,
        served(world) as site,
        running_browser() as browser,
        fresh_page(browser) as page,
    ):
        names = chain(pages(world, page, site), mails(world, page, site))
        for number, name in enumerate(names, 1):
            yield number, name, page


def pages(world: World, page: Page, site: str) -> Iterator[str]:
    for state in walk(world, page, site):
        stand_before(page, site, state)
        open_state(page, site, state)
        yield state.name


def mails(world: World, page: Page, site: str) -> Iterator[str]:
    for kind, template in templates(world):
        html = template.html.filled({"sign_in": "token", **sample_slots(ENGLISH)}).replace(BASE_URL, site)
        # At an address of the site, whose pictures a page from nowhere may not load, and without its headers.
        with routed(page, f"{site}/a-mail", html):
            page.goto(f"{site}/a-mail")
        yield f"mail, {kind}"


@contextlib.contextmanager
def routed(page: Page, address: str, html: str) -> Iterator[None]:
    page.route(address, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    yield
    page.unroute(address)


def templates(world: World) -> Iterator[tuple[str, Template]]:
    with world.runtime.db.read() as session:
        published = world.runtime.shelf.by_slug(session, world.course.slug)
    sender, course = world.runtime.site_of(published), published.course
    for kind in MAILS:
        slug = course.lessons[1].slug if kind in LESSON_MAILS else ""
        yield kind, compile_mail(sender, kind, course, slug, tracked=True)
    yield "sign-in", sign_in_template(sender)


def take(page: Page, look: Look, file: Path) -> None:
    page.emulate_media(color_scheme=look.scheme)
    page.set_viewport_size({"width": look.width, "height": LOW})
    page.screenshot(path=file, full_page=True, animations="disabled")


def row(title: str, files: list[tuple[Look, str]]) -> str:
    shots = "".join(
        f'<a href="{file}" style="flex: {look.width}"><img src="{file}" alt="{look}" loading="lazy"></a>'
        for look, file in files
    )
    return f"<h2>{escape(title)}</h2>\n<div>{shots}</div>\n"


if __name__ == "__main__":
    main()
