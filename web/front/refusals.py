"""What the front itself answers: a status, a plain sentence, and the headers that every answer of ours has."""

from collections.abc import Mapping
from http import HTTPStatus

SENTENCES: Mapping[int, str] = {
    400: "This was no request that we could read. Nothing was done.",
    408: "Your request came too slowly, and was not read to its end. Nothing was done; please send it again.",
    429: "Too many of your requests are open at once. Nothing was done; please try again in a moment.",
    431: "The headers of your request are longer than we take. Nothing was done.",
    500: "Something broke on our side. Please try again in a minute.",
    503: "We have more to do than we can just now. Nothing was done; please try again in a moment.",
}

WAIT_SECONDS = 5
FOR_LATER = (429, 503)

Headers = list[tuple[bytes, bytes]]


class Refused(Exception):
    """A request that the application does not see; `status` is one of `SENTENCES`."""

    def __init__(self, status: int) -> None:
        super().__init__(SENTENCES[status])
        self.status = status
        self.body = f"{SENTENCES[status]}\n".encode()

    @property
    def headers(self) -> Headers:
        headers = {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Length": str(len(self.body)),
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            "Connection": "close",
        }
        if self.status in FOR_LATER:
            headers["Retry-After"] = str(WAIT_SECONDS)
        return [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    def as_bytes(self) -> bytes:
        """The whole answer, for who has not said enough to be answered otherwise (RFC 9112)."""
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}".encode()]
        lines += [name + b": " + value for name, value in self.headers]
        return b"\r\n".join([*lines, b"", self.body])
