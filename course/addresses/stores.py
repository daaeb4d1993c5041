"""Where rows and queues are kept: the URLs of databases and of Redis. Pure."""

import re
from urllib.parse import SplitResult, parse_qsl, quote

from course.addresses.server import parse_server, percent_encode

DATABASE = "postgresql://USER:PASSWORD@HOST/NAME"
REDIS = "redis://HOST:6379/0"
OF_THE_DRIVER = {"autocommit", "context", "row_factory", "cursor_factory"}
"""What psycopg can be told beside an address, and what is Dayletter's own to tell it."""


def sqlite_url(path: str) -> str:
    """The URL of a file, whatever signs its path holds."""
    return f"sqlite:///{quote(path)}"


def socket_url(path: str) -> str:
    """The URL of a Redis server that listens at a socket file, whatever signs its path holds."""
    return f"unix://{quote(path)}?db=0"


def read_database_url(text: str) -> str:
    """Raises ValueError with a sentence that says what to write instead."""
    # Some platforms still hand out the older scheme.
    url = re.sub(r"^postgres://", "postgresql://", text)
    parts = parse_server(url, DATABASE)
    if not re.match(r"(sqlite|postgresql(\+psycopg)?)://", url):
        raise ValueError(f"write `{DATABASE}` or `sqlite:///PATH`.")
    if parts.scheme == "sqlite":
        _refuse_stray_question(parts)
    elif "@" in parts.netloc.rpartition("@")[0]:
        raise ValueError(f"{percent_encode('@')} in user and password.")
    elif parts.path.count("/") > 1:
        raise ValueError(f"only the database's name may follow the host: write `{DATABASE}`.")
    else:
        _refuse_orders_to_the_driver(parts)
    return url


def _refuse_orders_to_the_driver(parts: SplitResult) -> None:
    """With `autocommit` there would be no transactions. `prepare_threshold` may be there for others who read this
    URL: Dayletter prepares nothing, whatever it says."""
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name in OF_THE_DRIVER:
            raise ValueError(f"leave `{name}` out of it.")
        if name == "prepare_threshold" and not re.fullmatch("[0-9]+|none", value, flags=re.IGNORECASE):
            raise ValueError("`prepare_threshold` is a number, or `none`; it can also be left out.")


def read_redis_url(text: str) -> str:
    """Raises ValueError with a sentence that says what to write instead."""
    parts = parse_server(text, REDIS)
    if parts.scheme == "unix" and parts.path:
        _refuse_stray_question(parts)
    elif parts.scheme not in ("redis", "rediss"):
        raise ValueError(f"write `{REDIS}`, or leave it out for a private server.")
    elif not re.fullmatch("(/[0-9]*)?", parts.path):
        raise ValueError(f"only a database's number may follow the host: write `{REDIS}`.")
    return text


def _refuse_stray_question(parts: SplitResult) -> None:
    """In the path of a file it would begin the options, and another file would be taken."""
    if any("=" not in option for option in parts.query.split("&") if parts.query):
        raise ValueError(f"{percent_encode('?')} in the path.")
