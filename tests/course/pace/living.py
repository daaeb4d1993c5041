"""One learner after the other, with real parts: database, pages, planning step, letters; the clock is set."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from pathlib import Path

from sqlalchemy import func, select, update

from course.drafts.folder import read_folder
from course.enrolment.enrolments import participant
from course.enrolment.joining import confirm, register
from course.enrolment.many.move_learners import move_learners
from course.enrolment.registration import Registration
from course.language.catalogues import words_in
from course.models import Delivery, Enrolment
from course.publishing.publish import publish_folder
from course.reports.mail_history import story_of
from course.schedule.facts import facts_of
from course.schedule.rhythm import spread_of
from course.staff.audit_log import Doer
from mailer.compose.message import Letter, Template
from mailer.compose.mime import wire_of
from mailer.providers.answer import Answer, Begin, unannounced
from mailer.sending.deliver import deliver_batch
from mailer.sending.patience.hold import hold_sending, release_sending
from mailer.sending.patience.turn import FIRST_THE_EARLIEST
from mailer.sending.plan import planning_step
from tests.course.pace.lives import Life
from tests.support.world.mails import read_mail
from tests.support.world.world import World, newest_enrolment
from web.learner.view.days import days_of
from web.request import open_link

ENGLISH = words_in("en")


@dataclass(frozen=True)
class Received:
    """A mail as it came: `what` is a lesson's name, or the mail's kind."""

    what: str
    at: datetime
    text: str


class Inbox:
    """Takes every letter as it would travel."""

    confirms = False

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.mails: list[Received] = []

    def send(self, template: Template, letters: Sequence[Letter], begin: Begin = unannounced) -> Iterator[Answer]:
        wire = wire_of(template)
        for letter in letters:
            begin([letter.attempt])
            self._take(wire.bytes_of(letter))
            yield Answer(letter.attempt, "accepted")

    def _take(self, raw: bytes) -> None:
        headers = BytesHeaderParser().parsebytes(raw)
        kind = headers["Feedback-ID"].partition(":")[0]
        if kind in ("lesson", "nudge"):
            lesson = kind == "lesson"
            self.mails.append(
                Received(headers["Subject"] if lesson else kind, self.now(), read_mail(raw).text if lesson else "")
            )

    def has(self, delivery: str) -> None:
        """Nobody will ask: all answers are known."""

    def trouble(self) -> str:
        return ""

    def ways(self) -> dict[str, str]:
        return {}

    def close(self) -> None:
        """Nothing is held."""


class Living:
    """A world in which one learner lives at a time, in a course of their own."""

    def __init__(self, folder: Path, database_url: str, redis_url: str) -> None:
        (folder / "lessons").mkdir()
        self.world = World(folder / "var", database_url, redis_url, folder / "lessons", False)
        self.browser = self.world.app.test_client()
        self.clock = self.world.clock
        self.inbox = Inbox(self.clock.now)
        self.runtime = replace(self.world.runtime, provider=self.inbox)
        self.lives = 0

    def close(self) -> None:
        self.world.close()

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def begin(self, life: Life) -> None:
        """Another course and learner; nobody hears of the earlier ones any more."""
        with self.runtime.db.write() as session:
            session.execute(update(Enrolment).values(due_at=None))
            session.execute(update(Delivery).where(Delivery.state == "queued").values(state="cancelled"))
            release_sending(session)
        self.lives += 1
        self.clock.moments[:] = [life.begins]
        self.inbox.mails.clear()
        self.slug, self.email, self.life = f"life-{self.lives}", f"life-{self.lives}@example.org", life
        self.publish([f"n{number}" for number in range(life.lessons)])

    def publish(self, lessons: Sequence[str]) -> None:
        folder = self.runtime.settings.lessons_dir / self.slug
        folder.mkdir(exist_ok=True)
        for old in folder.glob("*.md"):
            old.unlink()
        limit = f"max_open: {self.life.limit}\n" if self.life.limit else ""
        (folder / "course.md").write_text(
            f"---\ntitle: A life\nstart: {self.life.starts}\nnudge: {self.life.reminds_after}\n"
            f"pace: {self.life.pace}\n{limit}---\nBegin.\n"
        )
        for number, slug in enumerate(lessons, 1):
            text = f"---\ntitle: Lesson {slug}\nsubject: {slug}\npreheader: Short.\n---\nWords.\n\n- [ ] Do it\n"
            (folder / f"{number:02}-{slug}.md").write_text(text)
        doer = Doer("the author", self.clock.real())
        with self.runtime.db.write() as session:
            publish_folder(session, read_folder(folder.parent, self.slug), {}, self.clock.now(), doer)

    def move(self) -> None:
        with self.runtime.db.write() as session:
            move_learners(
                session, self.runtime.shelf, self.slug, self.clock.now(), Doer("the author", self.clock.real())
            )

    def sign_up(self, zone: str, hour: int) -> None:
        """Types the form, and confirms."""
        with self.runtime.db.write() as session:
            published = self.runtime.shelf.by_slug(session, self.slug)
            form = Registration(self.email, "Ada", zone, hour, tracking=False)
            register(session, published, form, self.clock.times())
        with self.runtime.db.write() as session:
            who = participant(session, self.runtime.shelf, newest_enrolment(session, self.email).id)
            confirm(session, who, self.clock.times())

    @property
    def enrolment(self) -> Enrolment:
        with self.runtime.db.read() as session:
            return newest_enrolment(session, self.email)

    @property
    def spread(self) -> int:
        return spread_of(f"enrolment {self.enrolment.id}")

    def post(self, path: str, fields: Mapping[str, object] | None = None) -> int:
        """A deed on the learner's page; the status of the answer."""
        answer = self.browser.post(f"/learn/{self.token}{path}", data=fields or {})
        return answer.status_code

    def visit(self, lesson: str) -> None:
        self.browser.get(f"/learn/{self.token}/{lesson}")

    def unsubscribe(self, path: str = "") -> None:
        signed = self.runtime.signer.unsubscribe(self.enrolment.id)
        assert self.browser.post(f"/unsubscribe/{signed}{path}").status_code in (200, 302, 303)

    @property
    def token(self) -> str:
        enrolment = self.enrolment
        return self.runtime.signer.learn(enrolment.id, enrolment.generation)

    def hold(self) -> None:
        with self.runtime.db.write() as session:
            hold_sending(session, "a test", self.clock.real())

    def release(self) -> None:
        with self.runtime.db.write() as session:
            release_sending(session)

    # What the post does.

    def plan_mails(self) -> None:
        """Twice, since what the first step finds to be late is planned anew by the next one."""
        planning_step(self.runtime)
        planning_step(self.runtime)

    def deliver(self) -> None:
        for _ in range(2):  # the welcome first
            with self.runtime.db.read() as session:
                due = Delivery.state == "queued", Delivery.retry_at <= self.clock.real()
                batches = session.scalars(
                    select(Delivery.batch).where(*due).group_by(Delivery.batch).order_by(*FIRST_THE_EARLIEST)
                ).all()
            if not batches:
                return
            for batch in batches:
                deliver_batch(self.runtime, batch)

    def due(self, until: datetime) -> datetime | None:
        """The next moment at which the planning step has something to do."""
        with self.runtime.db.read() as session:
            first = select(func.min(Enrolment.due_at)).where(
                Enrolment.due_at > self.now, Enrolment.due_at <= until
            )
            return session.scalar(first)

    # What a learner is told.

    def on_the_page(self) -> dict[str, str]:
        with self.world.app.test_request_context(), self.runtime.db.read() as session:
            opened = open_link(session, self.token)
            facts = facts_of(session, opened.published, opened.enrolment)
            days = days_of(session, opened, facts, {}, self.clock.now())
            return {day.slug: day.when for day in days if day.state == "planned" and day.when}

    def explained(self) -> list[tuple[str, datetime]]:
        with self.runtime.db.read() as session:
            enrolment = newest_enrolment(session, self.email)
            published = self.runtime.shelf.course(session, enrolment.course_id)
            mails = story_of(session, published, enrolment, self.clock.now(), ENGLISH).mails
        return [(mail.lesson or mail.kind, mail.at) for mail in mails if mail.state == "planned"]

    def in_the_calendar(self) -> dict[str, datetime]:
        text = self.browser.get(f"/learn/{self.token}/calendar.ics").get_data().decode()
        found = re.findall(r"UID:\d+-\d+-(\w+)@.*?DTSTART:(\w+)", text.replace("\r\n ", ""), flags=re.S)
        return {slug: datetime.strptime(at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) for slug, at in found}
