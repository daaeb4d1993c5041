"""The headers that protect who reads: on every answer, whatever made it."""

from flask import Flask, Response, request

from web.csp import security_policy
from web.request import current_runtime

A_YEAR = "max-age=31536000"
"""Of this host alone: about others of its domain, and for browsers' own lists, only its owner may decide."""

SHOWN_ELSEWHERE = frozenset({"media.media", "tracking.opened", "certificates.badge", "certificates.issuer"})
"""What mail programs load into their own pages, and what shows and checks badges in browsers."""

OFF = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
"""What no page of ours asks a browser for, nor lets a player of films ask for."""

PERMISSIONS = ", ".join(f"{feature}=()" for feature in OFF)

NOT_FOR_SEARCH = (
    "/learn/",
    "/confirm/",
    "/unsubscribe/",
    "/agree/",
    "/wish/",
    "/calendar/",
    "/read/",
    "/o/",
    "/c/",
    "/hooks/",
    "/lost-link",
    "/studio",
    "/inbox",
)
"""Pages of learners and staff, and what else an address with a token opens: by the beginning of their paths."""


def put_on_every_answer(app: Flask, *, https: bool) -> None:
    """Registered last, so that every other part has had its say: what is there already is kept where it may be."""

    def safe_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", security_policy())
        headers["X-Content-Type-Options"] = "nosniff"
        # Addresses hold tokens: they must not travel to other sites, not even to the pages we link to.
        headers["Referrer-Policy"] = "no-referrer"
        headers["Permissions-Policy"] = PERMISSIONS
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        shown = request.endpoint in SHOWN_ELSEWHERE
        headers["Cross-Origin-Resource-Policy"] = "cross-origin" if shown else "same-origin"
        if https:
            headers["Strict-Transport-Security"] = A_YEAR
        if request.path.startswith(NOT_FOR_SEARCH):
            headers["X-Robots-Tag"] = "noindex"
        # Nearly every answer is one learner's own; files say otherwise themselves. What a form was answered with
        # may be kept where it was sent from: without it the back button can only ask to send the form again.
        headers.setdefault("Cache-Control", "private, no-cache" if request.method == "POST" else "no-store")
        return response

    app.after_request(safe_headers)


def has_https() -> bool:
    """Whether browsers reach this site by https alone, by its own address."""
    return current_runtime().settings.base_url.startswith("https:")
