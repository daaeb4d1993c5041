"""The site as processes of uvicorn."""

import resource
import sys

import uvicorn

from mailer import time_limits
from mailer.settings import load
from web.app import create_app
from web.front.connection import Connection
from web.front.environ import Environ
from web.front.patience import IDLE_PROXY, MOST_CONNECTIONS
from web.front.room import Room
from web.front.site import Site
from web.studio.access import guard

SWITCH_SECONDS = 0.001
OTHER_FILES = 256
"""Files that a process has open for anything but connections."""


def create_site() -> Site:
    """One process's site, made from the environment. Raises SettingsError."""
    # The thread of the event loop, which all readers wait for, has its turn between those that make pages.
    sys.setswitchinterval(SWITCH_SECONDS)
    application = create_app()
    trusted = application.extensions["runtime"].settings.trusted_proxies

    def may_upload(environ: Environ) -> bool:
        with application.request_context({**environ, "REQUEST_METHOD": "GET"}):
            return guard.who_asks() is not None

    return Site(application, Room(trusted, _connections()), may_upload)


def serve_site(host: str, port: int, workers: int) -> None:
    """Until SIGTERM or SIGINT; whole requests are answered first. Raises SettingsError."""
    load()  # all that is wrong with the settings is told once, before any process begins
    serve("web.front.serving:create_site", host, port, workers)


def serve(site: str, host: str, port: int, workers: int) -> None:
    """What the function `MODULE:NAME` makes in each process."""
    uvicorn.run(
        site,
        factory=True,
        host=host,
        port=port,
        workers=workers,
        http=Connection,
        ws="none",
        lifespan="on",
        interface="asgi3",
        # Who asks is found out by our own rules.
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="error",
        backlog=2048,
        # Each connection has its own.
        timeout_keep_alive=int(IDLE_PROXY) + 60,
        timeout_graceful_shutdown=int(time_limits.QUICK_STOP) - 2,
        # A machine that is busy is not dead.
        timeout_worker_healthcheck=60,
    )


def _connections() -> int:
    """As many as the system lets one process have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + OTHER_FILES
    allowed = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, most))
    return max(allowed - OTHER_FILES, allowed // 2)
