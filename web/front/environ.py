"""A request as PEP 3333 has it, of what ASGI tells of it. Pure, but for the streams that it passes on."""

import sys
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

Environ = dict[str, Any]
Scope = Mapping[str, Any]

ABOUT_THE_BODY = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}
OF_THE_LINE = {b"transfer-encoding"}
"""About how a body came: it is whole when the application sees it."""


def environ_of(scope: Scope) -> Environ:
    """All but the body. Texts hold one byte a character (`latin-1`), as PEP 3333 asks."""
    host, port = scope["server"] or ("", None)
    return {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or ""),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0] if scope["client"] else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        # Not in PEP 3333; Werkzeug then reads the input to its end.
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **_headers(scope["headers"]),
    }


def _headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Lines of one name become one (RFC 9110, 5.3). A name with an underscore is left out: it would be taken for
    the one with a hyphen, which a proxy has written."""
    found: dict[str, str] = {}
    for raw, line in headers:
        if b"_" in raw or raw in OF_THE_LINE:
            continue
        value = line.strip(b" \t").decode("latin-1")
        name = ABOUT_THE_BODY.get(raw) or "HTTP_" + raw.decode("latin-1").upper().replace("-", "_")
        if name in found:
            value = f"{found[name]}{'; ' if raw == b'cookie' else ','}{value}"
        found[name] = value
    return found
