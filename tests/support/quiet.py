"""A test without the mark `server` opens no socket and starts no process: that is what `make quick` relies on.

Fixtures that start something bring the mark along. A test that starts something by itself says so:
`pytestmark = pytest.mark.server`.
"""

import sys
from collections.abc import Iterator

import pytest

WATCHED = {
    *("socket.bind", "socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"),
    *("subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "os.exec"),
}
"""Python's own names of what it is about to do: https://docs.python.org/3/library/audit_events.html"""


class Guard:
    """Fails a test on the spot, wherever it is run. What the fixtures of others leave behind is not its fault, so
    nobody watches while a test is taken down."""

    def __init__(self) -> None:
        self._watches = False
        sys.addaudithook(self._look)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        yield from self._watching(item)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        yield from self._watching(item)

    def _watching(self, item: pytest.Item) -> Iterator[None]:
        self._watches = item.get_closest_marker("server") is None
        try:
            return (yield)
        finally:
            self._watches = False

    def _look(self, event: str, _arguments: tuple[object, ...]) -> None:
        if self._watches and event in WATCHED:
            # No Exception, so that nothing under test can swallow it.
            pytest.fail(f"{event} in a test without pytest.mark.server: see tests/support/quiet.py")
