"""`python -m benchmarks.slow_crowd PORT POSTS HEADS`: so many slow clients, until this process is stopped.

Each sends a byte a second, of a form or of its headers, and comes back when it is sent away. Once they are all
there, it says `all are here`.
"""

import asyncio
import sys
from contextlib import suppress

from tests.support.front.talk import request_of

COURSE = "/courses/career-mobility"
POST = request_of(
    "POST", f"{COURSE}/enrol", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 50000"
)
HEAD = b"GET / HTTP/1.1\r\nX-Slow: "


async def drip(port: int, begun: bytes, is_here: asyncio.Event) -> None:
    while True:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(begun)
            is_here.set()
            try:
                while not writer.is_closing():
                    await asyncio.sleep(1)
                    writer.write(b"a")
                    await writer.drain()
            finally:
                writer.close()


async def crowd(port: int, posts: int, heads: int) -> None:
    here = [asyncio.Event() for _ in range(posts + heads)]
    slow = [
        asyncio.create_task(drip(port, POST if number < posts else HEAD, here[number]))
        for number in range(len(here))
    ]
    for one in here:
        await one.wait()
    print("all are here", flush=True)
    await asyncio.gather(*slow)


if __name__ == "__main__":
    asyncio.run(crowd(*map(int, sys.argv[1:4])))
