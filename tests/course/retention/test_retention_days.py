"""`RETENTION` as operators write it."""

import pytest

from course.erasure.overdue import MATTERS
from course.retention.days import DEFAULTS, KINDS, read_retention
from mailer.settings import load
from tests.support.world.settings import SETTINGS


@pytest.mark.parametrize(
    ("written", "changed"),
    [
        ("", {}),
        (" , ", {}),
        ("events=90", {"events": 90}),
        ("events=90,learners=never", {"events": 90, "learners": None}),
        (" Events = 90 , DEEDS=NEVER,", {"events": 90, "deeds": None}),
        ("learners=730", {"learners": 730}),
        ("sign-ins=7,left-alone=365", {"sign-ins": 7, "left-alone": 365}),
    ],
)
def test_what_is_not_named_keeps_its_default(written: str, changed: dict[str, int | None]) -> None:
    assert read_retention(written) == {**DEFAULTS, **changed}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("event=90", "`events`"),
        ("cookies=3", "known are unconfirmed, learners,"),
        ("events", "such as `events=400`"),
        ("events=", "such as `events=400`"),
        ("events=ten", "whole number of days, or `events=never`"),
        ("events=-1", "whole number of days"),
        ("events=1.5", "whole number of days"),
        ("events=0", "30 days are the least"),
        ("unconfirmed=1", "7 days are the least"),
        ("events=999999", "whole number of days"),
        ("event=90,deeds=x", "whole number of days, or `deeds=never`"),
    ],
)
def test_what_cannot_be_is_told_with_what_to_write(written: str, told: str) -> None:
    with pytest.raises(ValueError, match="`") as problem:
        read_retention(written)
    assert told in str(problem.value)


def test_settings_refuse_it_by_its_name() -> None:
    with pytest.raises(Exception, match="RETENTION: `evnts` is no kind of data; did you mean `events`"):
        load({**SETTINGS, "RETENTION": "evnts=3"})
    assert load({**SETTINGS, "RETENTION": "events=31"}).retention["events"] == 31


def test_each_kind_can_be_purged() -> None:
    assert list(MATTERS) == list(KINDS)
