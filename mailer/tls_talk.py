"""What a TLS connection shows of the server at its other end."""

import ssl
from datetime import UTC, datetime

from mailer.certificates import Seen


def seen_of(connection: object) -> Seen:
    """Of a connection that has shaken hands; of any other, nothing."""
    if not isinstance(connection, ssl.SSLSocket):
        return Seen("", None)
    ends = (connection.getpeercert() or {}).get("notAfter")
    ends_at = datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if isinstance(ends, str) else None
    return Seen(connection.version() or "", ends_at)


def said_by(problem: OSError) -> str:
    """Why TLS, or the connection, did not come about."""
    if isinstance(problem, ssl.SSLCertVerificationError):
        return problem.verify_message
    if isinstance(problem, ssl.SSLError):
        return (problem.reason or str(problem)).replace("_", " ").lower()
    return problem.strerror or str(problem) or type(problem).__name__
