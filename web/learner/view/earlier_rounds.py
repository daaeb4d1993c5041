"""The record of the rounds before this one, for the course page."""

from sqlalchemy.orm import Session

from course.completion import certificate_of, completions, ticked
from course.facts import begun_at
from course.rounds import earlier_rounds
from course.schedule import local_date
from web.certificates import url_of
from web.here import Opened
from web.shown import EarlierRound
from web.spoken import words


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
