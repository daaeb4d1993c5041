"""A kind of mail is a row of the table and all that the row calls for; what is lacking is named."""

from dataclasses import MISSING, FrozenInstanceError, fields, replace
from typing import get_args

import pytest

from course.content.mails import MAILS, MailKind, MailTraits, Slot, mail_kind
from course.language.catalogues import LANGUAGES
from course.language.words import ENGLISH, Phrase
from mailer.compose.letters import MAKERS
from mailer.preview.sample_site import sample_slots
from tests.support.author.mail_samples import VALUES
from tests.support.author.mail_table import lacking, wordings

GIFT = MAILS["link"]
"""The row of a new kind, `gift`, as long as nothing of its own is said."""
NEEDED = [field.name for field in fields(MailTraits) if field.default is MISSING]


def lacking_with(
    gift: MailTraits | None, *, kind: str = "gift", named: bool = True, worded: bool = True
) -> list[str]:
    """What a table of one kind lacks once somebody has begun to add another."""
    rows = {"link": MAILS["link"], **({kind: gift} if gift else {})}
    return lacking(["link", *([kind] if named else [])], rows, ["link", *([kind] if worded else [])])


def test_every_kind_of_mail_is_whole() -> None:
    found = lacking(get_args(MailKind), {str(kind): mail for kind, mail in MAILS.items()}, wordings())
    assert not found, "\n".join(found)


def test_a_whole_new_kind_lacks_nothing() -> None:
    assert lacking_with(GIFT) == []


@pytest.mark.parametrize(
    ("found", "named"),
    [
        (lacking_with(None, worded=False), ["a row in MAILS, course/content/mails.py"]),
        (lacking_with(GIFT, named=False), ["a place in MailKind, course/content/mails.py"]),
        (lacking_with(GIFT, worded=False), ["words, mailer/templates/wordings/gift.md"]),
        (
            lacking_with(replace(GIFT, of_lesson=True)),
            ["somebody who reads mailer/templates/wordings/gift.md"],
        ),
        (lacking_with(replace(GIFT, label=Phrase(""))), ["a text for its label"]),
        (
            lacking_with(replace(GIFT, label=Phrase("A gift"))),
            [f"a translation of its label ({', '.join(LANGUAGES[1:])}): `make words`"],
        ),
        (
            lacking_with(replace(GIFT, why=Phrase("Unsubscribe"))),
            ["%(email)s in its why", "%(course)s in its why"],
        ),
        (lacking_with(replace(GIFT, slots=frozenset())), ["the slot `email`", "the slot `unsubscribe`"]),
        (lacking_with(replace(GIFT, target="certificate")), ["the slot `serial`"]),
    ],
)
def test_what_a_new_kind_lacks_is_named(found: list[str], named: list[str]) -> None:
    assert found == [f"`gift`: {what}" for what in named]


@pytest.mark.parametrize("name", ["Gift", "gift:1", "a-very-long-name-of-a-gift"])
def test_a_name_that_would_not_fit_its_column_or_an_occasion_is_named(name: str) -> None:
    assert lacking_with(GIFT, kind=name) == [f"`{name}`: a name of small letters and hyphens, 20 at most"]


@pytest.mark.parametrize("left_out", NEEDED)
def test_no_row_comes_without_what_every_kind_needs(left_out: str) -> None:
    given = {name: getattr(GIFT, name) for name in NEEDED if name != left_out}
    with pytest.raises(TypeError, match=left_out):
        MailTraits(**given)


def test_no_row_is_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        # Typed as frozen too: the assignment is what is tried.
        MAILS["link"].dated = True  # type: ignore[misc]


def test_every_slot_can_be_filled_in_earnest_in_previews_and_in_tests() -> None:
    assert set(get_args(Slot)) == MAKERS.keys() == sample_slots(ENGLISH).keys() == VALUES.keys()


def test_a_word_that_is_no_kind_is_refused() -> None:
    assert mail_kind("move-to") == "move-to"
    with pytest.raises(ValueError, match="'gift' is no kind of mail"):
        mail_kind("gift")
