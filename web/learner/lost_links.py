"""A learner's links: lost, old, made anew."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from course.enrolment import enrolments, way_back_in
from course.enrolment.registration import read_email
from course.errors import Errors
from mailer.seal import seal
from mailer.sending.one_off import mail_links
from web.learner.view.course_values import Form, shown_again
from web.request import asking_network, current_runtime, open_link, see_other, speak_for_site

pages = Blueprint("links", __name__)


@pages.get("/lost-link")
def lost() -> str:
    return _show(Form())


def _show(form: Form) -> str:
    speak_for_site()
    return render_template(
        "learner/lost_link.html",
        form=form,
        sent="sent" in request.args,
        inbox_url="/inbox" if current_runtime().settings.outbox else "",
    )


@pages.post("/lost-link")
def send_link() -> Response | tuple[str, int]:
    """Answer known and unknown addresses alike, after the same work: only a worker sees who is a learner."""
    runtime = current_runtime()
    errors: Errors = {}
    typed = request.form.get("email", "")
    email = read_email(typed, errors)
    if errors:
        return _show(Form({"email": shown_again(typed)}, errors)), 422
    asker = asking_network()
    if not runtime.queue.lost_link(seal(runtime.settings.secrets, f"{email}\n{asker}")):
        # With Redis away no worker hears of it, and nobody is to be left without their link.
        mail_links(runtime, email, asker)
    return see_other("/lost-link?sent")


@pages.post("/learn/<token>/mail-link")
def mail_link(token: str) -> Response:
    """Mail a new link to the address on file, which is not shown. A link that was replaced may ask for it too."""
    runtime = current_runtime()
    enrolment_id, _ = runtime.signer.read_learn(token)
    with runtime.db.write() as session:
        enrolment, learner = enrolments.find_enrolment(session, enrolment_id, lock=True)
        asked = way_back_in.Request(way_back_in.from_a_mail(asking_network()))
        way_back_in.write_again(session, enrolment, learner, runtime.clock.times(), asked)
    return see_other("/lost-link?sent")


@pages.post("/learn/<token>/renew")
def renew(token: str) -> Response:
    runtime = current_runtime()
    with runtime.db.write() as session:
        opened = open_link(session, token, lock=True)
        anew = way_back_in.renew(session, opened.enrolment, runtime.clock.times())
        token = runtime.signer.learn(opened.enrolment.id, opened.enrolment.generation)
    return see_other(f"/learn/{token}/settings/links?{'renewed' if anew else 'early'}")


@pages.get("/learn/<token>/settings/links")
def renewed(token: str) -> str:
    with current_runtime().db.read() as session:
        opened = open_link(session, token)
    return render_template(
        "learner/renewed.html",
        course=opened.published.course,
        course_url=opened.url,
        renewed="renewed" in request.args,
        early="early" in request.args,
    )
