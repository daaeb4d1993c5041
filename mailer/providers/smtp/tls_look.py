"""The TLS of a mail server, looked at without handing over anything."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from course.checkup import Finding
from course.variables import LOOPBACK
from mailer.certificates import of_certificate, of_no_certificate
from mailer.providers.smtp.address import SmtpServer
from mailer.tls_talk import said_by, seen_of

ABOUT = "TLS of the mail server"
SECONDS = 15.0


def of_tls(server: SmtpServer, now: datetime, context: ssl.SSLContext | None = None) -> Iterator[Finding]:
    """Findings on the certificate and on what is offered and not used. Nothing for a server on this machine that
    is spoken to in the clear: there is no way on which somebody could listen."""
    if server.tls == "none" and server.host in LOOPBACK:
        return
    try:
        with suppress(smtplib.SMTPServerDisconnected), _opened(server, context) as talk:
            talk.ehlo_or_helo_if_needed()
            offers = talk.has_extn("starttls")
            if server.tls == "none":
                yield _in_the_clear(server, offers)
                return
            if server.tls == "starttls":
                if not offers:
                    todo = "Write `tls=tls` if it has TLS from the start (port 465), or ask its operator."
                    yield Finding(ABOUT, "bad", f"{server.host} does not offer STARTTLS, so no mail leaves.", todo)
                    return
                talk.starttls(context=context or ssl.create_default_context())
            yield from of_certificate(ABOUT, server.host, seen_of(talk.sock), now)
    except ssl.SSLError as problem:
        yield of_no_certificate(ABOUT, server.host, said_by(problem))
    except (OSError, smtplib.SMTPException) as problem:
        why = said_by(problem) if isinstance(problem, OSError) else str(problem)
        said = f"It could not be asked: {server.host} did not answer ({why})."
        yield Finding(ABOUT, "warning", said, "The finding on the mail provider says more.")


def _opened(server: SmtpServer, context: ssl.SSLContext | None) -> smtplib.SMTP:
    name = server.ehlo_name or None
    if server.tls == "tls":
        context = context or ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, name, timeout=SECONDS, context=context)
    return smtplib.SMTP(server.host, server.port, name, timeout=SECONDS)


def _in_the_clear(server: SmtpServer, offers: bool) -> Finding:
    said = f"Mails go to {server.host} in the clear: whoever is on the way reads them."
    if offers:
        return Finding(ABOUT, "warning", f"{said} It offers STARTTLS.", "Write `tls=starttls` in MAIL_URL.")
    return Finding(ABOUT, "warning", said, "Use a server with TLS, or one on this machine.")
