"""Threads that work on whole requests: some for pages, others kept free for what must be answered meanwhile."""

import asyncio
from collections import deque
from collections.abc import Callable, Hashable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

from web.front.patience import MOST_WAITING
from web.front.refusals import Refused

T = TypeVar("T")


class Lane:
    """So many threads. Clients that wait for one take turns, however many requests each of them has.

    Lighter than `run_in_executor`, whose hop to a thread and back costs more than a pixel's whole answer may. And
    its threads do not keep a process from ending.
    """

    def __init__(self, name: str, threads: int) -> None:
        self._name, self._free = name, threads
        self._work: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lines: dict[Hashable, deque[asyncio.Future[None]]] = {}
        self._waiting = 0

    async def run(self, client: Hashable, work: Callable[..., T], *arguments: object) -> T:
        """What `work(*arguments)` returns, or raises, in a thread. Raises Refused if far too many wait for one."""
        loop = asyncio.get_running_loop()
        if self._free:
            self._free -= 1
        else:
            await self._wait(client, loop)
        answer: asyncio.Future[T] = loop.create_future()

        def do() -> None:
            try:
                tell: Callable[[], None] = _teller(answer, work(*arguments))
            except BaseException as problem:
                tell = _complaint(answer, problem)
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(tell)

        self._work.put(do)
        try:
            return await answer
        finally:
            self._pass_on()

    def begin(self) -> None:
        """Raises RuntimeError if the system has no thread to give."""
        for number in range(self._free):
            Thread(target=self._follow, name=f"{self._name} {number}", daemon=True).start()

    def _follow(self) -> None:
        while True:
            self._work.get()()

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


def _teller(answer: asyncio.Future[T], result: T) -> Callable[[], None]:
    return lambda: None if answer.done() else answer.set_result(result)


def _complaint(answer: asyncio.Future[T], problem: BaseException) -> Callable[[], None]:
    return lambda: None if answer.done() else answer.set_exception(problem)
