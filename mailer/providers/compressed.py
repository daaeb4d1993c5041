"""Bodies of HTTP as they were before somebody on the way compressed them (RFC 9110, 8.4.1). Pure."""

import zlib

GZIP_OR_ZLIB, BARE = 47, -15
"""What zlib calls `wbits`: told by the first bytes, or without any head, as some servers understand `deflate`."""


def unpacked(body: bytes, encoding: str, most: int) -> bytes:
    """The body without its `Content-Encoding`. Raises ValueError for one that is unknown, broken or cut short, or
    longer than `most` bytes once unpacked."""
    for name in reversed([part.strip().lower() for part in encoding.split(",")]):
        if name in ("gzip", "x-gzip", "deflate"):
            body = _inflated(body, most)
        elif name not in ("", "identity"):
            raise ValueError(f"the body is compressed as {name[:40]!r}, which is not understood here")
    return body


def _inflated(body: bytes, most: int) -> bytes:
    for window in (GZIP_OR_ZLIB, BARE):
        stream = zlib.decompressobj(window)
        try:
            found = stream.decompress(body, most + 1)
        except zlib.error:
            continue
        if len(found) > most:
            raise ValueError(f"the body is longer than {most} bytes once it is unpacked")
        if stream.eof:
            return found
    raise ValueError("the compressed body is broken or cut short")
