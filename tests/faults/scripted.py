"""A world in this process whose mail provider does what a test scripts, letter by letter."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import func, select

from course.clock import Clock
from course.db import NOBODY_WAITS
from course.enrolment.enrolments import Participant, find_enrolment
from course.enrolment.joining import confirm, register
from course.enrolment.registration import Registration
from course.models import CourseRow, Delivery, Enrolment, Event, Learner
from mailer.compose.message import Letter, Template
from mailer.providers.answer import Answer, Begin, unannounced
from mailer.providers.sendgrid.request import ATTEMPT
from mailer.sending.deliver import deliver_batch
from mailer.sending.patience.turn import FIRST_THE_EARLIEST
from mailer.sending.plan import planning_step
from tests.faults.oracle import DAY, Seen
from tests.support.servers.sendgrid_events import EventSigner, told
from tests.support.world.sample_course import write_sample
from tests.support.world.world import World

Deed = Literal[
    "accept",
    "refuse",
    "lose-before",
    "lose-after",
    "die-before",
    "die-after",
    "die-answered",
    "sleep-refused",
    "sleep-accept",
]
"""lose: the reply gets lost, before or after the letter was taken. die: so does the worker; `die-answered` does
so when this letter's answer is known. `sleep-…`: begun, long asleep, then refused or accepted."""


class Died(BaseException):
    """The worker's end: nothing after it is done, and its locks are let go, as by a `kill -9`."""


@dataclass
class Scripted:
    """`script` names the deed for the next letters in order; then all are accepted. `meanwhile` runs before each
    request is begun, as what happens elsewhere while this worker sleeps. `together`: letters in a request.
    `confirms`: as if an event would follow each letter that is taken."""

    clock: Clock
    script: list[Deed] = field(default_factory=list)
    meanwhile: list[Callable[[], None]] = field(default_factory=list)
    asleep: Callable[[], None] = lambda: None
    together: int = 1
    confirms: bool = False
    taken: list[tuple[str, str, str]] = field(default_factory=list)
    """Address, occasion, and attempt of each letter that was taken."""
    moments: list[datetime] = field(default_factory=list)

    def send(self, template: Template, letters: Sequence[Letter], begin: Begin = unannounced) -> Iterator[Answer]:
        for at in range(0, len(letters), self.together):
            request = letters[at : at + self.together]
            if self.meanwhile:
                self.meanwhile.pop(0)()
            deeds = [self.script.pop(0) if self.script else "accept" for _ in request]
            begin([letter.attempt for letter in request])
            for letter, deed in zip(request, deeds, strict=True):
                yield self._answer(deed, template, letter)
                if deed == "die-answered":
                    raise Died

    def _answer(self, deed: Deed, template: Template, letter: Letter) -> Answer:
        if deed in ("sleep-refused", "sleep-accept"):
            self.asleep()
        if deed in ("refuse", "sleep-refused"):
            return Answer(letter.attempt, "refused", "451 later")
        if deed in ("accept", "lose-after", "die-after", "die-answered", "sleep-accept"):
            self.taken.append((letter.email, _occasion(template), letter.attempt))
            self.moments.append(self.clock.now())
        if deed in ("die-before", "die-after"):
            raise Died
        if deed in ("lose-before", "lose-after"):
            return Answer(letter.attempt, "unknown", "no reply")
        return Answer(letter.attempt, "accepted")

    def has(self, delivery: str) -> None:
        """Nobody can be asked."""

    def trouble(self) -> str:
        return ""

    def ways(self) -> dict[str, str]:
        return {}

    def close(self) -> None:
        """Nothing is open."""

    @property
    def seen(self) -> Seen:
        return Seen((email, occasion) for email, occasion, _ in self.taken)


def _occasion(template: Template) -> str:
    day = DAY.search("".join(template.text.texts))
    return f"lesson {day[1]}" if day else "other"


class ScriptedWorld(World):
    """`events`: with a webhook key, as with SendGrid; otherwise without events, as with SMTP. With a `mail_url`
    letters go there, and not by the script."""

    def __init__(
        self, folder: Path, database_url: str, redis_url: str, *, events: bool = False, mail_url: str = ""
    ) -> None:
        self.signer = EventSigner()
        settings = {"SENDGRID_WEBHOOK_KEY": self.signer.public_key} if events else {}
        if mail_url:
            settings["MAIL_URL"] = mail_url
        if not (folder / "lessons").exists():
            write_sample(folder / "lessons")
        super().__init__(folder / "var", database_url, redis_url, folder / "lessons", **settings)
        self.provider = Scripted(self.clock, confirms=events)
        if not mail_url:
            self.runtime = replace(self.runtime, provider=self.provider)

    def learners(self, count: int, zone: str = "UTC", hour: int = 8) -> list[str]:
        """Confirmed ones, whose welcome is out and whose first lesson is due and not planned yet."""
        emails = [f"learner{number}@example.org" for number in range(count)]
        times = self.clock.times()
        with self.runtime.db.write() as session:
            # No worker takes the jobs of these first mails, for which batches would give way for ever.
            session.info[NOBODY_WAITS] = True
            published = self.runtime.shelf.course(session, session.scalars(select(CourseRow.id)).one())
            for email in emails:
                register(session, published, Registration(email, "Ada", zone, hour, False), times)
                enrolment = session.scalars(select(Enrolment).join(Learner).where(Learner.email == email)).one()
                confirm(session, Participant(*find_enrolment(session, enrolment.id), published), times)
        for batch in self.batches():
            deliver_batch(self.runtime, batch)
        self.provider.taken.clear()
        self.provider.moments.clear()
        return emails

    def batches(self) -> list[str]:
        """Those with letters that may go now."""
        with self.runtime.db.read() as session:
            due = Delivery.state == "queued", Delivery.retry_at <= self.clock.real()
            ready = select(Delivery.batch).where(*due).group_by(Delivery.batch)
            return list(session.scalars(ready.order_by(*FIRST_THE_EARLIEST)))

    def plan(self) -> list[str]:
        planning_step(self.runtime)
        return self.batches()

    def work(self) -> bool:
        """Plans and delivers, as often as anything is left to do now; whether a worker died of it."""
        died = False
        for batch in self.plan():
            try:
                deliver_batch(self.runtime, batch)
            except Died:
                died = True
        return died

    def work_on(self, seconds: float, step: float = 1.0) -> None:
        """Time goes by, and the world does its work."""
        for _ in range(int(seconds / step)):
            self.clock.forward(seconds=step)
            with suppress(Died):
                self.work()

    def tell_of(self, taken: Sequence[tuple[str, str, str]], *kinds: str) -> None:
        """Events for letters that were taken: delivered, if no kind is given."""
        at = int(self.clock.real().timestamp())
        self.tell(
            [told({ATTEMPT: a}, kind, at, type="blocked") for _, _, a in taken for kind in kinds or ("delivered",)]
        )

    def tell(self, events: Sequence[Mapping[str, object]]) -> None:
        body, headers = self.signer.signed_events(events)
        status = self.app.test_client().post("/hooks/sendgrid", data=body, headers=headers).status_code
        assert status == 204, f"the webhook answered {status}"

    def duplicates(self) -> int:
        with self.runtime.db.read() as session:
            return int(session.scalar(select(func.sum(Delivery.duplicates))) or 0)

    def states(self) -> list[str]:
        """Of the lessons, sorted."""
        with self.runtime.db.read() as session:
            return sorted(session.scalars(select(Delivery.state).where(Delivery.kind == "lesson")))

    def events(self) -> int:
        with self.runtime.db.read() as session:
            return int(session.scalar(select(func.count()).select_from(Event)) or 0)
