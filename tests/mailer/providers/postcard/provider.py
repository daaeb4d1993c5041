"""Mail over Postcard's API: one whole mail a request, under the attempt's id."""

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from mailer.compose.message import Letter, Template
from mailer.compose.mime import is_sendable, wire_of
from mailer.providers.answer import Answer, Begin, unannounced


class Postcard:
    """`timeout`: seconds of silence. `confirms`: whether its events are heard."""

    def __init__(self, api_url: str, key: str, timeout: float = 30.0, confirms: bool = False) -> None:
        self._address, self._timeout, self.confirms = urlsplit(api_url), timeout, confirms
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def send(self, template: Template, letters: Sequence[Letter], begin: Begin = unannounced) -> Iterator[Answer]:
        wire = wire_of(template)
        for letter in letters:
            if not is_sendable(letter.email):
                yield Answer(letter.attempt, "refused", "not an address that mail can carry", permanent=True)
                continue
            mail = b64encode(wire.bytes_of(letter)).decode()
            card = {"reference": letter.attempt, "to": letter.email, "mime": mail}
            begin([letter.attempt])
            yield self._post(letter.attempt, json.dumps(card))

    def has(self, delivery: str) -> None:
        """Postcard cannot be asked; only its events tell."""

    def trouble(self) -> str:
        try:
            with closing(self._connect()) as connection:
                connection.request("GET", "/account", headers=self._headers)
                reply = connection.getresponse()
        except (OSError, HTTPException) as error:
            return f"cannot reach Postcard: {error}"
        return "" if reply.status == 200 else f"Postcard answers {reply.status}"

    def ways(self) -> dict[str, str]:
        return {}

    def close(self) -> None:
        """Each request has a connection of its own."""

    def _connect(self) -> HTTPConnection:
        kind = HTTPSConnection if self._address.scheme == "https" else HTTPConnection
        connection = kind(self._address.hostname or "", self._address.port, timeout=self._timeout)
        connection.connect()
        return connection

    def _post(self, attempt: str, card: str) -> Answer:
        try:
            connection = self._connect()
        except OSError as error:
            return Answer(attempt, "refused", f"cannot reach Postcard: {error}")
        with closing(connection):
            try:
                connection.request("POST", "/cards", card, self._headers)
                return _answer(attempt, connection.getresponse())
            except (OSError, HTTPException) as error:
                return Answer(attempt, "unknown", f"no reply from Postcard: {error or type(error).__name__}")


def _answer(attempt: str, reply: HTTPResponse) -> Answer:
    why = f"{reply.status} {reply.reason}"
    if 200 <= reply.status < 300:
        return Answer(attempt, "accepted")
    if reply.status >= 500:
        return Answer(attempt, "unknown", why)
    wait = reply.getheader("Retry-After", "")
    return Answer(
        attempt,
        "refused",
        why,
        permanent=reply.status == 422,
        account=reply.status in (401, 403),
        retry_after=float(wait) if wait.isdecimal() else None,
    )
