"""The sites that play films and recordings: how their addresses look, and the player that a page may show."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs, urlsplit

from course.media.durations import seconds_into
from course.media.kinds import MEDIA_TYPES, ending_of

ELSEWHERE = re.compile(r"https?://", re.I)
YOUTUBE_VIDEO = re.compile(r"(?:watch/|embed/|shorts/|live/|v/)([\w-]{6,20})(?:/.*)?")
YOUTUBE_ID = re.compile(r"[\w-]{6,20}")
YOUTUBE_LIST = re.compile(r"[\w-]{8,60}")
VIMEO_VIDEO = re.compile(
    r"(?:video/|channels/[^/]+/|groups/[^/]+/videos/|album/\d+/video/|showcase/\d+/video/)?"
    r"(\d{3,15})(?:/([0-9a-f]{4,20}))?(?:/.*)?"
)
VIMEO_KEY = re.compile(r"[0-9a-f]{4,20}")
PICTURES = frozenset(ending for ending, kind in MEDIA_TYPES.items() if kind.role == "picture")


@dataclass(frozen=True, slots=True)
class Address:
    """An address of another site in its parts; of each value in its question and its place, the first."""

    host: str
    path: str
    values: dict[str, str]
    start: int
    """Seconds into the film."""


def _no_player(_address: Address) -> str:
    return ""


def _youtube(address: Address) -> str:
    begin = f"&start={address.start}" if address.start else ""
    found = YOUTUBE_VIDEO.fullmatch(address.path)
    key = found[1] if found else address.values.get("v", "")
    if address.host == "youtu.be":
        key = address.path.partition("/")[0]
    if key != "videoseries" and YOUTUBE_ID.fullmatch(key):
        return f"https://www.youtube-nocookie.com/embed/{key}?autoplay=1&rel=0{begin}"
    series = address.values.get("list", "")
    if YOUTUBE_LIST.fullmatch(series):
        return f"https://www.youtube-nocookie.com/embed/videoseries?list={series}&autoplay=1&rel=0{begin}"
    return ""


def _vimeo(address: Address) -> str:
    found = VIMEO_VIDEO.fullmatch(address.path)
    if found is None:
        return ""
    asked = address.values.get("h", "")
    key = found[2] or (asked if VIMEO_KEY.fullmatch(asked) else "")
    private = f"&h={key}" if key else ""
    begin = f"#t={address.start}s" if address.start else ""
    return f"https://player.vimeo.com/video/{found[1]}?autoplay=1&dnt=1{private}{begin}"


@dataclass(frozen=True, slots=True)
class Site:
    """`places` matches the host and path of films there; without a `player` a film is a card with a link."""

    name: str
    places: re.Pattern[str]
    player: Callable[[Address], str] = _no_player
    plays_sound: bool = False


def _site(
    name: str, places: str, player: Callable[[Address], str] = _no_player, *, plays_sound: bool = False
) -> Site:
    return Site(name, re.compile(places, re.I), player, plays_sound)


SITES: tuple[Site, ...] = (
    _site("YouTube", r"(?:(?:www|m|music)\.)?youtube\.com/|youtu\.be/|(?:www\.)?youtube-nocookie\.com/", _youtube),
    _site("Vimeo", r"(?:(?:www|player)\.)?vimeo\.com/", _vimeo),
    _site("Loom", r"(?:www\.)?loom\.com/(?:share|embed)/"),
    _site("Wistia", r"[\w-]+\.wistia\.(?:com|net)/(?:medias|embed)/"),
    _site("Vidyard", r"(?:share|video|play)\.vidyard\.com/|[\w-]+\.hubs\.vidyard\.com/"),
    _site("Dailymotion", r"(?:(?:www|geo)\.)?dailymotion\.com/(?:video|embed|player|playlist)|dai\.ly/"),
    _site("TED", r"(?:(?:www|embed)\.)?ted\.com/talks/"),
    _site("Twitch", r"(?:(?:www|m|clips|player)\.)?twitch\.tv/"),
    _site("Facebook", r"(?:(?:www|m)\.)?facebook\.com/(?:watch|reel|share/[rv]/|[^/]+/videos/)|fb\.watch/"),
    _site("Instagram", r"(?:www\.)?instagram\.com/(?:reels?|tv)/"),
    _site("TikTok", r"(?:(?:www|m|vm)\.)?tiktok\.com/"),
    _site("Streamable", r"(?:www\.)?streamable\.com/"),
    _site("Google Drive", r"drive\.google\.com/file/"),
    _site("Microsoft Stream", r"(?:web|www)\.microsoftstream\.com/|[\w-]+\.sharepoint\.com/:v:/"),
    _site("Zoom", r"(?:[\w-]+\.)?zoom\.us/(?:rec|clips)/"),
    _site("Panopto", r"[\w.-]+/Panopto/Pages/(?:Viewer|Embed)"),
    _site("Bilibili", r"(?:(?:www|m|player)\.)?bilibili\.com/|b23\.tv/"),
    _site("Rumble", r"(?:www\.)?rumble\.com/"),
    _site("Odysee", r"(?:www\.)?odysee\.com/"),
    _site("media.ccc.de", r"media\.ccc\.de/v/"),
    _site("PeerTube", r"[\w.-]+/(?:w|videos/watch|videos/embed)/[\w-]{20,}"),
    _site("SoundCloud", r"(?:(?:www|m|on)\.)?soundcloud\.com/", plays_sound=True),
    _site("Spotify", r"open\.spotify\.com/", plays_sound=True),
    _site("Apple Podcasts", r"podcasts\.apple\.com/", plays_sound=True),
)


@lru_cache(maxsize=4096)
def site_of(address: str) -> Site | None:
    """Return the site that plays what an address names, also without `https://` before it; None for pictures and
    for sites that are not known to play anything."""
    place = re.sub(r"^(?:https?:)?//", "", address, flags=re.I)
    if ending_of(place.partition("?")[0].partition("#")[0]) in PICTURES:
        return None
    return next((site for site in SITES if site.places.match(place)), None)


def player(address: str) -> str:
    """Return the address of a player that a page may frame; empty for what can only be linked to.

    It sets no cookie before it plays, and begins where the address says.
    """
    site = site_of(address)
    return site.player(_parts(address)) if site else ""


def site_name(address: str) -> str:
    """Name the site of a film elsewhere: by its own name, or else by its host."""
    site = site_of(address)
    return site.name if site else _parts(address).host.removeprefix("www.")


def start_of(address: str) -> int:
    """Return the second at which an address begins, `?t=90`, `&start=90`, `#t=1m30s`; 0 if it names none."""
    return _parts(address).start


def encrypted(address: str) -> str:
    """Return an address with https in place of http: every site of the table has it."""
    return re.sub(r"^http://", "https://", address, flags=re.I) if site_of(address) else address


def _parts(address: str) -> Address:
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
    except ValueError:  # brackets that are no address of the sixth version
        return Address("", "", {}, 0)
    asked = parse_qs(parts.query)
    placed = parse_qs(parts.fragment)
    values = {key: found[0] for key, found in (placed | asked).items()}
    begin = next((values[key] for key in ("t", "start", "time_continue") if key in values), "")
    return Address(host, parts.path.strip("/"), values, seconds_into(begin))
