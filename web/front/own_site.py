"""The site of one process, made from the environment."""

import resource
import sys

from web.app import create_app
from web.front.environ import Environ
from web.front.patience import MOST_CONNECTIONS
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


def _connections() -> int:
    """As many as the system lets one process have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + OTHER_FILES
    allowed = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, most))
    return max(allowed - OTHER_FILES, allowed // 2)
