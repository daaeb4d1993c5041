"""Our own end of an SMTP connection, as tests open it."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from mailer.providers.smtp.address import parse_smtp
from mailer.providers.smtp.connection import Patience
from mailer.providers.smtp.provider import Smtp
from tests.support.waiting import slowness


def soon() -> Patience:
    """For servers that fall silent: not long, and yet enough for all they do answer."""
    return Patience(connect=2 * slowness(), reply=0.5 * slowness(), final=0.5 * slowness())


@contextmanager
def opened(url: str, context: ssl.SSLContext | None = None, patience: Patience | None = None) -> Iterator[Smtp]:
    smtp = Smtp(parse_smtp(url), context, patience)
    yield smtp
    smtp.close()
