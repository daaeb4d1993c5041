"""Who may do what in the studio: one table of every route and the least role it asks for."""

from dataclasses import dataclass
from typing import get_args

from course.language.words import Phrase
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
    "signing_in.you": "viewer",
    "signing_in.leave": "viewer",
    "signing_in.leave_everywhere": "viewer",
    "shelf.courses": "viewer",
    "shelf.add_course": "author",
    "files.course": "viewer",
    "files.move": "author",
    "files.add_lesson": "author",
    "editor.edit": "author",
    "editor.save": "author",
    "editor.draft": "author",
    "pasting.paste": "author",
    "preview.frame": "viewer",
    "preview.side_by_side": "viewer",
    "preview.send_test": "author",
    "uploads.show": "viewer",
    "uploads.form": "author",
    "uploads.take": "author",
    "removing.ahead": "author",
    "removing.take_out": "author",
    "renaming.ahead": "author",
    "renaming.rename": "author",
    "calendar.calendar": "viewer",
    "publishing.ahead": "author",
    "publishing.publish": "author",
    "publishing.history": "viewer",
    "publishing.version": "viewer",
    "publishing.roll_back": "author",
    "publishing.move": "author",
    "numbers.show": "viewer",
    "sending.ahead_of_release": "operator",
    "sending.release": "operator",
    "sending.hold": "operator",
    "addresses.show": "operator",
    "addresses.allow": "operator",
    "learners.find": "operator",
    "learners.enrol": "operator",
    "learners.story": "operator",
    "learners.send_again": "operator",
    "learners.erase": "operator",
    "log.show": "operator",
}
"""By endpoint, without the `studio.` that all of them begin with."""


@dataclass(frozen=True, slots=True)
class CourseRoom:
    """A page of a course that its menu leads to; `path` is below the course's."""

    label: Phrase
    path: str
    endpoint: str


COURSE_ROOMS = (
    CourseRoom(Phrase("Files"), "", "files.course"),
    CourseRoom(Phrase("Media"), "/media", "uploads.form"),
    CourseRoom(Phrase("Calendar"), "/calendar", "calendar.calendar"),
    CourseRoom(Phrase("Publish"), "/publish", "publishing.ahead"),
    CourseRoom(Phrase("History"), "/history", "publishing.history"),
    CourseRoom(Phrase("Numbers"), "/numbers", "numbers.show"),
    CourseRoom(Phrase("Learners"), "/learners", "learners.find"),
)


def open_to(role: Role) -> tuple[CourseRoom, ...]:
    """Names of people and addresses are for operators only."""
    return tuple(room for room in COURSE_ROOMS if suffices(role, ROLES[room.endpoint] or RANKS[0]))


def suffices(role: Role, least: Role) -> bool:
    return RANKS.index(role) >= RANKS.index(least)
