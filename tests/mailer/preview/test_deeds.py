"""A rehearsed learner acts: what they do, as one types it, and what comes of it."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from mailer.preview.deeds import read_deeds
from mailer.preview.rehearsal import Trainee, cues
from tests.support.author.mail_samples import COURSE_MD, course

BERLIN = Trainee(1, "Europe/Berlin", 8, date(2026, 3, 2))


def plan(*typed: str, course_md: str = COURSE_MD) -> list[str]:
    """The lessons and what follows them, each with its local moment; the first comes on Monday 2 March."""
    taken = course(course_md=course_md)
    found = cues(taken, BERLIN, deeds=read_deeds(typed, taken, BERLIN.zone))
    return [f"{cue.lesson or cue.kind} {cue.at.astimezone(BERLIN_ZONE):%d %H:%M}" for cue in found[2:]]


BERLIN_ZONE = ZoneInfo("Europe/Berlin")
FIRST, SECOND = (lesson.slug for lesson in course().lessons[:2])


@pytest.mark.parametrize(
    ("typed", "second"),
    [
        ([], "03 08:00"),
        (["pause 1 on 2026-03-02"], "04 08:00"),
        (["pause until 2026-03-09 on 2026-03-02"], "09 08:00"),
        (["pause until 2026-03-09 on 2026-03-02", "hour 7 on 2026-03-05"], "09 07:00"),
        (["pause on 2026-03-02", "resume on 2026-03-10 at 10:00"], "11 08:00"),
        (["pause on 2026-03-02", "next on 2026-03-10 at 10:00"], "10 10:00"),
        (["next on 2026-03-02"], "02 12:00"),
        (["hour 7 on 2026-03-03 at 7:30"], "04 07:00"),
        (["hour 12 on 2026-03-03 at 7:30"], "03 12:00"),
        (["zone Asia/Tokyo on 2026-03-02"], "03 00:00"),
        (["weekdays sat on 2026-03-02"], "07 08:00"),
        (["leave on 2026-03-02", "come back on 2026-03-09"], "10 08:00"),
        (["limit 1 on 2026-03-02", "complete 1 on 2026-03-05 at 23:00"], "06 08:00"),
        (["pace on-completion on 2026-03-02 at 8:01", "complete 1 on 2026-03-05 at 23:00"], "05 23:00"),
        (["limit 1 on 2026-03-02 at 8:01", "no limit on 2026-03-05", "complete 1 on 2026-03-20"], "06 08:00"),
    ],
)
def test_the_second_lesson_comes_as_the_rules_say(typed: list[str], second: str) -> None:
    assert f"{SECOND} {second}" in plan(*typed)


def test_who_completes_nothing_is_reminded_once_and_never_finished() -> None:
    lived = plan("complete 1 on 2026-03-02")
    assert [line.split()[0] for line in lived][-1] == "nudge"
    assert not [line for line in lived if line.startswith("finished")]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("pause 3", "names no day"),
        ("pause 3 on 2026-13-04", "a day or a time that is none"),
        ("pause 3 on 2026-03-04 at 25:00", "a day or a time that is none"),
        ("dance on 2026-03-04", "is no deed that can be rehearsed; known are pause"),
        ("hour 24 on 2026-03-04", "`hour 24` is no deed"),
        ("zone Mars/Olympus on 2026-03-04", "is no deed"),
        ("weekdays monsoon on 2026-03-04", "is no deed"),
        ("complete 9 on 2026-03-04", "is no deed"),
        ("pause 1000 on 2026-03-04", "is no deed"),
    ],
)
def test_what_is_no_deed_is_told_with_what_to_write_instead(typed: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_deeds([typed], course(), "UTC")
