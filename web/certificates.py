"""The public page of a certificate."""

from flask import Blueprint, render_template

from course.errors import NotFound
from course.models import CertificateRow
from course.words import date_in_words
from web.here import runtime
from web.shown import Certificate

pages = Blueprint("certificates", __name__)


@pages.get("/certificates/<serial>")
def certificate(serial: str) -> str:
    with runtime().db.read() as session:
        row = session.get(CertificateRow, serial.upper())
    if row is None:
        raise NotFound("There is no certificate with this number. Check it letter by letter.")
    shown = Certificate(
        serial=row.serial,
        name=row.name,
        course_title=row.course_title,
        lessons=row.lessons,
        minutes=row.minutes,
        began_on=date_in_words(row.began_on),
        issued_on=date_in_words(row.issued_on),
        url=f"{runtime().settings.base_url}/certificates/{row.serial}",
    )
    return render_template("certificate.html", certificate=shown)
