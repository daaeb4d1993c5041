"""A TCP proxy that holds back every byte for a while: python -m benchmarks.delayed_proxy PORT TARGET SECONDS

SECONDS is for one direction, half of the round trip.
"""

import asyncio
import sys
from collections import deque


class Side(asyncio.Protocol):
    """One of two ends; what it hears the other says later."""

    def __init__(self, delay: float) -> None:
        self.other: Side | None = None
        self._delay = delay
        self._held: deque[bytes] = deque()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        while self._held:
            transport.write(self._held.popleft())

    def data_received(self, data: bytes) -> None:
        self._later(data)

    def connection_lost(self, error: Exception | None) -> None:
        self._later(b"")

    def say(self) -> None:
        """The oldest of what is held back; nothing at all is the end."""
        data = self._held.popleft()
        if self._transport is None:
            self._held.append(data)
        elif data:
            self._transport.write(data)
        else:
            self._transport.close()

    def _later(self, data: bytes) -> None:
        if self.other is not None:
            self.other._held.append(data)
            asyncio.get_running_loop().call_later(self._delay, self.other.say)


class Front(Side):
    """Connects onward as soon as somebody connects."""

    def __init__(self, delay: float, target: int) -> None:
        super().__init__(delay)
        self._target = target

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.other = back = Side(self._delay)
        back.other = self
        loop = asyncio.get_running_loop()
        self._connecting = loop.create_task(loop.create_connection(lambda: back, "127.0.0.1", self._target))


async def _serve(port: int, target: int, delay: float) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Front(delay, target), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
