"""Course time and real time, and the anchor that all processes share."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.clock import Anchor, Clock, begin_clock, open_clock, parse_clock
from course.times import CourseTime, RealTime
from tests.support.project import ROOT

TEXT = "2026-03-27T06:00:00Z@1440"
START = datetime(2026, 3, 27, 6, 0, tzinfo=UTC)

OPEN = """
import sys
from pathlib import Path
from course.clock import open_clock
print("ready", flush=True)
sys.stdin.readline()
for rate in range(1, 101):
    print(open_clock(f"2026-03-27T06:00:00Z@{rate}", Path(sys.argv[1])).anchor.began.isoformat())
"""
"""A hundred clocks one after the other: processes that do this at once meet at some of them."""


@pytest.mark.parametrize(
    ("text", "start", "rate"),
    [
        (TEXT, START, 1440.0),
        ("2026-03-27T06:00:00Z", START, 1.0),
        ("2026-03-27T07:00:00+01:00@0.5", START, 0.5),
        ("2026-03-27T06:00Z@1000000", START, 1e6),
    ],
)
def test_a_clock_is_a_start_and_a_speed(text: str, start: datetime, rate: float) -> None:
    assert parse_clock(text) == (start, rate)


@pytest.mark.parametrize(
    "text", ["", "noon", "@60", "2026-03-27T06:00:00@60", "2026-03-27@60", f"{TEXT}x", "2026-03-27T06:00:00Z@nan"]
)
def test_what_is_no_clock_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_clock(text)


def test_without_a_setting_the_clock_is_the_real_one(tmp_path: Path) -> None:
    clock = open_clock(None, tmp_path / "var")
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.now().tzinfo is UTC
    assert not (tmp_path / "var").exists()
    assert clock.seconds_until(before - timedelta(hours=1)) <= -3600


def test_a_virtual_clock_begins_at_its_start_and_runs_fast(tmp_path: Path) -> None:
    before = datetime.now(UTC)
    clock = open_clock(TEXT, tmp_path / "var")
    now, after = clock.now(), datetime.now(UTC)
    assert START <= now <= START + (after - before) * 1440
    assert before <= clock.real() <= datetime.now(UTC)
    left = clock.seconds_until(START + timedelta(days=1))
    passed = (datetime.now(UTC) - before).total_seconds()
    assert 60.0 - passed - 0.01 < left <= 60.0


@given(st.datetimes().map(lambda moment: moment.replace(tzinfo=UTC)), st.floats(0.1, 10_000))
def test_course_time_and_real_time_lead_back_to_each_other(real: datetime, rate: float) -> None:
    anchor = Anchor(CourseTime(START), rate, RealTime(START))
    near = RealTime(START + (real - START) / 100_000)
    there_and_back = anchor.real_time(anchor.course_time(near))
    assert abs(there_and_back - near) < timedelta(milliseconds=1)
    assert anchor.course_time(RealTime(START)) == START


def test_a_clock_opened_twice_is_the_same_clock(tmp_path: Path) -> None:
    assert open_clock(TEXT, tmp_path) == open_clock(TEXT, tmp_path)


def test_clocks_with_other_settings_or_folders_are_other_clocks(tmp_path: Path) -> None:
    first = open_clock(TEXT, tmp_path)
    assert open_clock("2026-03-27T06:00:00Z@60", tmp_path) != first
    assert open_clock(TEXT, tmp_path / "other") != first


@pytest.mark.server
def test_processes_that_start_together_share_one_anchor(tmp_path: Path) -> None:
    var = tmp_path / "var"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, str(var)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate()[0].split() for process in processes]
    assert [process.returncode for process in processes] == [0] * 4
    assert len(answers[0]) == 100
    assert all(answer == answers[0] for answer in answers)
    ours = open_clock("2026-03-27T06:00:00Z@1", var).anchor
    assert ours is not None
    assert ours.began == datetime.fromisoformat(answers[0][0])
    assert len(list(var.iterdir())) == 100, "nothing is left of those that came second"


def test_beginning_the_clock_begins_anew_for_all_who_open_it_then(tmp_path: Path) -> None:
    old = open_clock(TEXT, tmp_path)
    fresh = begin_clock(TEXT, tmp_path)
    assert fresh != old
    assert open_clock(TEXT, tmp_path) == fresh
    assert len(list(tmp_path.iterdir())) == 1


def test_a_clock_without_anchor_is_real() -> None:
    assert datetime.now(UTC) <= Clock().now() <= datetime.now(UTC)
