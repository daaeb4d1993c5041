"""The ways in which the mail of a draft is looked at."""

from dataclasses import dataclass

from flask import render_template

from course.language.words import Phrase, direction
from mailer.preview.draft_view import DraftView
from mailer.preview.sample_mail import in_dark, in_light


@dataclass(frozen=True, slots=True)
class View:
    name: str
    label: Phrase


VIEWS = (
    View("desktop", Phrase("Desktop")),
    View("phone", Phrase("Phone")),
    View("dark", Phrase("Dark")),
    View("no-images", Phrase("Images off")),
)


def framed(look: DraftView, view: str) -> str:
    """Return the HTML for the frame: the mail, or the page of a text that becomes none."""
    if look.mail is None:
        return render_template(
            "studio/page.html", html=look.page, language=look.language, direction=direction(look.language)
        )
    return in_dark(look.mail.html) if view == "dark" else in_light(look.mail.html)


def policy_of(view: str) -> str:
    """Return what the frame may load: its styles, and our pictures unless they are switched off."""
    pictures = "" if view == "no-images" else " img-src 'self' data:;"
    return (
        f"default-src 'none';{pictures} style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'self'"
    )
