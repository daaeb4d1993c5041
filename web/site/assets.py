"""Addresses of static files that change with their content, so that they may be cached for good."""

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Flask


def address_of(app: Flask) -> Callable[[str], str]:
    folder = Path(app.static_folder or "static")
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 31_536_000

    @lru_cache
    def asset(name: str) -> str:
        digest = sha256((folder / name).read_bytes()).hexdigest()[:12]
        return f"/static/{name}?{digest}"

    return asset
