"""What the site says of itself: its privacy statement and its imprint, of which there is always one."""

from email.utils import parseaddr

from flask import Blueprint, redirect, render_template
from markupsafe import Markup
from werkzeug.wrappers import Response

from course.content.markup.html import to_html
from course.content.site_file import SiteFile, Statement
from course.publishing.site_texts import site_in_service
from web.request import current_runtime, speak_for_site

pages = Blueprint("about", __name__)


@pages.get("/privacy")
def privacy() -> Response | str:
    site = _site()
    settings = current_runtime().settings
    return _own(site.privacy) or render_template(
        "site/privacy.html", contact=_contact(site), tracking=settings.tracking, retention=settings.retention
    )


@pages.get("/imprint")
def imprint() -> Response | str:
    site = _site()
    return _own(site.imprint) or render_template(
        "site/imprint.html",
        name=site.name,
        contact=_contact(site),
        postal_address=current_runtime().settings.postal_address,
    )


def _site() -> SiteFile:
    speak_for_site()
    with current_runtime().db.read() as session:
        return site_in_service(session)


def _contact(site: SiteFile) -> str:
    return parseaddr(site.contact or current_runtime().settings.mail_reply_to)[1]


def _own(statement: Statement) -> Response | str | None:
    """The page that the site's author wrote, or the way to one elsewhere; None where there is neither."""
    if statement.address:
        return redirect(statement.address, 302)
    if not statement.markdown:
        return None
    body = Markup(to_html(statement.markdown))  # noqa: S704 - made safe by to_html
    return render_template("site/statement.html", title=statement.title, body=body)
