"""A Dayletter of many real processes that may be killed at any moment, and a test's own eye on its rows."""

import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

from sqlalchemy import delete, func, select, update

from course.db import Database
from course.enrolment.enrolments import Participant, find_enrolment
from course.enrolment.joining import confirm, register
from course.enrolment.registration import Registration
from course.migrations.schema import migrate_database
from course.models import CourseRow, Delivery, Enrolment, Learner
from mailer.runtime import Runtime, build
from mailer.settings import load
from tests.support.lasting import Lasting
from tests.support.servers.nursery import Mutation, Nursery
from tests.support.servers.ports import free_port
from tests.support.waiting import seconds, wait_for
from tests.support.world.person import HttpBrowser, Person
from tests.support.world.sample_course import write_sample
from tests.support.world.settings import SETTINGS
from tests.support.world.wall_clock import JumpingClock, WallClock
from tests.support.world.world import publish_folders

UNDER_WAY = ("queued", "sending", "uncertain")
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC")


class Fleet(Lasting):
    """`crew` names its processes by role. The database is migrated and the sample course published. `without`: in
    each of the processes, but not in the test's, a safeguard is missing."""

    def __init__(  # noqa: PLR0913 - one world, of which each test sets another part
        self,
        nursery: Nursery,
        folder: Path,
        settings: Mapping[str, str],
        crew: Sequence[str] = ("web", "worker", "clock"),
        wall: WallClock | None = None,
        without: Mutation | None = None,
    ) -> None:
        self._nursery, self._folder, self._crew = nursery, folder, crew
        self._wall, self._without = wall, without
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.person = Person(HttpBrowser(), self.base_url)
        if not (folder / "lessons").exists():
            write_sample(folder / "lessons")
        self.environment = {
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(folder / "var"),
            "LESSONS_DIR": str(folder / "lessons"),
            "BASE_URL": self.base_url,
            **SETTINGS,
            "UNCERTAIN_AFTER": seconds(2),
            **settings,
        }
        runtime = build(load(self.environment))
        # Nobody hurries for whom a test enrols: the processes find them.
        self.runtime: Runtime = replace(runtime, db=Database(runtime.db.url, lambda _batches: None))
        if wall is not None:
            self.runtime = replace(self.runtime, clock=JumpingClock(wall=wall))
        self.processes: dict[int, str] = {}
        self.kills = 0
        self._began = time.monotonic()

    def _at_work(self) -> Iterator[None]:
        try:
            with closing(self.runtime):
                migrate_database(self.runtime.db)
                publish_folders(self.runtime)
                for role in self._crew:
                    self.start(role)
                yield
        except BaseException:
            sys.stdout.write(self.logs())
            raise
        finally:
            for pid in list(self.processes):
                self._nursery.end(pid)

    @property
    def database(self) -> str:
        """Its kind, for reports."""
        return self.runtime.db.engine.dialect.name

    def seconds(self) -> float:
        """How long this has been going on."""
        return round(time.monotonic() - self._began, 1)

    def start(self, role: str) -> int:
        arguments = [str(self.port)] if role == "web" else []
        pid = self._nursery.start(
            role,
            self.environment,
            self._folder / f"{role}.log",
            *arguments,
            wall=self._wall,
            without=self._without,
        )
        self.processes[pid] = role
        return pid

    def kill(self, pid: int) -> str:
        """`kill -9`; the role it had."""
        self._nursery.end(pid, signal.SIGKILL)
        self.kills += 1
        return self.processes.pop(pid)

    def stop(self, pid: int, number: signal.Signals = signal.SIGTERM, again_after: float | None = None) -> None:
        """Asks it to end, a second time after so many seconds, and waits until it is gone."""
        if again_after is not None:
            os.killpg(pid, number)
            time.sleep(again_after)
        self._nursery.end(pid, number)
        self.processes.pop(pid)

    def is_up(self) -> bool:
        """Whether the site answers."""
        try:
            return HttpBrowser().send("GET", f"{self.base_url}/healthz").status == 200
        except OSError:
            return False

    def of_role(self, role: str) -> list[int]:
        return [pid for pid, own in self.processes.items() if own == role]

    def replace_one(self, random: Random) -> None:
        """Kills a process at random, and starts another in its place."""
        self.start(self.kill(random.choice(sorted(self.processes))))

    def enrol(  # noqa: PLR0913 - as above
        self,
        count: int,
        random: Random,
        name: str = "learner",
        *,
        quietly: bool = False,
        zones: Sequence[str] = ZONES,
        hours: Sequence[int] = range(24),
    ) -> list[str]:
        """Learners who registered and confirmed, all in one commit; their addresses. `quietly`: without mails."""
        emails = [f"{name}{number}@example.org" for number in range(count)]
        times = self.runtime.clock.times()
        with self.runtime.db.write() as session:
            published = self.runtime.shelf.course(session, session.scalars(select(CourseRow.id)).one())
            ids: list[int] = []
            for email in emails:
                form = Registration(email, "Ada", random.choice(zones), random.choice(hours), tracking=True)
                register(session, published, form, times)
                enrolment = session.scalars(select(Enrolment).join(Learner).where(Learner.email == email)).one()
                confirm(session, Participant(*find_enrolment(session, enrolment.id), published), times)
                ids.append(enrolment.id)
            # Each mail a job of its own, as when people come one by one.
            session.execute(update(Delivery).where(Delivery.enrolment_id.in_(ids)).values(batch=Delivery.id))
            if quietly:
                session.execute(delete(Delivery).where(Delivery.kind != "lesson", Delivery.attempt_id.is_(None)))
        return emails

    def states(self) -> dict[str, int]:
        with self.runtime.db.read() as session:
            counted = session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
            return dict(counted.all())

    def under_way(self) -> int:
        return sum(count for state, count in self.states().items() if state in UNDER_WAY)

    def duplicates(self) -> int:
        """What the product says may have arrived twice."""
        with self.runtime.db.read() as session:
            return int(session.scalar(select(func.sum(Delivery.duplicates))) or 0)

    def settle(self) -> None:
        """Waits until nothing is under way."""
        wait_for(lambda: self.under_way() == 0, self.report)

    def report(self) -> str:
        with self.runtime.db.read() as session:
            open_rows = session.scalars(select(Delivery).where(Delivery.state.in_(UNDER_WAY)).limit(10)).all()
        rows = [
            f"{r.occasion} {r.state} {r.owner} refusals={r.refusals} rounds={r.rounds} {r.why}" for r in open_rows
        ]
        return "\n".join([repr(self.states()), *rows, self.logs()])

    def logs(self) -> str:
        return "\n".join(f"--- {log.name}\n{log.read_text()[-3000:]}" for log in self._folder.glob("*.log"))
