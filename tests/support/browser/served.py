"""A world's pages over HTTP, for a browser; and what holds for each of them."""

import contextlib
from collections.abc import Iterator
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize
from werkzeug.serving import make_server

from tests.support.lasting import serving
from tests.support.servers.ports import free_port
from tests.support.world.world import World

NARROW, WIDE = ViewportSize(width=320, height=700), ViewportSize(width=1280, height=800)


@contextlib.contextmanager
def served(world: World) -> Iterator[str]:
    port = free_port()
    server = make_server("127.0.0.1", port, _closing(world.app), threaded=True)
    with serving(server):
        yield f"http://127.0.0.1:{port}"


def _closing(app: WSGIApplication) -> WSGIApplication:
    """Werkzeug's server forgets to close an answer whose reader has gone, such as a film's browser."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        with contextlib.ExitStack() as stack:
            parts = app(environ, start_response)
            stack.callback(getattr(parts, "close", lambda: None))
            yield from parts

    return answer


def assert_sound(page: Page) -> None:
    """By all of axe's rules."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    # Only violations are asked for: the rest of the answer is most of the work on a long page.
    options = {"resultTypes": ["violations"]}
    assert page.evaluate("(options) => axe.run(options).then((found) => found.violations)", options) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def press_to(page: Page, what: str, reached: str) -> None:
    """Presses Tab until the script says that the focus is there."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(reached):
            return
    raise AssertionError(f"{what} cannot be reached with the Tab key")
