"""What a page may load, and from where."""

from collections.abc import Sequence

VIDEO_SITES = ("https://www.youtube-nocookie.com", "https://player.vimeo.com")


def security_policy(frames: Sequence[str] = ("'self'",)) -> str:
    """`frames` are the sites that may be shown within the page."""
    return "; ".join(
        [
            "default-src 'none'",
            "style-src 'self'",
            "script-src 'self'",
            "img-src 'self' data:",
            "media-src 'self'",
            "connect-src 'self'",
            f"frame-src {' '.join(frames)}",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )
