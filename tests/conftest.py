"""What every test goes by. Servers, worlds and browsers are taken in for the files that ask for them."""

import gc
import os
from collections.abc import Iterator

import pytest

from tests.support.gate.raw_mail import GATE
from tests.support.quiet import Guard
from tests.support.rooms_of_fixtures import plugins_for

LONGEST = (
    "tests/test_journey.py",
    "tests/between/",
    "tests/faults/",
    "tests/browser/",
    "tests/commands/test_up.py",
)
"""They begin first, as many on each worker: who has nothing left takes over others' tests, but neither the
one that runs nor the one after it."""


@pytest.fixture(scope="session", autouse=True)
def quick_disk() -> Iterator[None]:
    """No test cuts the power: what it writes need not reach the disk, and waiting for that took long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _descriptor: None)
        yield


@pytest.fixture(autouse=True)
def mails_are_well_formed() -> Iterator[None]:
    """Whatever a test is about: each mail of ours that it catches has to be as the standards ask."""
    GATE.judged()
    yield
    assert GATE.judged() == []


@pytest.fixture(scope="session")
def servers() -> None:
    """Each fixture that starts a server or a browser asks for this: so all tests behind it are marked `server`."""


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Guard())


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Right before a test file is imported."""
    if isinstance(collector, pytest.Module):
        for name in plugins_for(collector.path):
            collector.config.pluginmanager.import_plugin(name)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and servers.__name__ in item.fixturenames:
            item.add_marker("server")
    items[:] = longest_first(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def longest_first(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """Each worker begins with its part of the list, which is cut into parts of one length."""
    long = [item for item in items if item.nodeid.startswith(LONGEST)]
    short = [item for item in items if not item.nodeid.startswith(LONGEST)]
    cuts = [len(short) * worker // workers for worker in range(workers + 1)]
    return [
        item
        for worker in range(workers)
        for item in (*long[worker::workers], *short[cuts[worker] : cuts[worker + 1]])
    ]


def pytest_collection_finish() -> None:
    """Thousands of tests and all modules are there to stay: from now on no collection looks them through."""
    gc.collect()
    gc.freeze()
