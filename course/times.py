"""Course time and real time, told apart: with a virtual clock the two differ."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

CourseTime = NewType("CourseTime", datetime)
"""What learners live by: due moments, pauses, token age, mail dates. UTC."""


RealTime = NewType("RealTime", datetime)
"""What machines do and wait for: leases, back-off, time-outs, events. UTC."""


@dataclass(frozen=True, slots=True)
class Times:
    """One moment, in course time and in real time; with a virtual clock the two differ."""

    now: CourseTime
    real: RealTime
