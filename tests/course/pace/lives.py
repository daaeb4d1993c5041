"""Random lives of learners: where, when, at which pace, and what they and we do then."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from hypothesis import strategies as st

ODD = (
    *("Pacific/Apia", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Kiritimati", "Pacific/Pago_Pago"),
    *("Asia/Kathmandu", "Pacific/Chatham", "Africa/Casablanca", "America/Nuuk", "Asia/Beirut", "Africa/Cairo"),
    *(
        "Antarctica/Troll",
        "America/Havana",
        "Asia/Tehran",
        "Pacific/Marquesas",
        "America/Caracas",
        "Asia/Pyongyang",
    ),
    *("Pacific/Kwajalein", "Asia/Gaza", "America/Asuncion", "Pacific/Fiji", "Pacific/Tongatapu", "Asia/Amman"),
)
USUAL = (
    *("Europe/Berlin", "Europe/London", "Europe/Lisbon", "Europe/Dublin", "Europe/Moscow", "Europe/Istanbul"),
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage"),
    *("America/Phoenix", "America/Halifax", "America/Bogota", "America/Santiago", "America/Mexico_City"),
    *(
        "Asia/Tokyo",
        "Asia/Kolkata",
        "Asia/Shanghai",
        "Asia/Singapore",
        "Asia/Dubai",
        "Asia/Karachi",
        "Asia/Yangon",
    ),
    *("Australia/Sydney", "Australia/Adelaide", "Australia/Eucla", "Australia/Perth", "Pacific/Auckland"),
    *("Pacific/Honolulu", "Africa/Nairobi", "Africa/Lagos", "Africa/Johannesburg", "Atlantic/Azores", "UTC"),
)
ZONES = ODD + USUAL


def _near(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


BEGINNINGS = (
    *[("Pacific/Apia", _near(2011, 12, day)) for day in (27, 29)],
    *[("America/Sao_Paulo", moment) for moment in (_near(2018, 11, 2), _near(2018, 2, 16), _near(2017, 10, 14))],
    *[("Australia/Lord_Howe", moment) for moment in (_near(2026, 4, 3), _near(2026, 10, 2))],
    *[("America/Nuuk", moment) for moment in (_near(2024, 3, 29), _near(2024, 10, 25))],
    *[("Europe/Berlin", moment) for moment in (_near(2026, 3, 27), _near(2026, 10, 23), _near(2024, 2, 27))],
    *[("America/New_York", moment) for moment in (_near(2026, 3, 6), _near(2026, 10, 30), _near(2026, 12, 29))],
    *[("Africa/Casablanca", moment) for moment in (_near(2026, 2, 13), _near(2026, 3, 20))],
    *[
        ("Asia/Beirut", _near(2026, 3, 27)),
        ("Africa/Cairo", _near(2026, 4, 22)),
        ("Asia/Pyongyang", _near(2018, 5, 3)),
    ],
    *[
        ("America/Havana", _near(2026, 3, 6)),
        ("Pacific/Kiritimati", _near(2027, 12, 30)),
        ("UTC", _near(2028, 2, 27)),
    ],
    *[
        ("Antarctica/Troll", _near(2026, 3, 27)),
        ("America/Caracas", _near(2016, 4, 29)),
        ("Asia/Gaza", _near(2026, 3, 26)),
    ],
)

Deed = Literal[
    "settings", "pause", "pause until", "pause for good", "resume", "next", "stale next", "foreign next",
    "complete", "take back", "visit", "leave", "undo", "sign up", "begin again", "publish", "nothing",
]  # fmt: skip
DEEDS: tuple[Deed, ...] = (
    *(
        "settings",
        "settings",
        "settings",
        "pause",
        "pause until",
        "pause for good",
        "resume",
        "next",
        "stale next",
    ),
    *("foreign next", "complete", "complete", "complete", "take back", "visit", "leave", "undo", "sign up"),
    *("begin again", "publish"),
)
Trouble = Literal["", "", "planner", "workers", "hold"]


@dataclass(frozen=True)
class Wish:
    """Fields of the settings that are changed; None stays as it is."""

    zone: str | None
    hour: int | None
    weekdays: frozenset[int] | None
    pace: str | None
    limit: int | None


@dataclass(frozen=True)
class Step:
    """Time passes, or something is done; twice, or in one moment with the step after it, before anybody looks."""

    minutes: int
    away: Trouble = ""
    deed: Deed = "nothing"
    wish: Wish = Wish(None, None, None, None, None)
    number: int = 1
    twice: bool = False
    at_once_the_next: bool = False
    near: bool = False
    """The time that passes ends near the learner's next moment, where plans turn."""


@dataclass(frozen=True)
class Life:
    """Where and when it begins, by what the course wants, and its steps."""

    zone: str
    begins: datetime
    hour: int
    starts: Literal["at-once", "next-day"]
    pace: str
    limit: int | None
    reminds_after: int
    weekdays: frozenset[int]
    lessons: int
    steps: tuple[Step, ...]


WEEKDAYS = st.sampled_from((frozenset(range(7)), frozenset(range(7)), frozenset(range(5)))) | st.frozensets(
    st.integers(0, 6), min_size=1
)
PACES = st.sampled_from((("daily", None), ("daily", 1), ("daily", 2), ("on-completion", None)))


def maybe(some: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | some


@st.composite
def wishes(draw: st.DrawFn) -> Wish:
    """One thing, or all at once."""
    pace, limit = draw(PACES)
    what = draw(st.sampled_from(("zone", "hour", "hour", "weekdays", "pace", "all")))
    wanted = {"zone": draw(st.sampled_from(ZONES)), "hour": draw(st.integers(0, 23)), "weekdays": draw(WEEKDAYS)}
    if what == "all":
        return Wish(**wanted, pace=pace, limit=limit)
    if what == "pace":
        return Wish(None, None, None, pace, limit)
    return Wish(**{key: value if key == what else None for key, value in wanted.items()}, pace=None, limit=None)


TIMES = st.integers(0, 60 * 30) | st.sampled_from((1, 10, 60, 60 * 24, 60 * 24 * 2, 60 * 24 * 5))
TIME = st.builds(Step, TIMES, st.sampled_from(("", "", "", "", "planner", "workers", "hold")))
DEED = st.builds(
    Step,
    st.sampled_from((0, 0, 1, 30, 60, 100)),
    st.just(""),
    st.sampled_from(DEEDS),
    wishes(),
    st.integers(1, 9),
    st.sampled_from((False, False, False, True)),
    st.sampled_from((False, False, False, True)),
    st.booleans(),
)


@st.composite
def lives(draw: st.DrawFn) -> Life:
    zone, begins = draw(
        st.sampled_from(BEGINNINGS)
        | st.tuples(
            st.sampled_from(ZONES), st.datetimes(_naive(2024), _naive(2029)).map(lambda at: at.replace(tzinfo=UTC))
        )
    )
    pace, limit = draw(PACES)
    return Life(
        zone=zone,
        begins=begins.replace(second=0, microsecond=0) + timedelta(minutes=draw(st.integers(0, 60 * 48))),
        hour=draw(st.integers(0, 23)),
        starts=draw(st.sampled_from(("at-once", "next-day"))),
        pace=pace,
        limit=limit,
        reminds_after=draw(st.sampled_from((0, 1, 3))),
        weekdays=draw(WEEKDAYS),
        lessons=draw(st.integers(2, 6)),
        steps=tuple(draw(st.lists(TIME | DEED, min_size=6, max_size=20))),
    )


def _naive(year: int) -> datetime:
    """The first moment of a year, without a zone, as the strategy wants it."""
    return datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None)
