"""What machines look for at fixed addresses: whom to tell of a hole, and which pages are not for search."""

from datetime import UTC, timedelta
from email.utils import parseaddr
from urllib.parse import quote

from flask import Blueprint, Response

from web.request import current_runtime
from web.safe_headers import NOT_FOR_SEARCH

pages = Blueprint("well_known", __name__)

GOOD_FOR = timedelta(days=180)
"""Less than a year is recommended (RFC 9116, 2.5.5). Made anew at each request, it never runs out."""


@pages.get("/.well-known/security.txt")
def security() -> Response:
    """Whom to tell of a hole (RFC 9116): whoever reads the answers to our mails."""
    runtime = current_runtime()
    address = parseaddr(runtime.settings.mail_reply_to)[1]
    until = (runtime.clock.real() + GOOD_FOR).astimezone(UTC).replace(microsecond=0)
    return _plain(
        f"Contact: mailto:{quote(address, safe='@+')}",
        f"Expires: {until.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: en, de, fr, es, pt",
        f"Canonical: {runtime.settings.base_url}/.well-known/security.txt",
    )


@pages.get("/robots.txt")
def robots() -> Response:
    return _plain("User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_SEARCH))


def _plain(*lines: str) -> Response:
    return Response("\n".join([*lines, ""]), mimetype="text/plain")
