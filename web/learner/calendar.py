"""The learner's lessons for their calendar: a file to keep, and an address to subscribe to that only reads."""

from urllib.parse import urlsplit

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from course.enrolment.enrolments import find_enrolment
from course.errors import NotFound
from course.language.catalogues import words_in
from course.language.words import Phrase
from course.models import Enrolment
from course.schedule.facts import facts_of
from course.schedule.forecast import forecast
from course.schedule.icalendar import Appointment, calendar, moments
from web.request import current_runtime, open_link

pages = Blueprint("calendars", __name__)


@pages.get("/learn/<token>/calendar.ics")
def keep(token: str) -> Response:
    runtime = current_runtime()
    with runtime.db.read() as session:
        opened = open_link(session, token)
        body = _calendar(session, opened.enrolment)
    return _file(body, attachment=f"{opened.published.course.slug}.ics")


@pages.get("/calendar/<token>.ics")
def subscribe(token: str) -> Response:
    """Read by calendar services."""
    runtime = current_runtime()
    with runtime.db.read() as session:
        enrolment_id, generation = runtime.signer.read_calendar(token)
        enrolment, _ = find_enrolment(session, enrolment_id)
        if enrolment.generation != generation:
            raise NotFound(Phrase("This calendar was replaced by a newer one. You find it on your course page."))
        body = _calendar(session, enrolment)
    return _file(body)


def _file(body: bytes, attachment: str = "") -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{attachment}"'} if attachment else {}
    return Response(body, mimetype="text/calendar", headers=headers)


def _calendar(session: Session, enrolment: Enrolment) -> bytes:
    """Its links lead to the course's public page: calendars are shared, and give no learner's page away."""
    runtime = current_runtime()
    published = runtime.shelf.course(session, enrolment.course_id)
    facts = facts_of(session, published, enrolment)
    planned = moments(facts, forecast(facts, runtime.clock.now()), enrolment.replanned_at)
    course = published.edition(enrolment.edition_id)
    words = words_in(course.language)
    site = urlsplit(runtime.settings.base_url).hostname or "localhost"
    public_url = f"{runtime.settings.base_url}/courses/{course.slug}"
    appointments = []
    for slug, (at, decided) in planned.items():
        lesson = course.lesson(slug)
        assert lesson is not None  # noqa: S101 - narrows the type; the plan is made of the edition's lessons
        appointments.append(
            Appointment(
                # By learner, not by round: who begins again and imports the file anew has each lesson once.
                uid=f"{enrolment.learner_id}-{enrolment.course_id}-{slug}@{site}",
                at=at,
                minutes=course.effort(lesson).minutes,
                title=words.gettext("Day %(day)s: %(title)s", day=course.day_of(slug), title=lesson.title),
                url=public_url,
                modified=decided,
            )
        )
    return calendar(course.title, appointments)
