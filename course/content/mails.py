"""The kinds of mail a learner may get, one row a kind: all that differs between them, but the words of their text.

A lesson's mail says what the lesson says; every other kind has its text in `mailer/templates/wordings/<kind>.md`.
`docs/adding-a-mail.md` leads through adding a kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from course.language.words import Phrase

MailKind = Literal[
    "confirm", "welcome", "lesson", "nudge", "finished", "link", "again", "renewed",
    "move-from", "move-to", "moved", "taken", "export", "erase",
]  # fmt: skip

Slot = Literal[
    "name", "email", "unsubscribe", "learn", "pixel", "mark", "confirm", "next_when", "serial", "agree", "wish"
]
"""What is filled in for each learner: a name, an address, the signed end of a link, a moment."""

Target = Literal["its page", "confirmation", "certificate", "agreement", "lost link", "wish"]
"""Where a button leads. A mail's page is that of its lesson, or of the course if it has none."""

Below = Literal["nothing", "the days", "the course page"]
"""What stands under a button: each day of the course with its minutes, or the way to the learner's course page."""

UNSUBSCRIBE = Phrase("Unsubscribe")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTraits:
    """What is true of the mails of one kind. Most kinds leave out what has a default.

    For operators, `label` names the kind and `occasion` says because of what such a mail was sent.
    For its reader, `why` says why they get it, with the blanks `email` and `course`; `leave` names the link that
    ends it. That link needs `unsubscribe` among the `slots`, or else `agree`, whose question it answers with no.
    `slots` are all that may be filled in: without `name` nobody is named, without `learn` links lead to the public
    pages of the course, without `mark` nothing is counted.

    `of_lesson`: made from the text of a lesson. `dated`: planned for a day of its own, before which it does not
    go; all others answer somebody, at once. `begins`: it leads into a course, and comes before all mails of it,
    whatever day they are dated. `awaited`: somebody waits for it at a screen, so it goes before what was posted
    earlier. `reaches_who_left`: asked for on our page just now, so it also goes
    to who has left and to addresses that otherwise get no mail. `worded_by_authors`: a course may have a text of
    its own for it, `mails/<kind>.md`.
    """

    label: Phrase
    occasion: Phrase
    why: Phrase
    slots: frozenset[Slot]
    button: Phrase
    target: Target
    leave: Phrase = UNSUBSCRIBE
    below: Below = "nothing"
    of_lesson: bool = False
    dated: bool = False
    begins: bool = False
    awaited: bool = False
    reaches_who_left: bool = False
    worded_by_authors: bool = False


_ASKED_FOR = Phrase("it was asked for")
_SIGNED_UP = Phrase("You get this mail because %(email)s is signed up for the course “%(course)s”.")
_NAMED_BY_A_LEARNER = Phrase(
    "This mail was sent because a learner of the course “%(course)s” asked for their mails to come to %(email)s."
)
_OPEN_COURSE = Phrase("Open my course")
_AGREE = Phrase("See the change and agree")
_LEARNERS: frozenset[Slot] = frozenset({"name", "email", "unsubscribe", "learn", "pixel", "mark"})
_WISHES: frozenset[Slot] = frozenset({"name", "email", "unsubscribe", "wish"})
_STRANGERS: frozenset[Slot] = frozenset({"email", "agree"})
"""Mails that may reach strangers never show a name that somebody typed."""

