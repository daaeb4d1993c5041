"""The site as readers of our mails reach it."""

import http.client
import ssl
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from course.checkup import Finding
from course.version import own_version
from mailer.certificates import Seen, of_certificate, of_no_certificate
from mailer.checkup.judges.sites import ABOUT, Answered, of_answer
from mailer.tls_talk import said_by, seen_of

SECONDS = 10.0
MOST_BYTES = 10_000


class SiteAway(Exception):
    """Nobody answers there. `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.said)
        self.finding = finding


def of_site(base_url: str, now: datetime, context: ssl.SSLContext | None = None) -> Iterator[Finding]:
    """Whether the host resolves, answers with a certificate that is right, and is this Dayletter."""
    try:
        answered, seen = ask(base_url, "GET", "/healthz", context=context)
    except SiteAway as away:
        yield away.finding
        return
    yield of_answer(base_url, answered, own_version())
    if seen.version:
        yield from of_certificate("certificate", urlsplit(base_url).hostname or "", seen, now)


def ask(
    base_url: str, method: str, path: str, body: str = "", context: ssl.SSLContext | None = None
) -> tuple[Answered, Seen]:
    """What the site answers, and what its TLS shows. A redirection is not followed. Raises SiteAway."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    try:
        with closing(_connected(host, parts.scheme, parts.port, context)) as connection:
            connection.connect()
            seen = seen_of(connection.sock)
            headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "dayletter doctor"}
            connection.request(method, f"{parts.path.rstrip('/')}{path}", body or None, headers)
            reply = connection.getresponse()
            leads_to, date = reply.getheader("Location") or "", reply.getheader("Date") or ""
            return Answered(reply.status, reply.read(MOST_BYTES), date, leads_to), seen
    except ssl.SSLError as problem:
        raise SiteAway(of_no_certificate("certificate", host, said_by(problem))) from problem
    except (OSError, http.client.HTTPException, UnicodeError) as problem:
        why = said_by(problem) if isinstance(problem, OSError) else str(problem) or type(problem).__name__
        todo = "Start the site, and see that BASE_URL's name is in DNS and leads to it."
        raise SiteAway(Finding(ABOUT, "bad", f"Nobody answers at {base_url}: {why}.", todo)) from problem


def date_of(base_url: str) -> datetime | None:
    """The time that the site's answers bear; None if there is none. Raises SiteAway."""
    answered, _ = ask(base_url, "GET", "/healthz")
    try:
        return parsedate_to_datetime(answered.date)
    except (TypeError, ValueError):
        return None


def _connected(
    host: str, scheme: str, port: int | None, context: ssl.SSLContext | None
) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(
            host, port, timeout=SECONDS, context=context or ssl.create_default_context()
        )
    return http.client.HTTPConnection(host, port, timeout=SECONDS)
