"""`python -m benchmarks.quick_crowd PORT PATH CONNECTIONS REQUESTS`: asks as fast as it is answered; says how many
answers came in a second."""

import asyncio
import sys
import time


async def ask(port: int, path: str, requests: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET {path} HTTP/1.1\r\nHost: course.example.org\r\n\r\n".encode()
    for _ in range(requests):
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(head.partition(b"content-length:")[2].split(b"\r\n")[0]))
    writer.close()


async def crowd(port: int, path: str, connections: int, requests: int) -> None:
    began = time.perf_counter()
    await asyncio.gather(*(ask(port, path, requests // connections) for _ in range(connections)))
    print(requests / (time.perf_counter() - began), flush=True)


if __name__ == "__main__":
    asyncio.run(crowd(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
