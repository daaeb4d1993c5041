"""All connections of one process: what each of them keeps us waiting for, and how many of whom there are."""

import asyncio
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Protocol

from course.addresses.networks import Network
from web.front import patience
from web.front.body import Held
from web.front.refusals import Refused
from web.front.whom import HERE, client, stranger

LOOK_SECONDS = 0.5


class Guest(Protocol):
    """A connection, as far as the room knows it; `kept_by` is what it keeps us waiting for, if anything."""

    network: str
    kept_by: "Wait | None"

    def too_long(self, wait: "Wait") -> None:
        """It has kept us waiting for longer than it may."""


class Wait:
    """Connections that keep us waiting for the same thing, from the oldest on; none for more than `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.since: dict[Guest, float] = {}

    def overdue(self, now: float) -> list[Guest]:
        late: list[Guest] = []
        for guest, began in self.since.items():
            if now - began < self.seconds:
                break
            late.append(guest)
        return late


class Room:
    """`most` connections at once; beyond that, those make room that have kept us waiting for longest."""

    def __init__(self, trusted: Collection[Network], most: int = patience.MOST_CONNECTIONS) -> None:
        self._trusted = tuple(trusted)
        self.client = lru_cache(maxsize=4096)(partial(client, trusted=self._trusted))
        """By peer, `X-Forwarded-For` and `Forwarded`: whom a request is counted for."""
        self.held = Held()
        self.heads, self.readers, self.leaving = map(Wait, (patience.HEAD, patience.READER, patience.READER))
        self._idle, self._idle_proxies = Wait(patience.IDLE), Wait(patience.IDLE_PROXY)
        self._most = most
        self._guests: set[Guest] = set()
        self._connections: Counter[str] = Counter()
        self._requests: Counter[str] = Counter()
        self._bodies: Counter[str] = Counter()

    @property
    def _waits(self) -> tuple[Wait, ...]:
        """In the order in which those who wait have to make room."""
        return self.heads, self._idle, self._idle_proxies, self.leaving, self.readers

    def come(self, guest: Guest, peer: str) -> None:
        """Raises Refused if there is no room for another of that network, or at all."""
        guest.network = network = stranger(peer, self._trusted)
        if network != HERE and self._connections[network] >= patience.MOST_CONNECTIONS_OF_ONE:
            raise Refused(429)
        if len(self._guests) >= self._most and not self._make_room():
            raise Refused(503)
        self._guests.add(guest)
        self._connections[network] += 1
        self.is_idle(guest)

    def is_idle(self, guest: Guest) -> None:
        self.wait_for(guest, self._idle_proxies if guest.network == HERE else self._idle)

    def wait_for(self, guest: Guest, what: Wait | None) -> None:
        """With None, it is we who work."""
        if guest.kept_by is not None:
            guest.kept_by.since.pop(guest, None)
        guest.kept_by = what
        if what is not None:
            what.since[guest] = asyncio.get_running_loop().time()

    def go(self, guest: Guest) -> None:
        if guest in self._guests:
            self._guests.discard(guest)
            _less(self._connections, guest.network)
        self.wait_for(guest, None)

    def is_between_requests(self, guest: Guest) -> bool:
        return guest.kept_by is self._idle or guest.kept_by is self._idle_proxies

    def _make_room(self) -> bool:
        """Who says nothing has to go before somebody who may ask for something."""
        for wait in self._waits:
            for guest in wait.since:
                guest.too_long(wait)
                self.go(guest)
                return True
        return False

    @contextmanager
    def request(self, client: str) -> Iterator[None]:
        """Counts a request until it is answered. Raises Refused if too many of that client are open."""
        with _counted(self._requests, client, patience.MOST_REQUESTS_OF_ONE):
            yield

    @contextmanager
    def body(self, client: str) -> Iterator[None]:
        """The same, while its body is read."""
        with _counted(self._bodies, client, patience.MOST_BODIES_OF_ONE):
            yield

    async def look_after(self) -> None:
        """For ever: sends away whoever has kept us waiting for too long."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for wait in self._waits:
                for guest in wait.overdue(loop.time()):
                    guest.too_long(wait)


@contextmanager
def _counted(counter: Counter[str], client: str, most: int) -> Iterator[None]:
    if client == HERE:
        yield
        return
    if counter[client] >= most:
        raise Refused(429)
    counter[client] += 1
    try:
        yield
    finally:
        _less(counter, client)


def _less(counter: Counter[str], key: str) -> None:
    counter[key] -= 1
    if not counter[key]:
        del counter[key]
