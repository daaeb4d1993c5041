"""The mail with a link into the studio, in the usual layout."""

from course.content.colour import palette
from course.content.typesetting.style import Style
from course.language.words import ENGLISH
from mailer.compose import blocks, layouts
from mailer.compose.compose import Site, inlined, of_site, text_beside
from mailer.compose.headers import every_mail, feedback_id, sender
from mailer.compose.message import Part, Template
from mailer.compose.slots import part, slot
from mailer.compose.targets import Targets

SUBJECT = "Your link to the studio"
BODY = """Somebody, most likely you, asked to sign in to the studio with this address.

The link works once, within 15 minutes. Open it in the browser in which you asked; any other one needs the six
digits that the first one shows.

If you did not ask for it, do nothing: without this mail, nobody gets in.
"""
SLOTS = frozenset({"sign_in"})


def sign_in_template(site: Site) -> Template:
    """Return the template of the sign-in mail. Its one slot, `sign_in`, is the link's token."""
    link = f"{site.base_url}/studio/sign-in/{slot('sign_in')}"
    values = {
        **layouts.in_language("en", ENGLISH),
        "palette": palette(""),
        "title": SUBJECT,
        "preheader": "It works once, within 15 minutes.",
        "course": "Studio",
        "is_own": True,
        "body": blocks.passage(BODY, _targets(site), Style()),
        "button": "Sign in",
        "address": link,
        "contents": (),
        "home": "",
        "why": "You get this mail because this address was entered on the sign-in page of the studio.",
        "course_page": "",
        "unsubscribe": "",
        **of_site(site),
        "pixel": "",
    }
    html = layouts.render("note/mail.html", values)
    return Template(
        sender=sender(site.mail_from, ""),
        reply_to=site.reply_to,
        subject=Part((SUBJECT,)),
        text=part(text_beside(html, "note/mail.txt", values, site), SLOTS),
        html=part(inlined(html), SLOTS),
        headers=(*every_mail("en"), feedback_id("sign-in", "studio")),
    )


def _targets(site: Site) -> Targets:
    return Targets(
        site.base_url,
        site.base_url,
        "",
        personal=False,
        signed_up=False,
        sign_link=None,
        media_url=site.media_url,
    )
