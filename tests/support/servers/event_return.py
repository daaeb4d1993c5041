"""SendGrid's other half: what its sink took comes back as signed events, repeated, shuffled, until we say 2xx."""

import http.client
import threading
import time
from collections.abc import Iterator
from random import Random
from typing import Any
from urllib.parse import urlsplit

from mailer.providers.sendgrid.request import ATTEMPT
from tests.support.lasting import Lasting
from tests.support.servers.sendgrid_events import told
from tests.support.servers.sendgrid_mail import SendgridMail
from tests.support.servers.sendgrid_sink import SendgridSink
from tests.support.waiting import PATIENCE

PAUSE = 0.05
MOST_COPIES = 46


class EventReturn(Lasting):
    """Posts to the site at `base_url` while it lives; `most` copies of each event at the most."""

    def __init__(self, sink: SendgridSink, base_url: str, random: Random, most: int = MOST_COPIES) -> None:
        self._sink, self._random, self._most = sink, random, most
        self._url = urlsplit(base_url)
        self._stop = threading.Event()
        self._read = 0
        self._waiting: list[dict[str, Any]] = []
        self._taken: dict[str, float] = {}
        self.delays: dict[str, float] = {}
        """By attempt: how long after the letter was taken its first event was received."""
        self.posts, self.refused, self.events = 0, 0, 0

    def _at_work(self) -> Iterator[None]:
        thread = threading.Thread(target=self._run, name="event-return", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def all_told(self) -> bool:
        """Whether the site has said 2xx to the events of every mail there is."""
        return self._read == len(self._sink.mails) and not self._waiting

    def _run(self) -> None:
        while not self._stop.wait(PAUSE):
            fresh = self._sink.mails[self._read :]
            for mail in fresh:
                self._taken.setdefault(mail.attempt, time.monotonic())
            copies = [event for mail in fresh for event in self._copies(mail)]
            self._random.shuffle(copies)
            self._waiting += copies
            self._read += len(fresh)
            while self._waiting and not self._stop.is_set() and self._post(self._waiting[:500]):
                del self._waiting[:500]

    def _copies(self, mail: SendgridMail) -> list[dict[str, Any]]:
        at = int(time.time())
        return [
            event_of(mail, kind, at, self._event_id(), self._random.random() < 0.5)
            for kind in ("processed", "delivered", "a kind that nobody knows")
            for _ in range(self._number_of_copies())
        ]

    def _event_id(self) -> str:
        """Another for each copy, or none."""
        return f"{self._random.getrandbits(64):x}" if self._random.random() < 0.9 else ""

    def _number_of_copies(self) -> int:
        """Mostly few, now and then the most."""
        if self._random.random() < 0.02:
            return self._most
        return self._random.randint(1, min(3, self._most))

    def _post(self, events: list[dict[str, Any]]) -> bool:
        body, headers = self._sink.signed_events(events)
        status = post(self._url.netloc, body, headers)
        self.posts += 1
        if not 200 <= status < 300:
            self.refused += 1
            self._stop.wait(PAUSE)
            return False
        self.events += len(events)
        for attempt in {event[ATTEMPT] for event in events}:
            self.delays.setdefault(attempt, time.monotonic() - self._taken[attempt])
        return True


def event_of(mail: SendgridMail, kind: str, at: int, event_id: str, category_as_list: bool) -> dict[str, Any]:
    more: dict[str, object] = {
        "email": mail.to,
        "category": ["lesson"] if category_as_list else "lesson",
        **({"sg_event_id": event_id} if event_id else {}),
        "smtp-id": mail.headers["Message-ID"],
        "sg_message_id": f"{mail.message_id}.filter",
    }
    return told(mail.custom_args, kind, at, **more)


def post(address: str, body: bytes, headers: dict[str, str]) -> int:
    """The status; 0 if nobody answered."""
    connection = http.client.HTTPConnection(address, timeout=PATIENCE)
    try:
        connection.request("POST", "/hooks/sendgrid", body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
