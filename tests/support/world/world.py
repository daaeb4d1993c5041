"""A whole Dayletter in this process: real database, Redis and outbox, no worker, and a clock that a test sets."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.clock import Clock
from course.content.course import Course
from course.drafts.folder import course_slugs, read_folder
from course.enrolment.joining import admit
from course.enrolment.registration import Registration
from course.migrations.schema import migrate_database
from course.models import Base, Delivery, Enrolment, Learner
from course.publishing.publish import keep_media, publish_folder
from course.staff.audit_log import Doer
from course.times import RealTime
from mailer.runtime import Runtime, build
from mailer.sending.deliver import deliver_batch
from mailer.sending.patience.turn import FIRST_THE_EARLIEST
from mailer.sending.plan import planning_step
from mailer.settings import load
from tests.support.compiled import TEMPLATES, rules_compiled_once
from tests.support.world.databases import rows_need_not_last, statements_compiled_once
from tests.support.world.mails import Mail, of_outbox, read_mail
from tests.support.world.person import AppBrowser, Page, Person
from tests.support.world.settings import SETTINGS
from web.app import create_app

BASE_URL = "http://127.0.0.1:8000"
BEGAN = datetime(2026, 3, 23, 6, 0, tzinfo=UTC)
"""A Monday, 7:00 in Berlin; the clocks there go forward on the Sunday after."""


ALREADY_PUBLISHED = True


MANY_STEPS = 60


@dataclass(frozen=True, slots=True)
class SetClock(Clock):
    """Stands still until it is moved; course time and real time are the same."""

    moments: list[datetime] = field(default_factory=lambda: [BEGAN])
    jumps: list[timedelta] = field(default_factory=list)

    def real(self) -> RealTime:
        return RealTime(self.moments[-1])

    def steady(self) -> float:
        return (self.moments[-1] - BEGAN - sum(self.jumps, timedelta())).total_seconds()

    def forward(self, **parts: float) -> None:
        self.moments.append(self.moments[-1] + timedelta(**parts))

    def jump(self, **parts: float) -> None:
        """Somebody sets it: no time passes."""
        self.jumps.append(timedelta(**parts))
        self.forward(**parts)


class World:
    """Publishes every course of `lessons_dir`, unless the database has them `ALREADY_PUBLISHED`.

    `settings` are environment variables.
    """

    def __init__(
        self,
        var_dir: Path,
        database_url: str,
        redis_url: str,
        lessons_dir: Path,
        published: bool = False,
        /,
        **settings: str,
    ) -> None:
        environment = {
            "VAR_DIR": str(var_dir),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "LESSONS_DIR": str(lessons_dir),
            "BASE_URL": BASE_URL,
            **SETTINGS,
        }
        self.clock = SetClock()
        self.runtime = replace(build(load(environment | settings)), clock=self.clock)
        self.lessons_dir = lessons_dir
        rows_need_not_last(self.runtime.db)
        statements_compiled_once(self.runtime.db)
        if not published:
            migrate_database(self.runtime.db)
            self.publish()
        with rules_compiled_once():
            self.app = create_app(self.runtime)
        self.app.jinja_env.bytecode_cache = TEMPLATES
        self.person = Person(AppBrowser(self.app), BASE_URL)

    def publish(self) -> None:
        """What the folders hold now."""
        publish_folders(self.runtime)

    def step(self) -> int:
        """One planning step, then everything that may go goes; how many letters were sent."""
        planning_step(self.runtime)
        with self.runtime.db.read() as session:
            due = Delivery.state == "queued", Delivery.retry_at <= self.clock.real()
            batches = session.scalars(
                select(Delivery.batch).where(*due).group_by(Delivery.batch).order_by(*FIRST_THE_EARLIEST)
            ).all()
        return sum(deliver_batch(self.runtime, batch) for batch in batches)

    def forward(self, **parts: float) -> int:
        """Lets time go by (`days=1`, `hours=2`), with a step at each moment at which something is due; how many
        letters were sent."""
        until, sent, steps = self.clock.now() + timedelta(**parts), 0, 0
        while (due := self._due_before(until)) is not None:
            steps += 1
            # What is looked at again and again would take all day.
            least = timedelta(hours=1) if steps > MANY_STEPS else timedelta()
            self.clock.moments.append(min(max(due, self.clock.now() + least), until))
            sent += self.step()
        self.clock.moments.append(until)
        return sent + self.step()

    def _due_before(self, until: datetime) -> datetime | None:
        now = self.clock.now()
        with self.runtime.db.read() as session:
            planned = session.scalar(
                select(func.min(Enrolment.due_at)).where(Enrolment.due_at > now, Enrolment.due_at < until)
            )
            waits = Delivery.state == "queued", Delivery.retry_at > now, Delivery.retry_at < until
            tried = session.scalar(select(func.min(Delivery.retry_at)).where(*waits))
        return min(filter(None, (planned, tried)), default=None)

    def next_lesson(self, email: str = "ada@example.org") -> None:
        """Moves the clock to the moment the learner's next lesson is due, and delivers it."""
        next_at = self.look_up(email).next_at
        assert next_at is not None, "nothing is planned"
        self.clock.moments.append(max(next_at, self.clock.now()))
        self.step()

    def complete_all(self) -> None:
        """Ada completes each lesson as it comes, to the end of the course."""
        *others, last = (lesson.slug for lesson in self.course.lessons)
        for slug in others:
            self.person.post(f"{self.learn_url()}/{slug}/complete")
            self.next_lesson()
        self.person.post(f"{self.learn_url()}/{last}/complete")

    def mails(self, kind: str | None = None) -> list[Mail]:
        folder = self.runtime.settings.outbox
        assert folder is not None, "this world has no outbox"
        mails = [read_mail(raw) for raw in of_outbox(folder)()]
        return [mail for mail in mails if kind in (None, mail.kind)]

    def register(self, email: str = "ada@example.org", **fields: str) -> Page:
        """Submits the form of the first course and delivers what follows."""
        form = {"email": email, "name": "Ada", "zone": "Europe/Berlin", "hour": "8"} | fields
        page = self.person.submit(self.person.look(f"/courses/{self._slug}"), **form)
        self.step()
        return page

    def enrol(self, email: str = "ada@example.org", **fields: str) -> Page:
        """Registers and confirms; the course page, with the first lesson delivered."""
        self.register(email, **fields)
        confirm = next(m for m in reversed(self.mails("confirm")) if m.message["To"] == email)
        page = self.person.submit(self.person.look(confirm.link("/confirm/")))
        self.step()
        return page

    def admit(self, *emails: str) -> None:
        """Enrols people for whose consent an operator vouches, whether mail gets through or not; the next step
        sends each their welcome and first lesson."""
        with self.runtime.db.write() as session:
            published = self.runtime.shelf.by_slug(session, self._slug)
            for email in emails:
                form = Registration(email, "", "UTC", 8, tracking=False)
                admit(session, published, form, self.clock.times())

    def look_up(self, email: str = "ada@example.org") -> Enrolment:
        """The newest enrolment of an address, as its row is now."""
        with self.runtime.db.read() as session:
            return newest_enrolment(session, email)

    @property
    def course(self) -> Course:
        """The first course as published."""
        with self.runtime.db.read() as session:
            return self.runtime.shelf.by_slug(session, self._slug).course

    def learn_url(self, email: str = "ada@example.org") -> str:
        """The learner's course page."""
        enrolment = self.look_up(email)
        return f"/learn/{self.runtime.signer.learn(enrolment.id, enrolment.generation)}"

    def ask_for(self, deed: str, email: str = "ada@example.org") -> str:
        """The link of the mail by which a learner takes their data, or has it erased."""
        self.person.post(f"{self.learn_url(email)}/{deed}")
        self.step()
        return next(mail for mail in reversed(self.mails(deed)) if mail.message["To"] == email).link("/wish/")

    def erase(self, email: str = "ada@example.org") -> None:
        """All that is held on a learner, as they do it themselves."""
        self.person.post(self.ask_for("erase", email))

    def unsubscribe_url(self, email: str = "ada@example.org") -> str:
        return f"/unsubscribe/{self.runtime.signer.unsubscribe(self.look_up(email).id)}"

    def rows(self) -> dict[str, list[Mapping[str, Any]]]:
        """All that is stored, to compare before and after."""
        with self.runtime.db.read() as session:
            return {
                table.name: sorted((dict(row) for row in session.execute(select(table)).mappings()), key=repr)
                for table in Base.metadata.sorted_tables
            }

    def close(self) -> None:
        self.runtime.close()

    @property
    def _slug(self) -> str:
        return course_slugs(self.lessons_dir)[0]


def publish_folders(runtime: Runtime) -> None:
    """What the folders of courses hold now."""
    lessons_dir, now, real = runtime.settings.lessons_dir, runtime.clock.now(), runtime.clock.real()
    for slug in course_slugs(lessons_dir):
        folder = read_folder(lessons_dir, slug)
        kept = keep_media(folder, runtime.settings.var_dir)
        with runtime.db.write() as session:
            publish_folder(session, folder, kept, now, Doer("the author", real))


def newest_enrolment(session: Session, email: str) -> Enrolment:
    return session.scalars(
        select(Enrolment)
        .join(Learner, Learner.id == Enrolment.learner_id)
        .where(Learner.email == email)
        .order_by(Enrolment.id.desc())
        .limit(1)
    ).one()