MAILS: Mapping[MailKind, MailTraits] = {
    "confirm": MailTraits(
        label=Phrase("Confirmation"),
        occasion=Phrase("somebody has registered this address"),
        why=Phrase(
            "This mail was sent because somebody entered %(email)s on the page of the course “%(course)s”."
            " If that was not you, do nothing: no lessons will come."
        ),
        leave=Phrase("No more mails to this address"),
        slots=frozenset({"email", "unsubscribe", "confirm"}),
        button=Phrase("Confirm and start"),
        target="confirmation",
        begins=True,
        awaited=True,
        reaches_who_left=True,
        worded_by_authors=True,
    ),
    "welcome": MailTraits(
        label=Phrase("Welcome"),
        occasion=Phrase("the address was confirmed"),
        why=_SIGNED_UP,
        slots=_LEARNERS,
        button=_OPEN_COURSE,
        target="its page",
        below="the days",
        begins=True,
        worded_by_authors=True,
    ),
    "lesson": MailTraits(
        label=Phrase("Lesson"),
        occasion=_ASKED_FOR,
        why=_SIGNED_UP,
        slots=_LEARNERS | {"next_when"},
        button=Phrase("Open day %(day)s"),
        target="its page",
        of_lesson=True,
        dated=True,
    ),
    "nudge": MailTraits(
        label=Phrase("Reminder"),
        occasion=Phrase("nothing was completed for days"),
        why=_SIGNED_UP,
        slots=_LEARNERS,
        button=_OPEN_COURSE,
        target="its page",
        dated=True,
        worded_by_authors=True,
    ),
    "finished": MailTraits(
        label=Phrase("The end of the course"),
        occasion=Phrase("the last day is complete"),
        why=_SIGNED_UP,
        slots=_LEARNERS | {"serial"},
        button=Phrase("Open my certificate"),
        target="certificate",
        below="the course page",
        worded_by_authors=True,
    ),
    "link": MailTraits(
        label=Phrase("Link to the course page"),
        occasion=Phrase("the link was asked for, or the address registered again"),
        why=_SIGNED_UP,
        slots=_LEARNERS,
        button=_OPEN_COURSE,
        target="its page",
        awaited=True,
    ),
    "again": MailTraits(
        label=Phrase("A lesson once more"),
        occasion=_ASKED_FOR,
        why=_SIGNED_UP,
        slots=_LEARNERS,
        button=Phrase("Open day %(day)s"),
        target="its page",
        of_lesson=True,
        awaited=True,
    ),
    "renewed": MailTraits(
        label=Phrase("New links"),
        occasion=_ASKED_FOR,
        why=_SIGNED_UP,
        slots=_LEARNERS,
        button=_OPEN_COURSE,
        target="its page",
        awaited=True,
    ),
    "move-from": MailTraits(
        label=Phrase("Question to the old address"),
        occasion=_ASKED_FOR,
        why=_SIGNED_UP,
        slots=frozenset({"name", "email", "unsubscribe", "learn", "agree"}),
        button=_AGREE,
        target="agreement",
        awaited=True,
    ),
    "move-to": MailTraits(
        label=Phrase("Question to the new address"),
        occasion=_ASKED_FOR,
        why=_NAMED_BY_A_LEARNER,
        leave=Phrase("This was not me"),
        slots=_STRANGERS,
        button=_AGREE,
        target="agreement",
        awaited=True,
    ),
    "moved": MailTraits(
        label=Phrase("News of the new address"),
        occasion=_ASKED_FOR,
        why=Phrase("You get this mail because %(email)s was signed up for the course “%(course)s” until now."),
        slots=frozenset({"name", "email", "unsubscribe", "agree"}),
        button=Phrase("Take it back"),
        target="agreement",
    ),
    "taken": MailTraits(
        label=Phrase("Address in use"),
        occasion=_ASKED_FOR,
        why=_NAMED_BY_A_LEARNER,
        leave=Phrase("This was not me"),
        slots=_STRANGERS,
        button=Phrase("Send me my link"),
        target="lost link",
        awaited=True,
    ),
    "export": MailTraits(
        label=Phrase("The way to one's data"),
        occasion=_ASKED_FOR,
        why=_SIGNED_UP,
        slots=_WISHES,
        button=Phrase("See my data"),
        target="wish",
        awaited=True,
        reaches_who_left=True,
    ),
    "erase": MailTraits(
        label=Phrase("Question before erasure"),
        occasion=_ASKED_FOR,
        why=_SIGNED_UP,
        slots=_WISHES,
        button=Phrase("See what would be erased"),
        target="wish",
        awaited=True,
        reaches_who_left=True,
    ),
}

LESSON_MAILS = tuple(kind for kind, mail in MAILS.items() if mail.of_lesson)
DATED_MAILS = tuple(kind for kind, mail in MAILS.items() if mail.dated)
FIRST_MAILS = tuple(kind for kind, mail in MAILS.items() if mail.begins)
AWAITED_MAILS = tuple(kind for kind, mail in MAILS.items() if mail.awaited)
MAILS_TO_WHO_LEFT = tuple(kind for kind, mail in MAILS.items() if mail.reaches_who_left)
AUTHORS_MAILS = tuple(kind for kind, mail in MAILS.items() if mail.worded_by_authors)


def mail_kind(text: str) -> MailKind:
    """Raises ValueError for a word that is no kind of mail."""
    for kind in MAILS:
        if kind == text:
            return kind
    raise ValueError(f"{text!r} is no kind of mail")
