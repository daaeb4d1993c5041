"""Threads that work on whole requests: some for pages, others kept free for what must be answered meanwhile."""

import asyncio
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from web.front.patience import MOST_WAITING
from web.front.refusals import Refused

T = TypeVar("T")


class Lane:
    """So many threads. Clients that wait for one take turns, however many requests each of them has."""

    def __init__(self, name: str, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._free = threads
        self._lines: dict[Hashable, deque[asyncio.Future[None]]] = {}
        self._waiting = 0

    async def run(self, client: Hashable, work: Callable[..., T], *arguments: object) -> T:
        """What `work(*arguments)` returns, or raises, in a thread. Raises Refused if far too many wait for one."""
        loop = asyncio.get_running_loop()
        if self._free:
            self._free -= 1
        else:
            await self._wait(client, loop)
        try:
            return await loop.run_in_executor(self._pool, work, *arguments)
        finally:
            self._pass_on()

    async def _wait(self, client: Hashable, loop: asyncio.AbstractEventLoop) -> None:
        if self._waiting >= MOST_WAITING:
            raise Refused(503)
        turn: asyncio.Future[None] = loop.create_future()
        self._lines.setdefault(client, deque()).append(turn)
        self._waiting += 1
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._pass_on()
            raise
        finally:
            self._waiting -= 1

    def _pass_on(self) -> None:
        """To the client whose turn it is; it stands last then."""
        while self._lines:
            client = next(iter(self._lines))
            line = self._lines.pop(client)
            turn = line.popleft()
            if line:
                self._lines[client] = line
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
