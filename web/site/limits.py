"""How often one network may ask for what costs others something: mails to anybody, and papers made anew."""

from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import Any

from flask import Flask, request
from flask_limiter import Limiter

MAILS = "300 per hour"
"""A whole office that registers together comes from one address."""

PAPER = "60 per minute"

LIMITS = {
    "signup.enrol": MAILS,
    "signup.send_again": MAILS,
    "confirming.write_again": MAILS,
    "links.send_link": MAILS,
    "links.mail_link": MAILS,
    "studio.signing_in.ask": MAILS,
    "certificates.pdf": PAPER,
    "certificates.badge": PAPER,
}
"""By endpoint. A limit against floods, not an exact one."""

WAIT: dict[str, str | int] = {"socket_timeout": 2, "socket_connect_timeout": 2}


def limit(app: Flask, redis_url: str) -> None:
    """Once all views are there. All web processes count together; with Redis away each for itself."""
    counted_in = f"redis+{redis_url}" if redis_url.startswith("unix:") else redis_url
    limiter = Limiter(
        _asked_from, app=app, storage_uri=counted_in, storage_options=WAIT, in_memory_fallback_enabled=True
    )
    for endpoint, rate in LIMITS.items():
        view: Callable[..., Any] = app.view_functions[endpoint]
        app.view_functions[endpoint] = limiter.limit(rate, exempt_when=_is_here)(view)


def network(peer: str, forwarded: str) -> str:
    """Return the network a request comes from. Only a proxy on our own network is believed what X-Forwarded-For
    says at its end.

    Of IPv6 the first half: one household has all the rest.
    """
    said = forwarded.rpartition(",")[2].strip()
    try:
        found = ip_address(peer)
        if said and not found.is_global:
            found = ip_address(said)
    except ValueError:
        return peer
    return str(IPv6Address(int(found) >> 64 << 64)) if found.version == 6 else str(found)


def _asked_from() -> str:
    return network(request.remote_addr or "", request.headers.get("X-Forwarded-For", ""))


def _is_here() -> bool:
    """On this machine itself, with no proxy that speaks for somebody else."""
    return _asked_from() in ("127.0.0.1", "::")
