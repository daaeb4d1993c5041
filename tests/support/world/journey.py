"""The whole course as one learner takes it, without a browser; asserts what a learner would."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from tests.support.world.mails import Mail
from tests.support.world.site import Site

ONCE = (
    "Message-ID", "Date", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID",
    "X-Dayletter-Delivery",
)  # fmt: skip


def clock_setting(day_seconds: float) -> str:
    """A course clock on which a day takes so many real seconds, from a Monday in March on."""
    return f"2026-03-23T06:00:00Z@{86_400 / day_seconds:g}"


def take_the_course(site: Site, email: str) -> list[Mail]:
    """Registers, confirms, and takes five lessons to the certificate; all mails of the learner."""
    person = site.person
    landing = person.look("/")
    assert landing.status == 200
    waiting = person.submit(landing, email=email, name="Ada", zone="Europe/Berlin", hour="8")
    assert "inbox" in waiting.text
    confirm = site.mail("confirm")
    course = person.submit(person.look(confirm.link("/confirm/")))
    assert course.status == 200
    for day in range(1, 6):
        _take_lesson(site, site.mail("lesson", day), day)
    certificate = person.look(site.mail("finished").link("/certificates/"))
    assert certificate.status == 200
    assert "Ada" in certificate.text
    return [mail for mail in site.mails() if mail.message["To"] == email]


def _take_lesson(site: Site, mail: Mail, day: int) -> None:
    person = site.person
    pixel = re.search(r'http[^"]*/o/[^"]*\.gif', mail.html)
    assert pixel
    assert person.look(pixel[0]).status == 200
    click = re.search(r'http[^"]*/c/[^"]*', mail.html)
    assert click
    lesson = person.look(click[0])
    assert lesson.status == 200
    assert f"day {day}" in lesson.text.lower()
    item = re.search(r'name="item" value="([^"]+)"', lesson.text)
    assert item
    ticked = person.post(f"{lesson.url.partition('#')[0]}/checklist", {"item": item[1], "done": "1"})
    assert ticked.status == 200
    done = person.submit(lesson)
    assert done.status == 200


def assert_five_lessons_once_each(mails: list[Mail]) -> None:
    lessons = [mail for mail in mails if mail.kind == "lesson"]
    assert [mail.day for mail in lessons] == [1, 2, 3, 4, 5]
    for mail in mails:
        for name in ONCE:
            assert len(mail.message.get_all(name, [])) == 1, name
    assert len({mail.delivery for mail in mails}) == len(mails)


def assert_one_a_day_at(mails: list[Mail], zone: str, hour: int, tolerance: timedelta) -> None:
    """All but the first lesson leave in their hour, on days of their own. The tolerance is course time."""
    moments = [parsedate_to_datetime(str(m.message["Date"])).astimezone(UTC) for m in mails if m.kind == "lesson"]
    local = [moment.astimezone(ZoneInfo(zone)) for moment in moments]
    assert len({moment.date() for moment in local}) == len(local)
    for moment in local[1:]:
        due = datetime(moment.year, moment.month, moment.day, hour, tzinfo=ZoneInfo(zone))
        assert timedelta(0) <= moment - due < timedelta(minutes=10) + tolerance, moment
