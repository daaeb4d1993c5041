"""Pages on a slow phone line, in Chromium with its network held back: when they show, when they can be used."""

import logging
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager

from playwright.sync_api import Browser

from benchmarks.authoring import SHIPPED
from benchmarks.bench import Bench
from benchmarks.rows import Result, Sample, limited
from tests.support.browser.chromium import fresh_page, running_browser
from tests.support.browser.served import served
from tests.support.world.world import World

LINES = {"slow 3G": (400, 400), "fast 3G": (150, 1600)}
"""Milliseconds there and back, and kilobits a second, as Chromium's own tools have them."""

FIRST_PAINT, USABLE = 3.0, 5.0
"""Seconds asked for on the slower line; on the faster one, half of them."""

MEASURED = """() => new Promise((tell) => {
    new PerformanceObserver((list) => {
        const [navigation] = performance.getEntriesByType("navigation");
        const files = performance.getEntriesByType("resource").filter((one) => !one.name.includes("/media/"));
        tell({
            first: performance.getEntriesByName("first-contentful-paint")[0].startTime / 1000,
            largest: list.getEntries().at(-1).startTime / 1000,
            usable: navigation.domContentLoadedEventEnd / 1000,
            kilobytes: [navigation, ...files].reduce((sum, one) => sum + one.transferSize, 0) / 1000,
        });
    }).observe({ type: "largest-contentful-paint", buffered: true });
})"""


def run(bench: Bench) -> list[Result]:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    results: list[Result] = []
    with _site(bench) as pages, running_browser() as browser:
        for name, (delay, speed) in LINES.items():
            share = 1 if name == "slow 3G" else 0.5
            for page, url in pages.items():
                found = [_load(browser, url, delay, speed) for _ in range(bench.rounds)]
                asked = {"first": FIRST_PAINT * share, "largest": USABLE * share, "usable": USABLE * share}
                results += [
                    limited(f"{page}, {name}: {words}", "s", _all(found, key), "at most", asked[key])
                    for key, words in (
                        ("first", "first paint"), ("largest", "largest paint"), ("usable", "every button works"),
                    )
                ]  # fmt: skip
        results += [
            limited(f"{page}: over the wire", "KB", Sample((found["kilobytes"],)), "at most", 100)
            for page, url in pages.items()
            for found in [_load(browser, url, *LINES["fast 3G"])]
        ]
    return results


@contextmanager
def _site(bench: Bench) -> Iterator[Mapping[str, str]]:
    """The addresses of pages of somebody who has finished."""
    folder = bench.folder()
    shutil.copytree(SHIPPED, folder / "lessons" / SHIPPED.name)
    url = f"sqlite:///{folder / 'bench.sqlite3'}"
    with closing(World(folder / "var", url, bench.redis.url, folder / "lessons")) as world, served(world) as site:
        world.enrol()
        learn = f"{site}{world.learn_url()}"
        world.person.post(f"{world.learn_url()}/settings", {"pace": "on-completion"})
        for lesson in world.course.lessons:
            world.step()
            world.person.post(f"{world.learn_url()}/{lesson.slug}/complete")
        serial = world.rows()["certificate"][0]["serial"]
        yield {
            "landing page": f"{site}/courses/{SHIPPED.name}",
            "course page": learn,
            "lesson": f"{learn}/{world.course.lessons[0].slug}",
            "certificate": f"{site}/certificates/{serial}",
        }


def _load(browser: Browser, url: str, delay: int, kilobits: int) -> Mapping[str, float]:
    with fresh_page(browser) as page:
        bytes_a_second = kilobits * 1000 / 8
        page.context.new_cdp_session(page).send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": delay,
                "downloadThroughput": bytes_a_second,
                "uploadThroughput": bytes_a_second,
            },
        )
        page.goto(url)
        found: Mapping[str, float] = page.evaluate(MEASURED)
        return found


def _all(found: list[Mapping[str, float]], key: str) -> Sample:
    return Sample(tuple(one[key] for one in found))
