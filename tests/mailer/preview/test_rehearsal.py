"""A course rehearsed: the mails of sending, at the moments of sending, on a clock that nobody waits for."""

from datetime import date
from email import message_from_bytes, policy

from hypothesis import given, settings
from hypothesis import strategies as st

from course.enrolment.registration import zones
from course.schedule.rhythm import local_date
from mailer.preview.rehearsal import Rehearsal, Rehearsed, Trainee, cues
from mailer.preview.rehearsal_summary import summarize
from mailer.preview.sample_site import SIGNER, sample_site
from tests.support.author.mail_samples import COURSE_MD, course

WEEKDAYS_ONLY = COURSE_MD.replace("sender:", "weekdays: mon, tue, wed, thu, fri\nsender:")
ON_WEEKDAYS = course(course_md=WEEKDAYS_ONLY)
BERLIN = Trainee(1, "Europe/Berlin", 8, date(2026, 3, 26))


def rehearsed(trainee: Trainee = BERLIN, course_md: str = COURSE_MD) -> list[Rehearsed]:
    return list(Rehearsal(course(course_md=course_md), sample_site(), SIGNER).mails(trainee))


def moments(trainee: Trainee = BERLIN, course_md: str = COURSE_MD) -> list[str]:
    return [f"{mail.local_at:%a %d %H:%M %z}" for mail in rehearsed(trainee, course_md) if mail.cue.lesson]


def test_a_course_is_all_its_mails_in_order() -> None:
    kinds = [mail.cue.kind for mail in rehearsed()]
    assert kinds == ["confirm", "welcome", *["lesson"] * 5, "finished"]


def test_lessons_keep_their_local_hour_when_the_clocks_change() -> None:
    assert moments() == [
        "Thu 26 08:00 +0100",
        "Fri 27 08:00 +0100",
        "Sat 28 08:00 +0100",
        "Sun 29 08:00 +0200",
        "Mon 30 08:00 +0200",
    ]


def test_a_course_of_weekdays_rests_at_the_weekend() -> None:
    days = [moment[:6] for moment in moments(course_md=WEEKDAYS_ONLY)]
    assert days == ["Thu 26", "Fri 27", "Mon 30", "Tue 31", "Wed 01"]


def test_an_hour_that_the_clocks_leave_out_is_the_one_they_jump_to() -> None:
    assert moments(Trainee(1, "Europe/Berlin", 2, date(2026, 3, 28)))[1] == "Sun 29 03:00 +0200"


def test_whoever_begins_on_a_day_that_their_zone_left_out_begins_on_the_next() -> None:
    assert moments(Trainee(1, "Pacific/Apia", 8, date(2011, 12, 30)))[0] == "Sat 31 08:00 +1400"


def test_a_mail_is_whole_and_says_when_the_next_one_comes() -> None:
    first = next(mail for mail in rehearsed(course_md=WEEKDAYS_ONLY) if mail.day == 2)
    message = message_from_bytes(first.raw, policy=policy.default)
    assert message["Date"] == "Fri, 27 Mar 2026 07:00:00 +0000"
    assert message["Subject"] == first.subject == "Flour, water, Ada"
    text = message.get_body(("plain",))
    assert text is not None
    assert "Monday 30 March at 8:00" in text.get_content()


def test_the_certificate_comes_when_the_last_lesson_was_read() -> None:
    *_, last, finished = rehearsed()
    assert 1 <= (finished.local_at - last.local_at).total_seconds() / 60 <= 20


@settings(max_examples=80)
@given(
    st.sampled_from(zones()),
    st.integers(0, 23),
    st.dates(date(1990, 1, 1), date(2037, 12, 1)),
    st.integers(0, 599),
)
def test_nobody_gets_two_lessons_on_a_local_day(zone: str, hour: int, begin: date, spread: int) -> None:
    trainee = Trainee(1, zone, hour, begin, spread)
    local = [local_date(cue.at, zone) for cue in cues(ON_WEEKDAYS, trainee) if cue.lesson]
    assert len(set(local)) == 5
    assert local == sorted(local)


def test_the_summary_has_hours_skipped_days_and_clock_changes() -> None:
    lessons = [mail.local_at for mail in rehearsed(course_md=WEEKDAYS_ONLY) if mail.cue.lesson]
    summary = summarize(8, [lessons, []])
    assert (summary.learners, summary.mails, summary.hours) == (2, 8, {8: 5})
    assert summary.skipped == {"Saturday": 1, "Sunday": 1}
    assert summary.clock_changes == {"Monday 30 March 2026": 1}
    assert summary.lines()[1] == (
        "first lesson at 2026-03-26 08:00 (Europe/Berlin), last at 2026-04-01 08:00 (Europe/Berlin)"
    )


def test_without_a_lesson_that_is_said() -> None:
    assert summarize(0, [[]]).lines() == ["No lesson was sent."]
