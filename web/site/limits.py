"""How often one network may ask for what costs others something: mails to anybody, and papers made anew."""

import logging
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from typing import Any

from flask import Flask, current_app, request
from flask_limiter import Limiter, RateLimitExceeded

from web.request import current_runtime
from web.site.proxies import Address, hops, is_unnamed_proxy, network_of, who_asks

log = logging.getLogger(__name__)

MAILS = "300 per hour"
"""A whole office that registers together comes from one address."""

PAPER = "60 per minute"

LIMITS = {
    "signup.enrol": MAILS,
    "signup.send_again": MAILS,
    "confirming.write_again": MAILS,
    "links.send_link": MAILS,
    "links.mail_link": MAILS,
    "preferences.mail_link": MAILS,
    "tracking.mail_link": MAILS,
    "privacy.ask_for_export": MAILS,
    "privacy.ask_for_erasure": MAILS,
    "address.ask": MAILS,
    "signup.prove": MAILS,
    "studio.signing_in.ask": MAILS,
    "certificates.pdf": PAPER,
    "certificates.badge": PAPER,
}
"""By endpoint. A limit against floods, not an exact one."""

FEW = "10 per 10 minutes"
"""So many of one network may sign up at a time before being as slow as people is no longer enough."""

NETWORKS = "networks"
"""Where the application keeps who counts them."""

WAIT: dict[str, str | int] = {"socket_timeout": 2, "socket_connect_timeout": 2}


def limit(app: Flask, redis_url: str) -> None:
    """Once all views are there. All web processes count together; with Redis away each for itself."""
    app.extensions["asked from"] = _asked_from
    counted_in = f"redis+{redis_url}" if redis_url.startswith("unix:") else redis_url
    limiter = Limiter(
        _asked_from, app=app, storage_uri=counted_in, storage_options=WAIT, in_memory_fallback_enabled=True
    )
    app.extensions[NETWORKS] = limiter
    for endpoint, rate in LIMITS.items():
        view: Callable[..., Any] = app.view_functions[endpoint]
        app.view_functions[endpoint] = limiter.limit(rate, exempt_when=_is_here)(view)


def few_from_here() -> bool:
    """Whether only a few have signed up from this network lately, this one counted. On this machine, too."""
    limiter: Limiter = current_app.extensions[NETWORKS]
    try:
        with limiter.limit(FEW, key_func=_asked_from):
            return True
    except RateLimitExceeded:
        return False


def _hops() -> tuple[str, ...]:
    return hops(request.headers.get("X-Forwarded-For"), request.headers.get("Forwarded"))


def _asker() -> Address | None:
    return who_asks(request.remote_addr or "", _hops(), current_runtime().settings.trusted_proxies)


def _asked_from() -> str:
    """The network that asks. Who cannot be told by it is told by all else that they bring: the strangers behind
    one odd proxy share no count, as far as they differ."""
    peer = request.remote_addr or ""
    if is_unnamed_proxy(peer, _hops(), current_runtime().settings.trusted_proxies):
        _warn_of(peer)
    asker = _asker()
    if asker is not None:
        return network_of(asker)
    brought = "\n".join((*_hops(), request.headers.get("User-Agent", "")))
    return f"unknown {sha256(brought.encode(errors='replace')).hexdigest()}"


@lru_cache(maxsize=16)
def _warn_of(proxy: str) -> None:
    """Once in each process."""
    log.warning(
        "A proxy at %s asks for others, and TRUSTED_PROXIES does not name it: all of them count as one. If it is"
        " yours, add its network; docs/deploy.md says which.",
        proxy,
    )


def _is_here() -> bool:
    """On this machine itself, with no proxy that speaks for somebody else, be it understood or not."""
    asker = _asker()
    return asker is not None and asker.is_loopback and not _hops()
