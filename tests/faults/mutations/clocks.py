"""Clocks that are set and leases that end, with nobody who thinks of it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import ColumnElement, and_

from course.models import Delivery
from course.schedule import progress
from course.schedule.progress import Facts
from course.times import Times
from mailer import time_limits
from mailer.sending import claim, lease, plan
from tests.faults.mutations.sending import no_look_before_a_letter, no_look_for_jumps


def a_lesson_planned_ahead_sets_out_at_once(patch: pytest.MonkeyPatch) -> None:
    def may_go(times: Times) -> ColumnElement[bool]:
        return and_(Delivery.state == "queued", Delivery.retry_at <= times.real)

    patch.setattr(claim, "may_go", may_go)
    patch.setattr(plan, "may_go", may_go)


def a_lesson_counts_for_the_day_it_was_planned_on(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(claim, "_date", lambda *_: None)


def a_claim_is_not_kept_up(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(lease.Lease, "keep", lambda _: True)


def leases_of_three_seconds(patch: pytest.MonkeyPatch) -> None:
    """No safeguard less: only the time is short, as a server's minutes are long."""
    patch.setattr(time_limits, "LEASE", 3.0)


def leases_of_three_seconds_that_nobody_keeps_up(patch: pytest.MonkeyPatch) -> None:
    """But for answers and letters that begin."""
    leases_of_three_seconds(patch)
    patch.setattr(lease.Lease, "keep_up", lambda *_: None)


def a_day_may_have_two_lessons(patch: pytest.MonkeyPatch) -> None:
    def last_day(facts: Facts) -> date:
        return whole(facts) - timedelta(days=1)

    whole = progress.last_day
    patch.setattr(progress, "last_day", last_day)


def nobody_looks_for_a_jump_nor_before_a_letter(patch: pytest.MonkeyPatch) -> None:
    """A claim would outlive the first, and its worker stop at the second."""
    no_look_for_jumps(patch)
    no_look_before_a_letter(patch)
