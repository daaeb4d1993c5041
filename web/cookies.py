"""Our cookies: for this host alone where the site has https, and out of every script's reach."""

from flask import request
from werkzeug.wrappers import Response

from web.safe_headers import has_https

LOCKED = "__Host-"
"""A browser takes a cookie of this name only over https, for the whole of one host: neither another site of the
domain nor a line without encryption can put one in its place (RFC 6265bis, 4.1.3.2)."""


def cookie_name(name: str, *, https: bool) -> str:
    return f"{LOCKED}{name}" if https else name


def cookie_path(path: str, *, https: bool) -> str:
    return "/" if https else path


def sent_cookie(name: str) -> str:
    """What the browser sent under this name of ours; empty if nothing."""
    return request.cookies.get(cookie_name(name, https=has_https()), "")


def set_cookie(answer: Response, name: str, value: str, seconds: float, path: str = "/") -> None:
    """Keep a value in the browser. `path` is where it is sent to, on sites without https."""
    https = has_https()
    answer.set_cookie(
        cookie_name(name, https=https),
        value,
        max_age=int(seconds),
        path=cookie_path(path, https=https),
        httponly=True,
        secure=https,
        samesite="Lax",
    )


def drop_cookie(answer: Response, name: str, path: str = "/") -> None:
    https = has_https()
    answer.delete_cookie(
        cookie_name(name, https=https),
        path=cookie_path(path, https=https),
        httponly=True,
        secure=https,
        samesite="Lax",
    )
