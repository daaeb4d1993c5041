"""What may last how long fits together, also where it stands outside the code."""

import re

import yaml

from mailer import time_limits
from mailer.providers.smtp.connection import Patience
from mailer.settings import load
from tests.support.project import ROOT
from tests.support.world.settings import SETTINGS

WITHOUT_THE_WORKER = 3
"""Redis, the site and the clock: `dayletter up` stops one after the other."""


def test_an_answer_is_waited_for_as_long_as_any_provider_may_take() -> None:
    patience = Patience()
    assert patience.letter + patience.final <= time_limits.LAST_ANSWER
    assert time_limits.LAST_ANSWER >= time_limits.HTTP_SILENCE * 3


def test_a_mail_server_is_waited_for_as_the_standard_asks() -> None:
    """RFC 5321, 4.5.3.2; in minutes."""
    patience = Patience()
    assert (patience.reply, patience.data, patience.block, patience.final) == (5 * 60, 2 * 60, 3 * 60, 10 * 60)


def test_nobody_judges_a_letter_whose_answer_may_still_come() -> None:
    """Another machine takes a claim for dead once its lease has been over for so long."""
    assert load(SETTINGS).uncertain_after > time_limits.LAST_ANSWER


def test_a_batch_that_ends_in_time_is_never_taken_for_stuck() -> None:
    assert time_limits.JOB > time_limits.BATCH + time_limits.LAST_ANSWER


def test_whoever_stops_a_worker_gives_it_the_time_it_may_need() -> None:
    assert time_limits.STOP > time_limits.LAST_ANSWER
    unit = re.search(r"^TimeoutStopSec=(\d+)$", (ROOT / "docs/deploy.md").read_text(), re.M)
    assert unit is not None
    assert int(unit[1]) > time_limits.STOP + WITHOUT_THE_WORKER * time_limits.QUICK_STOP
    worker = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["worker"]
    assert int(worker["stop_grace_period"].removesuffix("s")) > time_limits.STOP


def test_the_documents_tell_how_long_a_worker_may_take() -> None:
    told = re.findall(r"up to (\d+) seconds", (ROOT / "docs/deploy.md").read_text())
    assert {int(seconds) for seconds in told} == {int(time_limits.STOP)}
