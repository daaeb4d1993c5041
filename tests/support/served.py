"""A house's pages over HTTP, for a browser; and what holds for each of them."""

import contextlib
import threading
from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from werkzeug.serving import make_server

from tests.support.house import House
from tests.support.ports import free_port

NARROW, WIDE = {"width": 320, "height": 700}, {"width": 1280, "height": 800}


@contextlib.contextmanager
def served(house: House) -> Iterator[str]:
    port = free_port()
    server = make_server("127.0.0.1", port, house.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def assert_sound(page: Page) -> None:
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
