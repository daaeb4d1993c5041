"""As little of an HTTP server as takes SendGrid's requests: python -m benchmarks.http_sink PORT

Counts personalizations, writes the count to standard output after each request, and answers 202.
"""

import asyncio
import re
import sys

LENGTH = re.compile(rb"content-length: *(\d+)", re.I)
TAKEN = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nX-Message-Id: taken\r\n\r\n"
PERSON = b'"to"'
counted = 0


class Session(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._pieces: list[bytes] = []
        self._wanted = 0

    def data_received(self, data: bytes) -> None:
        self._pieces.append(data)
        if not self._wanted:
            self._begin()
        if self._wanted and sum(map(len, self._pieces)) >= self._wanted:
            self._end()

    def _begin(self) -> None:
        head, found, _ = b"".join(self._pieces).partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if found and length:
            self._wanted = len(head) + len(found) + int(length[1])

    def _end(self) -> None:
        global counted
        counted += b"".join(self._pieces).count(PERSON)
        self._pieces, self._wanted = [], 0
        sys.stdout.write(f"mesg={counted}\r")
        sys.stdout.flush()
        self._transport.write(TAKEN)


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Session, "127.0.0.1", port, backlog=1000)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
