"""The record of the rounds before this one, for the course page."""

from sqlalchemy.orm import Session

from course.enrolment.restart import earlier_rounds
from course.learning.completion import certificate_of, completions, ticked
from course.schedule.facts import begun_at
from course.schedule.rhythm import local_date
from web.language import words
from web.learner.view.course_values import EarlierRound
from web.request import Opened
from web.site.certificates import url_of


def earlier(session: Session, opened: Opened) -> tuple[EarlierRound, ...]:
    found = []
    for enrolment in earlier_rounds(session, opened.enrolment):
        certificate = certificate_of(session, enrolment)
        found.append(
            EarlierRound(
                began_on=words().full_date(local_date(begun_at(enrolment), enrolment.zone)),
                completed=len(completions(session, enrolment)),
                days=len(opened.published.editions[enrolment.edition_id]),
                ticked=sum(map(len, ticked(session, enrolment).values())),
                certificate_url=url_of(certificate),
            )
        )
    return tuple(found)
