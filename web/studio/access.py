"""Who may do what in the studio: one table of every route and the least role it asks for."""

from typing import get_args

from course.settings import Role

RANKS: tuple[Role, ...] = get_args(Role)
"""From the least to the most."""

ANYBODY = None
"""For the way in; everything else asks for a role."""

ROLES: dict[str, Role | None] = {
    "signing_in.form": ANYBODY,
    "signing_in.ask": ANYBODY,
    "signing_in.asked": ANYBODY,
    "signing_in.link": ANYBODY,
    "signing_in.enter": ANYBODY,
    "signing_in.leave": "viewer",
    "signing_in.leave_everywhere": "viewer",
    "shelf.courses": "viewer",
    "files.course": "viewer",
    "files.move": "author",
    "editor.edit": "author",
    "editor.save": "author",
    "editor.draft": "author",
    "preview.frame": "viewer",
    "preview.side_by_side": "viewer",
    "preview.send_test": "author",
    "uploads.show": "viewer",
    "uploads.form": "author",
    "uploads.take": "author",
    "log.show": "operator",
}
"""By endpoint, without the `studio.` that all of them begin with."""


def suffices(role: Role, least: Role) -> bool:
    return RANKS.index(role) >= RANKS.index(least)
