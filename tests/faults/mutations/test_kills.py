"""Kills at random, too, do damage that the mail server sees once a safeguard is gone from the processes.

Only in large numbers is it sure that some of them hit a worker whose letter was just taken.
"""

from functools import partial

import pytest

from tests.faults import test_kills
from tests.faults.conftest import MakeFleet
from tests.faults.mutations import sending
from tests.faults.scale import FULL
from tests.support.servers.sendgrid_sink import SendgridSink
from tests.support.servers.smtp_sink import SmtpSink

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

if FULL:

    @on_sqlite
    def test_killed_workers_that_kept_no_journal_leave_copies_uncounted(
        fleet: MakeFleet, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(test_kills, "EVERY", 0.1)
        careless = partial(fleet, without=sending.nothing_begun_in_the_journal)
        with pytest.raises(AssertionError, match=r"extra copies, \d+ counted"):
            test_kills.test_kills_over_smtp_lose_nothing_and_count_each_extra_copy(careless, smtp_sink)

    @on_sqlite
    def test_killed_workers_that_kept_no_journal_double_lessons_over_sendgrid(
        fleet: MakeFleet, sendgrid_sink: SendgridSink, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(test_kills, "EVERY", 0.1)
        careless = partial(fleet, without=sending.nothing_begun_in_the_journal)
        with pytest.raises(AssertionError, match=r"reached \S+ \d+ times"):
            test_kills.test_kills_and_a_failing_sendgrid_lose_nothing_and_double_nothing(careless, sendgrid_sink)
