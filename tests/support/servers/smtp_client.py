"""Our own end of an SMTP connection, as tests open it."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from mailer.providers.smtp.address import parse_smtp
from mailer.providers.smtp.connection import Patience
from mailer.providers.smtp.provider import Smtp

SOON = Patience(connect=2, reply=0.5, final=0.5)


@contextmanager
def opened(url: str, context: ssl.SSLContext | None = None, patience: Patience | None = None) -> Iterator[Smtp]:
    smtp = Smtp(parse_smtp(url), context, patience)
    yield smtp
    smtp.close()
