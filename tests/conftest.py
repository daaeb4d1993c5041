"""What every test goes by. Servers, worlds and browsers are taken in for the files that ask for them."""

import gc
import os
from collections.abc import Iterator

import pytest

from tests.support.quiet import Guard
from tests.support.rooms_of_fixtures import plugins_for

LONGEST = ("tests/test_journey.py", "tests/faults/", "tests/browser/", "tests/commands/test_up.py")
"""They begin first: at the end a worker with nothing left can take over others' tests, but not half of one."""


@pytest.fixture(scope="session", autouse=True)
def quick_disk() -> Iterator[None]:
    """No test cuts the power: what it writes need not reach the disk, and waiting for that took long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _descriptor: None)
        yield


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
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_collection_finish() -> None:
    """Thousands of tests and all modules are there to stay: from now on no collection looks them through."""
    gc.collect()
    gc.freeze()
