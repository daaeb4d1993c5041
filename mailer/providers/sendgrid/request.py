"""Letters as requests to SendGrid's v3 mail send, under its limits. No I/O.

https://www.twilio.com/docs/sendgrid/api-reference/mail-send/limitations
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from email.utils import parseaddr
from hashlib import sha256
from html import escape
from itertools import count
from typing import Any, NamedTuple, Self

from course.addresses.marks import one_line
from mailer.compose.message import Letter, Part, Template
from mailer.compose.mime import date_value, header_value, needs_escape

MOST_PEOPLE = 1000
MOST_SUBSTITUTION_BYTES = 10_000
# A mail may have 30 MB. We stay well below, for what the JSON becomes on their side.
MOST_REQUEST_BYTES = 20_000_000

ATTEMPT = "dayletter_attempt"
"""The custom argument with the attempt's id. SendGrid puts custom arguments among an event's own keys, and those
win: `attempt`, as it was called before, is the number of its tries in `deferred`."""

Json = dict[str, Any]
# Click and open tracking are ours, and so is the way to unsubscribe. Links are to be what we wrote: `ganalytics`
# would add to them.
NO_TRACKING = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
    "ganalytics": {"enable": False},
}
# The account may have a footer of its own switched on for all mails; ours say all that has to be said.
NO_FOOTER = {"footer": {"enable": False}}


# At most what a learner's headers, and a byte of a value, grow to: `ü` has two bytes, and six as `\\u00fc`.
_BESIDE_VALUES, _AS_JSON = 2000, 3


class _Entry(NamedTuple):
    letter: Letter
    person: Json
    bytes: int


@dataclass(frozen=True, slots=True)
class Request:
    """`people` are the personalizations, one for each of `letters`, in the same order."""

    common: Json
    people: tuple[Json, ...]
    letters: tuple[Letter, ...]

    @property
    def payload(self) -> Json:
        return self.common | {"personalizations": self.people}

    def halves(self) -> tuple[Self, Self]:
        middle = len(self.letters) // 2
        return self._only(range(middle)), self._only(range(middle, len(self.letters)))

    def without(self, places: Iterable[int]) -> Self:
        left_out = set(places)
        return self._only(at for at in range(len(self.letters)) if at not in left_out)

    def _only(self, places: Iterable[int]) -> Self:
        kept = tuple(places)
        return replace(
            self,
            people=tuple(self.people[at] for at in kept),
            letters=tuple(self.letters[at] for at in kept),
        )


def requests(template: Template, letters: Sequence[Letter]) -> list[Request]:
    """No address twice in one request: SendGrid would refuse it whole. A letter whose values are too long for
    substitutions goes alone, already filled."""
    mark = _mark(template, letters)
    text = _tags(template.text, f"{mark}t")
    # Where no value has anything to escape, one tag serves both parts: the request is nearly halved.
    alike = {slot for slot in text if not any(needs_escape(letter.slots[slot]) for letter in letters)}
    html = _tags(template.html, f"{mark}h") | {slot: text[slot] for slot in alike & set(template.html.slots)}
    common = _common(template, template.text.filled(text), template.html.filled(html))
    fixed = {name: _header(name, part.texts[0]) for name, part in template.headers if not part.slots}
    rounds: defaultdict[int, list[_Entry]] = defaultdict(list)
    found: list[Request] = []
    seen: Counter[str] = Counter()
    for letter in letters:
        person = _person(template, letter, fixed)
        values = _substitutions(letter.slots, text, html)
        size = _bytes_in(values)
        if size > MOST_SUBSTITUTION_BYTES:
            found.append(Request(_filled(template, letter), (person,), (letter,)))
            continue
        person["substitutions"] = values
        email = letter.email.lower()
        rounds[seen[email]].append(_Entry(letter, person, _BESIDE_VALUES + _AS_JSON * size))
        seen[email] += 1
    for entries in rounds.values():
        found += _packed(common, entries)
    return found


def _packed(common: Json, entries: Sequence[_Entry]) -> list[Request]:
    base = len(json.dumps(common))
    packs: list[list[_Entry]] = []
    size = MOST_REQUEST_BYTES
    for entry in entries:
        if size + entry.bytes > MOST_REQUEST_BYTES or len(packs[-1]) == MOST_PEOPLE:
            packs.append([])
            size = base
        packs[-1].append(entry)
        size += entry.bytes
    return [
        Request(common, tuple(entry.person for entry in pack), tuple(entry.letter for entry in pack))
        for pack in packs
    ]


def _common(template: Template, text: str, html: str) -> Json:
    common: Json = {
        "from": _address(template.sender),
        # SendGrid wants the plain text first.
        "content": [{"type": "text/plain", "value": text}, {"type": "text/html", "value": html}],
        "tracking_settings": NO_TRACKING,
        "mail_settings": NO_FOOTER,
    }
    if template.reply_to:
        common["reply_to"] = _address(template.reply_to)
    if not template.subject.slots:
        common["subject"] = _subject(template.subject.texts[0])
    return common


def _filled(template: Template, letter: Letter) -> Json:
    values = {name: _sound(value) for name, value in letter.slots.items()}
    escaped = {name: escape(value) for name, value in values.items()}
    return _common(template, template.text.filled(values), template.html.filled(escaped))


def _person(template: Template, letter: Letter, fixed: Mapping[str, str]) -> Json:
    """Headers in full for each learner: whether tags are filled in headers, and whether headers common to all
    are kept beside a learner's own, SendGrid does not say."""
    headers = {
        "Message-ID": letter.message_id,
        "Date": date_value(letter.date),
        "X-Dayletter-Delivery": letter.delivery,
        **fixed,
    }
    for name, part in template.headers:
        if part.slots:
            headers[name] = _header(name, part.filled(letter.slots))
    person = {"to": [{"email": letter.email}], "headers": headers, "custom_args": {ATTEMPT: letter.attempt}}
    if template.subject.slots:
        person["subject"] = _subject(template.subject.filled(letter.slots))
    return person


def _header(name: str, value: str) -> str:
    return header_value(name, value).replace("\r\n", "")


def _subject(text: str) -> str:
    # SendGrid encodes it itself, but not what looks encoded already: a name could hold a hidden line break.
    return one_line(_sound(text)).replace("=?", "= ?")


def _mark(template: Template, letters: Sequence[Letter]) -> str:
    """Begins every tag of this template, and stands in no text and in no value: SendGrid looks for tags in values
    too, and a learner's name must never become another slot."""
    texts = (*template.text.texts, *template.html.texts, *template.subject.texts)
    values = [value for letter in letters for value in letter.slots.values()]
    marks = (f"-{sha256(f'{salt}{texts}'.encode('utf-8', 'replace')).hexdigest()[:12]}" for salt in count())
    return next(mark for mark in marks if not any(mark in text for text in (*texts, *values)))


def _tags(part: Part, mark: str) -> dict[str, str]:
    return {slot: f"{mark}{number}-" for number, slot in enumerate(dict.fromkeys(part.slots))}


def _substitutions(slots: Mapping[str, str], text: dict[str, str], html: dict[str, str]) -> dict[str, str]:
    values = {tag: _sound(slots[slot]) for slot, tag in text.items()}
    values.update((tag, escape(_sound(slots[slot]))) for slot, tag in html.items() if tag not in values)
    return values


def _sound(value: str) -> str:
    """Without half characters, which are no JSON."""
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


def _bytes_in(values: Mapping[str, str]) -> int:
    return len("".join([*values, *values.values()]).encode())


def _address(value: str) -> Json:
    name, email = parseaddr(value)
    return {"email": email, "name": name} if name else {"email": email}
