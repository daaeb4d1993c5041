"""The ways in which the mail of a draft is looked at."""

from dataclasses import dataclass

from mailer.specimen import in_dark, in_light


@dataclass(frozen=True, slots=True)
class View:
    name: str
    label: str


VIEWS = (
    View("desktop", "Desktop"),
    View("phone", "Phone"),
    View("dark", "Dark"),
    View("no-images", "Images off"),
)


def as_seen(html: str, view: str) -> str:
    return in_dark(html) if view == "dark" else in_light(html)


def policy_of(view: str) -> str:
    """What the framed mail may load: its styles, and pictures of ours unless they are off."""
    pictures = "" if view == "no-images" else " img-src 'self' data:;"
    return (
        f"default-src 'none';{pictures} style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'self'"
    )
