"""Processes of uvicorn. The one that looks after several others does not load the application itself."""

import uvicorn

from mailer import time_limits
from mailer.settings import load
from web.front.connection import Connection
from web.front.patience import IDLE_PROXY


def serve_site(host: str, port: int, workers: int) -> None:
    """Until SIGTERM or SIGINT; whole requests are answered first. Raises SettingsError."""
    load()  # all that is wrong with the settings is told once, before any process begins
    serve("web.front.own_site:create_site", host, port, workers)


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
