"""What a table of mails lacks, each said with the place where it belongs."""

import re
from collections.abc import Collection, Iterator, Mapping

from course.content.mails import MailTraits, Slot, Target
from course.language.catalogues import LANGUAGES, words_in
from course.language.words import Phrase
from course.models import Delivery
from tests.support.project import ROOT

TABLE = "course/content/mails.py"
WORDINGS = "mailer/templates/wordings"
NAME = re.compile(r"[a-z]+(-[a-z]+)*")
LONGEST_NAME: int = Delivery.__table__.c.kind.type.length  # type: ignore[attr-defined]

NEEDED: Mapping[Target, Slot] = {
    "confirmation": "confirm",
    "certificate": "serial",
    "agreement": "agree",
    "wish": "wish",
}
"""The slot in the address of a button."""


def wordings() -> list[str]:
    """The kinds that have a file with words for them."""
    return [file.stem for file in (ROOT / WORDINGS).glob("*.md")]


def lacking(kinds: Collection[str], mails: Mapping[str, MailTraits], worded: Collection[str]) -> list[str]:
    """A line for each thing without which a kind of mail is not whole. `worded` are the kinds with a wording."""
    rows = (f"`{kind}`: a row in MAILS, {TABLE}" for kind in kinds if kind not in mails)
    names = (f"`{kind}`: a place in MailKind, {TABLE}" for kind in mails if kind not in kinds)
    stale = (f"`{kind}`: somebody who reads {WORDINGS}/{kind}.md" for kind in worded if not _reads(mails, kind))
    within = (
        f"`{kind}`: {what}" for kind, mail in mails.items() for what in _row_lacks(kind, mail, kind in worded)
    )
    return [*rows, *names, *stale, *within]


def _reads(mails: Mapping[str, MailTraits], kind: str) -> bool:
    return kind in mails and not mails[kind].of_lesson


def _row_lacks(kind: str, mail: MailTraits, is_worded: bool) -> Iterator[str]:
    if not NAME.fullmatch(kind) or len(kind) > LONGEST_NAME:
        yield f"a name of small letters and hyphens, {LONGEST_NAME} at most"
    if not is_worded and not mail.of_lesson:
        yield f"words, {WORDINGS}/{kind}.md"
    for field in ("label", "occasion", "why", "leave", "button"):
        yield from _phrase_lacks(field, getattr(mail, field))
    for blank in ("%(email)s", "%(course)s"):
        if blank not in mail.why.text:
            yield f"{blank} in its why"
    yield from (f"the slot `{slot}`" for slot in _needed(mail) if slot not in mail.slots)


def _phrase_lacks(field: str, phrase: Phrase) -> Iterator[str]:
    if not phrase.text:
        yield f"a text for its {field}"
        return
    silent = [code for code in LANGUAGES if code != "en" and phrase.text not in words_in(code).forms]
    if silent:
        yield f"a translation of its {field} ({', '.join(silent)}): `make words`"


def _needed(mail: MailTraits) -> Iterator[Slot]:
    """The footer says to whom the mail goes, and has a link that ends it; the button has an address."""
    yield "email"
    if "agree" not in mail.slots:
        yield "unsubscribe"
    if mail.below == "the course page":
        yield "learn"
    if mail.target in NEEDED:
        yield NEEDED[mail.target]
