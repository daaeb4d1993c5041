"""An author who edits, and learners under way, with real parts: files, publishing, rows, planning and letters.

Every lesson has a number that never changes, in its subject: by it the mails tell lessons apart, whatever they
are called.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.parser import BytesHeaderParser
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from course.content.parse import slug_in
from course.drafts.files import NEW, open_text, remove, rename_all, save_text
from course.drafts.folder import read_folder
from course.drafts.order import in_order, moved, next_number
from course.enrolment.enrolments import Participant, participant
from course.enrolment.joining import admit
from course.enrolment.many.move_learners import move_learners
from course.enrolment.registration import Registration
from course.enrolment.steering import Wish, pause, settle
from course.ids import new_id
from course.learning.completion import came, complete
from course.migrations.schema import migrate_database
from course.models import CourseRow, Delivery, Enrolment
from course.publishing.history import put_back
from course.publishing.publish import Unpublishable, publish_folder
from course.schedule.progress import Pace
from course.staff.audit_log import Doer
from mailer.compose.message import Letter, Template
from mailer.compose.mime import wire_of
from mailer.providers.answer import Answer, Begin, unannounced
from mailer.runtime import build
from mailer.sending.deliver import deliver_batch
from mailer.sending.patience.turn import FIRST_THE_EARLIEST
from mailer.sending.plan import planning_step
from mailer.settings import load
from tests.support.world.databases import rows_need_not_last
from tests.support.world.settings import SECRET
from tests.support.world.world import SetClock, newest_enrolment

COURSE_MD = "---\ntitle: In the making\n---\nBegin.\n"
SUBJECT = re.compile(r"^subject: Lesson (\d+)$", flags=re.M)


@dataclass(frozen=True, slots=True)
class Received:
    """What a learner's inbox shows of a mail; `number` is a lesson's, 0 for other mails."""

    kind: str
    number: int
    at: datetime


class Inboxes:
    """Takes every letter as it would travel."""

    confirms = False

    def __init__(self, clock: SetClock) -> None:
        self._clock = clock
        self.mails: dict[str, list[Received]] = {}

    def send(self, template: Template, letters: Sequence[Letter], begin: Begin = unannounced) -> Iterator[Answer]:
        wire = wire_of(template)
        for letter in letters:
            begin([letter.attempt])
            self._take(wire.bytes_of(letter))
            yield Answer(letter.attempt, "accepted")

    def _take(self, raw: bytes) -> None:
        mail = BytesHeaderParser().parsebytes(raw)
        kind, number = mail["Feedback-ID"].partition(":")[0], re.fullmatch(r"Lesson (\d+)", mail["Subject"])
        received = Received(kind, int(number[1]) if number and kind == "lesson" else 0, self._clock.now())
        self.mails.setdefault(mail["To"], []).append(received)

    def has(self, delivery: str) -> None:
        """Nobody will ask: all answers are known."""

    def trouble(self) -> str:
        return ""

    def ways(self) -> dict[str, str]:
        return {}

    def close(self) -> None:
        """Nothing is held."""

    @property
    def total(self) -> int:
        return sum(map(len, self.mails.values()))


class RealEditing:
    """One course on disk and in service, from nothing with each `begin`."""

    def __init__(self, folder: Path, database_url: str, redis_url: str) -> None:
        self.clock = SetClock()
        self.inboxes = Inboxes(self.clock)
        settings = load(
            {
                "VAR_DIR": str(folder / "var"),
                "DATABASE_URL": database_url,
                "REDIS_URL": redis_url,
                "LESSONS_DIR": str(folder / "lessons"),
                "SECRET_KEY": SECRET,
            }
        )
        self._runtime = replace(build(settings), clock=self.clock, provider=self.inboxes)
        self._slug = ""
        rows_need_not_last(self._runtime.db)
        migrate_database(self._runtime.db)

    def begin(self, lessons: int) -> None:
        """Another course; nobody hears of the earlier ones any more."""
        with self._runtime.db.write() as session:
            session.execute(update(Enrolment).values(due_at=None))
            session.execute(update(Delivery).where(Delivery.state == "queued").values(state="cancelled"))
        del self.clock.moments[1:]
        self.inboxes.mails.clear()
        self._slug = f"in-the-making-{new_id()[:8]}"
        self._root.mkdir(parents=True)
        save_text(self._root, "course.md", COURSE_MD, NEW)
        for number in range(lessons):
            self.write(f"n{number}", number)

    def close(self) -> None:
        self._runtime.close()

    @property
    def _root(self) -> Path:
        return self._runtime.settings.lessons_dir / self._slug

    @property
    def files(self) -> list[str]:
        """The draft's lessons in their order."""
        return in_order([path.name for path in self._root.iterdir()])

    @property
    def drafted(self) -> tuple[int, ...]:
        """Their numbers."""
        return tuple(number_in(self.text(path)) for path in self.files)

    def text(self, path: str) -> str:
        return open_text(self._root, path).text

    def write(self, slug: str, number: int, text: str = "") -> str:
        """A lesson at the end of the draft; its file."""
        path = f"{next_number(self.files)}-{slug}.md"
        save_text(self._root, path, text or lesson_text(number), NEW)
        return path

    def change(self, path: str, text: str) -> None:
        save_text(self._root, path, text, open_text(self._root, path).digest)

    def shift(self, path: str, by: int) -> None:
        rename_all(self._root, moved(self.files, path, by))

    def rename(self, path: str, slug: str, was: Iterable[str]) -> None:
        """As an author does: the file gets another name, and its front matter says what it was."""
        fresh = path.replace(slug_in(path), slug)
        rename_all(self._root, [(path, fresh)])
        former = ", ".join(name for name in was if name != slug)
        self.change(fresh, re.sub(r"^was: .*\n", "", self.text(fresh), flags=re.M))
        self.change(fresh, self.text(fresh).replace("---\n", f"---\nwas: [{former}]\n", 1))

    def remove(self, path: str) -> None:
        remove(self._root, path, open_text(self._root, path).digest)

    def publish(self) -> bool:
        """False where it was refused."""
        folder = read_folder(self._root.parent, self._slug)
        try:
            with self._runtime.db.write() as session:
                publish_folder(session, folder, {}, self.clock.now(), self._author)
        except Unpublishable:
            return False
        return True

    def roll_back(self, version: int) -> None:
        with self._runtime.db.write() as session:
            put_back(session, self._slug, version, self.clock.now(), self._author)

    def move(self) -> None:
        with self._runtime.db.write() as session:
            move_learners(session, self._runtime.shelf, self._slug, self.clock.now(), self._author)

    @property
    def version(self) -> int:
        with self._runtime.db.read() as session:
            return session.scalars(select(CourseRow.version).where(CourseRow.slug == self._slug)).one()

    def enrol(self, email: str, zone: str, hour: int, pace: Pace) -> None:
        times = self.clock.times()
        with self._runtime.db.write() as session:
            published = self._runtime.shelf.by_slug(session, self._slug)
            admit(session, published, Registration(email, "", zone, hour, tracking=False), times)
            settle(session, self._found(session, email), Wish(zone, str(hour), list("0123456"), pace), times.now)

    def complete(self, email: str) -> None:
        """All lessons that came."""
        with self._runtime.db.write() as session:
            who = self._found(session, email)
            for lesson in who.course.lessons:
                if came(session, who.enrolment, lesson.slug):
                    complete(session, who, lesson.slug, self.clock.times())

    def pause(self, email: str, days: int) -> None:
        with self._runtime.db.write() as session:
            pause(session, self._found(session, email), days, self.clock.now())

    def _found(self, session: Session, email: str) -> Participant:
        return participant(session, self._runtime.shelf, newest_enrolment(session, email).id, lock=True)

    def forward(self, hours: int) -> None:
        """Every planning step at its moment."""
        self.clock.forward(hours=hours)
        until = self.clock.moments.pop()
        while (due_at := self._next_look()) is not None and due_at <= until:
            self.clock.moments.append(max(due_at, self.clock.now()))
            self.step()
        self.clock.moments.append(until)

    def _next_look(self) -> datetime | None:
        with self._runtime.db.read() as session:
            return session.scalar(select(func.min(Enrolment.due_at)))

    def plan(self) -> int:
        """How many mails wait to be sent then."""
        planning_step(self._runtime)
        with self._runtime.db.read() as session:
            return session.scalar(select(func.count()).where(Delivery.state == "queued")) or 0

    def step(self) -> None:
        """What is due is planned, and all that may go goes."""
        self.plan()
        with self._runtime.db.read() as session:
            queued = select(Delivery.batch).where(Delivery.state == "queued").group_by(Delivery.batch)
            batches = session.scalars(queued.order_by(*FIRST_THE_EARLIEST)).all()
        for batch in batches:
            deliver_batch(self._runtime, batch)

    @property
    def _author(self) -> Doer:
        return Doer("the author", self.clock.real())


def lesson_text(number: int) -> str:
    return (
        f"---\ntitle: Lesson {number}\nsubject: Lesson {number}\npreheader: Short.\n---\nWords.\n\n- [ ] Do it\n"
    )


def number_in(text: str) -> int:
    found = SUBJECT.search(text)
    assert found, text
    return int(found[1])
