"""Texts leave compressed where the browser takes it: on a slow line that is most of the wait."""

import gzip

from flask import Response, request

from web.request import STUDIO_PATH

TEXTS = {"text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"}
LEAST = 1000
"""Bytes; less is not worth the work."""


def compress(response: Response) -> Response:
    if response.mimetype not in TEXTS or response.status_code in (204, 206, 304):
        return response
    # Beside a token against forged requests, what is sent back of a form would tell the token by its length.
    if request.path.startswith(STUDIO_PATH):
        return response
    response.vary.add("Accept-Encoding")
    response.direct_passthrough = False
    whole = response.get_data()
    if request.accept_encodings["gzip"] and len(whole) >= LEAST:
        response.set_data(gzip.compress(whole, compresslevel=6, mtime=0))
        response.content_encoding = "gzip"
        tag, _ = response.get_etag()
        if tag:
            response.set_etag(tag, weak=True)
    return response
