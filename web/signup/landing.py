"""The landing pages."""

from flask import Blueprint, render_template, request

from course.content.course import Prose
from course.content.markup.references import References
from course.content.markup.structure import first_blocks
from course.enrolment.registration import unlisted_zones, zones
from course.publishing.editions import Published
from course.schedule.said import said_of
from course.tracking import strictest
from mailer.compose.slots import fixed
from web.language import hours, speak_for, words
from web.learner.view.course_values import Form
from web.learner.view.course_view import outline
from web.learner.view.markdown import Renderer
from web.request import current_runtime, speak_for_site
from web.signup.person import BUTTON, MOMENT, TRAP
from web.signup.registered import recall

pages = Blueprint("landing", __name__)

FRESH = Form({"email": "", "name": "", "zone": "", "hour": "8", "tracking": ""}, {})
SAMPLE = 3
"""Blocks of the first lesson that anybody may read."""


@pages.get("/")
def home() -> str:
    with current_runtime().db.read() as session:
        courses = current_runtime().shelf.all(session)
    if len(courses) == 1:
        return show_landing(courses[0], _form(courses[0]))
    speak_for_site()
    outlines = [
        (published.course, _mean_minutes(published), f"/courses/{published.course.slug}") for published in courses
    ]
    return render_template("signup/courses.html", outlines=tuple(outlines))


@pages.get("/courses/<slug>")
def landing(slug: str) -> str:
    with current_runtime().db.read() as session:
        published = current_runtime().shelf.by_slug(session, slug)
    return show_landing(published, _form(published))


def _form(published: Published) -> Form:
    """Empty; filled with what was typed here last, for who wants to change it."""
    registered = recall(published.course.slug) if "change" in request.args else None
    if registered is None:
        return FRESH
    form = registered.form
    values = {"email": form.email, "name": form.name, "zone": form.zone, "hour": str(form.hour)}
    return Form(values | {"tracking": "1" if form.tracking else ""}, {})


def show_landing(published: Published, form: Form) -> str:
    """The landing page with the form as given: empty, or refilled with its errors."""
    course = published.course
    speak_for(course)
    prose = Renderer(published, "", "")
    first = next((block for block in course.lessons[0].blocks if isinstance(block, Prose)), Prose(""))
    return render_template(
        "signup/landing.html",
        course=course,
        outline=outline(course),
        body=prose.html(course.markdown),
        form=form,
        zones=zones(),
        unlisted_zones=unlisted_zones(),
        hours=hours(),
        ask_tracking=strictest(current_runtime().settings.tracking, course.tracking) == "ask",
        action=f"/courses/{course.slug}/enrol",
        shown=form.values.get(MOMENT) or moment_now(),
        fields={"moment": MOMENT, "trap": TRAP, "button": BUTTON},
        sample=prose.html(first_blocks(first.markdown, SAMPLE), References(first.references.links)),
        subject=fixed(course.lessons[0].subject),
        minutes=course.minutes,
        said=said_of(course, words()),
    )


def moment_now() -> str:
    """The moment at which a form is shown, signed."""
    runtime = current_runtime()
    return runtime.signer.form(int(runtime.clock.real().timestamp()))


def _mean_minutes(published: Published) -> int:
    lessons = published.course.lessons
    return round(sum(published.course.effort(lesson).minutes for lesson in lessons) / len(lessons))
