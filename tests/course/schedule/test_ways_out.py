"""From every state of a course some deed of the learner leads on, and some deed of an operator does."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from course.schedule.progress import PACES, Facts, Finished, Nudge, Posted, Send, State, Wait, next_step
from course.schedule.rhythm import local_date
from tests.support.world.learning import DAY, FRIDAY, LESSONS, facts

NOW = FRIDAY + 9 * DAY
Deed = Callable[[Facts], Facts]


def confirmed(course: Facts) -> Facts:
    """By the learner; or by an operator who vouches for them."""
    return course._replace(state="active") if course.state == "pending" else course


def came_back(course: Facts) -> Facts:
    return course._replace(state="active") if course.state == "left" else course


def resumed(course: Facts) -> Facts:
    return course._replace(state="active", resumes_on=None) if course.state == "paused" else course


def without_limits(course: Facts) -> Facts:
    return course._replace(pace="daily", max_open=None)


def opened(course: Facts) -> Facts:
    """Reads what could not be delivered."""
    return _settled(course, lambda posted: replace(posted, had_at=NOW))


def mailed_again(course: Facts) -> Facts:
    return _settled(course, lambda posted: replace(posted, failed=False, had_at=NOW))


def sent_again(course: Facts) -> Facts:
    return _settled(course, lambda posted: Posted(local_date(NOW, course.rhythm.zone), None))


def completed(course: Facts) -> Facts:
    return opened(course)._replace(completed=course.completed | course.posted.keys())


def _settled(course: Facts, how: Callable[[Posted], Posted]) -> Facts:
    return course._replace(posted={slug: how(one) if one.failed else one for slug, one in course.posted.items()})


LEARNERS: Mapping[str, Deed] = {
    "confirm": confirmed,
    "come back": came_back,
    "go on": resumed,
    "settings": without_limits,
    "open": opened,
    "have it mailed again": mailed_again,
    "complete": completed,
}
OPERATORS: Mapping[str, Deed] = {"vouch": confirmed, "send again": sent_again}


def leads_on(course: Facts) -> bool:
    """Whether something comes by itself, or all has been done."""
    step = next_step(course, NOW)
    return isinstance(step, Send | Nudge | Finished) or step.until is not None


MINE_ALONE = ("left", "paused", "incomplete", "limit", "all-sent")


def waits_for_the_learner(course: Facts) -> bool:
    """Whether what it waits for is the learner's alone to do: nobody decides that for them."""
    step = next_step(course, NOW)
    return isinstance(step, Wait) and step.why in MINE_ALONE


def reached(course: Facts, deeds: Mapping[str, Deed], good: Callable[[Facts], bool]) -> bool:
    """Whether some deeds, one after the other, lead there."""
    for _ in range(len(deeds)):
        if good(course):
            return True
        steps = [deed(course) for deed in deeds.values()]
        course = next((one for one in steps if one != course and good(one)), None) or next(
            (one for one in steps if one != course), course
        )
    return good(course)


MOMENTS = st.integers(0, 8).map(lambda days: FRIDAY + days * DAY)
CAME = MOMENTS.map(lambda at: Posted(local_date(at, "Europe/Berlin"), at))
FAILED = MOMENTS.map(lambda at: Posted(local_date(at, "Europe/Berlin"), None, failed=True))
UNDER_WAY = MOMENTS.map(lambda at: Posted(local_date(at, "Europe/Berlin"), None))
COURSES = st.builds(
    facts,
    posted=st.lists(st.one_of(CAME, FAILED, UNDER_WAY), max_size=5).map(
        lambda mails: dict(zip(LESSONS, mails, strict=False))
    ),
    completed=st.frozensets(st.sampled_from(LESSONS)),
    state=st.sampled_from([state for state in get_args(State) if state != "restarted"]),
    pace=st.sampled_from(PACES),
    max_open=st.one_of(st.none(), st.integers(1, 3)),
    resumes_on=st.one_of(st.none(), st.just((NOW + timedelta(days=3)).date())),
    nudge_days=st.sampled_from([None, 3]),
    nudged=st.frozensets(st.sampled_from(LESSONS)),
)


@given(COURSES)
def test_from_everywhere_some_deeds_of_the_learner_lead_on(course: Facts) -> None:
    assert reached(course, LEARNERS, leads_on)


@given(COURSES)
def test_from_everywhere_an_operator_leads_on_or_only_the_learner_may(course: Facts) -> None:
    assert reached(course, OPERATORS, lambda after: leads_on(after) or waits_for_the_learner(after))
