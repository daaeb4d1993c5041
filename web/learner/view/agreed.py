"""What a learner agreed to and took back in a course, in all its rounds."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.consent.acts import ACT_WORDS, PLACE_WORDS, PURPOSE_WORDS
from course.consent.record import agreed_to
from course.models import Enrolment
from course.schedule.rhythm import local_date
from course.times import CourseTime
from web.language import words
from web.learner.view.course_values import AgreedLine


def agreed(session: Session, enrolment: Enrolment) -> tuple[AgreedLine, ...]:
    """Return the acts, the oldest first."""
    rounds = session.scalars(
        select(Enrolment.id).where(
            Enrolment.learner_id == enrolment.learner_id, Enrolment.course_id == enrolment.course_id
        )
    ).all()
    return tuple(
        AgreedLine(
            purpose=PURPOSE_WORDS[act.purpose],
            act=ACT_WORDS[act.act],
            when=words().full_date(local_date(CourseTime(act.at), enrolment.zone)),
            place=PLACE_WORDS[act.place],
            language=act.language,
            words=act.words,
        )
        for act in agreed_to(session, rounds)
    )
