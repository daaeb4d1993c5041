"""The one form of an e-mail address: what is kept, compared and mailed to, however it was written. Pure."""

import re

from email_validator import EmailNotValidError, validate_email

from course.addresses.marks import invisible_in, stripped
from course.language.words import Phrase

LONGEST = 254


class NotAnAddress(ValueError):
    """`why` is a sentence for the one who typed it."""

    def __init__(self, why: Phrase) -> None:
        super().__init__(str(why))
        self.why = why


def ascii_address(text: str) -> str:
    """The address with its domain in A-labels; letters before the @ stay as large as they were. Raises
    NotAnAddress."""
    typed = stripped(text)
    if not typed:
        raise NotAnAddress(Phrase("Please give an e-mail address."))
    if len(typed) > LONGEST:
        raise NotAnAddress(Phrase("This address is longer than e-mail allows."))
    try:
        checked = validate_email(typed, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        raise NotAnAddress(Phrase("This address cannot be right. %(reason)s", {"reason": _slip(typed)})) from None
    # Without SMTPUTF8 there is always a form in ASCII.
    return checked.ascii_email or checked.normalized


def _slip(address: str) -> Phrase:
    """In words of ours: those of the library are English only."""
    if (invisible := invisible_in(address)) is not None:
        return invisible
    if address.count("@") != 1:
        return Phrase("It needs one @, as in name@example.org.")
    if re.search(r"\s", address):
        return Phrase("There is a space in it.")
    if not address.partition("@")[0].isascii():
        return Phrase("Letters with accents and the like do not work before the @.")
    return Phrase("Please check it letter by letter.")
