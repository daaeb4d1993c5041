"""An SMTP server that takes everything, for machines without postfix. Counts on its standard output as
`smtp-sink -c` does: python -m benchmarks.python_sink PORT SECONDS

Each mail takes it so many seconds, in which it does nothing else."""

import asyncio
import sys
import time

EHLO = b"250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n"
END = b"\r\n.\r\n"
counted = 0


class Session(asyncio.Protocol):
    """Understands what a client that expects no trouble says."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._unread = b""
        self._in_body = False
        transport.write(b"220 sink.example ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self._unread += data
        out: list[bytes] = []
        while (reply := self._next()) is not None:
            out.append(reply)
        self._transport.write(b"".join(out))

    def _next(self) -> bytes | None:
        """The reply to the next whole command or body."""
        body, self._unread = self._unread, self._unread
        if self._in_body:
            end = body.find(END)
            if end < 0:
                return None
            self._in_body, self._unread = False, body[end + len(END) :]
            return _count()
        line, found, rest = body.partition(b"\r\n")
        if not found:
            return None
        self._unread = rest
        return self._answer(line[:4].upper())

    def _answer(self, word: bytes) -> bytes:
        if word == b"EHLO":
            return EHLO
        if word == b"DATA":
            self._in_body = True
            return b"354 go on\r\n"
        return b"221 bye\r\n" if word == b"QUIT" else b"250 2.0.0 Ok\r\n"


def _count() -> bytes:
    global counted
    time.sleep(float(sys.argv[2]))
    counted += 1
    sys.stdout.write(f"mesg={counted}\r")
    sys.stdout.flush()
    return b"250 2.0.0 Ok\r\n"


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Session, "127.0.0.1", port, backlog=1000)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
