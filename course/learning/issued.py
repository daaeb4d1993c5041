"""Certificates that were issued: looked up by anybody, renamed by their holder."""

from datetime import UTC, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.certificates.statement import NAMELESS, Certificate
from course.enrolment.enrolments import Participant
from course.enrolment.registration import read_name
from course.errors import Errors, Invalid, NotFound
from course.language.words import Phrase
from course.learning.completion import certificate_of
from course.models import CertificateRow, CourseRow, Enrolment


def find_certificate(session: Session, serial: str) -> Certificate:
    """Find the certificate with this serial number, whichever case it was typed in. Raises NotFound."""
    found = session.execute(
        select(CertificateRow, Enrolment.finished_at, CourseRow.slug)
        .join(Enrolment, Enrolment.id == CertificateRow.enrolment_id)
        .join(CourseRow, CourseRow.id == Enrolment.course_id)
        .where(CertificateRow.serial == serial.upper())
    ).one_or_none()
    if found is None:
        raise NotFound(Phrase("There is no certificate with this number. Check it letter by letter."))
    row, finished_at, course = found
    return Certificate(
        serial=row.serial,
        name=row.name,
        course=course,
        course_title=row.course_title,
        lessons=row.lessons,
        minutes=row.minutes,
        began_on=row.began_on,
        issued_on=row.issued_on,
        certified_at=finished_at or datetime.combine(row.issued_on, time.min, UTC),
    )


def rename_holder(session: Session, who: Participant, text: str) -> None:
    """The learner's name, and once there is a certificate the name on it alone. Raises Invalid."""
    errors: Errors = {}
    name = read_name(text, errors)
    if errors:
        raise Invalid(errors)
    certificate = certificate_of(session, who.enrolment)
    if certificate is None:
        who.learner.name = name
    else:
        certificate.name = name or NAMELESS
