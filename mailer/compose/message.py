"""The one mail shape: a template compiled once, and the letters that fill it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Part:
    """Fixed texts with a named slot between each two: `len(texts) == len(slots) + 1`."""

    texts: tuple[str, ...]
    slots: tuple[str, ...] = ()

    def filled(self, values: Mapping[str, str]) -> str:
        """The whole text. Values go in as they are: escape them for their place before."""
        pieces = [""] * (len(self.texts) + len(self.slots))
        pieces[::2] = self.texts
        pieces[1::2] = [values[slot] for slot in self.slots]
        return "".join(pieces)


@dataclass(frozen=True, eq=False)
class Template:
    """A mail with everything fixed but the slots. Compared by identity: compile once and keep it.

    `sender` and `reply_to` are `Name <address>`; `reply_to` may be empty. `headers` are the further header
    lines in order, their values with slots; Message-ID, Date, To, Subject, From, Reply-To,
    X-Dayletter-Delivery and the MIME lines are not among them. Slot values are plain text: whoever
    fills a part escapes them for it (HTML in `html`, nothing in `text`, RFC 2047 in a header).
    """

    sender: str
    reply_to: str
    subject: Part
    text: Part
    html: Part
    headers: tuple[tuple[str, Part], ...]

    @property
    def says_name(self) -> bool:
        """Whether the learner's name stands anywhere in it."""
        return any("name" in each.slots for each in (self.subject, self.text, self.html))


@dataclass(frozen=True, slots=True)
class Letter:
    """One learner's copy. `message_id` has its angle brackets; `date` is course time."""

    attempt: str
    delivery: str
    email: str
    message_id: str
    date: datetime
    slots: Mapping[str, str]
