"""The player of a video site, from the address an author gave."""

import re

YOUTUBE = re.compile(
    r"https://(?:(?:www|m)\.)?(?:youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#]*&)?v=|embed/|shorts/|live/)|youtu\.be/)"
    r"([\w-]{6,20})(?:[?&#/].*)?"
)
VIMEO = re.compile(
    r"https://(?:www\.)?(?:player\.)?vimeo\.com/(?:video/)?(\d{3,15})(?:/([0-9a-f]{4,20})|\?h=([0-9a-f]{4,20}))?(?:[?&#/].*)?"
)


def player(address: str) -> str:
    """It sets no cookie before it plays; empty for an address that is no single video."""
    if found := YOUTUBE.fullmatch(address):
        return f"https://www.youtube-nocookie.com/embed/{found[1]}?autoplay=1&rel=0"
    if found := VIMEO.fullmatch(address):
        key = found[2] or found[3]
        return f"https://player.vimeo.com/video/{found[1]}?autoplay=1&dnt=1" + (f"&h={key}" if key else "")
    return ""


def site_name(address: str) -> str:
    return "Vimeo" if "vimeo.com/" in address else "YouTube"
