"""Every use case that writes, as something that two can do at the same moment, in the way the product does it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from sqlalchemy import select

from course.drafts.folder import read_folder
from course.enrolment import privacy, way_back_in
from course.enrolment.closed_addresses import allow
from course.enrolment.many.csv_rows import Row
from course.enrolment.many.import_learners import take_in
from course.enrolment.many.move_learners import move_learners
from course.enrolment.registration import Registration
from course.erasure.learner import erase
from course.errors import DayletterError
from course.models import Delivery, Enrolment, Learner
from course.publishing.publish import keep_media, publish_folder
from course.staff.audit_log import Doer
from mailer.providers.answer import Answer
from mailer.providers.events import EventKind, ProviderEvent
from mailer.sending.clock_jumps import begin_anew
from mailer.sending.continuity import letting_go_on
from mailer.sending.deliver import deliver_batch
from mailer.sending.plan import planning_step
from mailer.sending.record import record, renew_lease
from mailer.sending.record_events import record_events
from mailer.sending.sweep import sweep
from tests.locks.scene import BATCH, EMAILS, OTHER, OWNER, Scene
from tests.support.world.sample_course import SLUG


@dataclass(frozen=True)
class Stage:
    """A scene with all that its deeds must know of its rows. They begin with a learner, drawn by lot, as their
    `who`, and do what they do to many in an order drawn by lot."""

    scene: Scene
    enrolments: Mapping[str, int]
    mails: Mapping[str, Mapping[str, str]]
    """The deliveries of each address's first course, by occasion."""
    attempts: Mapping[str, str]
    """By delivery, all there are."""

    def learn(self, who: str) -> str:
        return f"/learn/{self.scene.world.runtime.signer.learn(self.enrolments[who], 0)}"

    def press(self, url: str, **fields: str) -> None:
        status = self.scene.world.app.test_client().post(url, data=fields).status_code
        assert status < 500, f"{url} answered {status}"

    def look(self, url: str) -> None:
        status = self.scene.world.app.test_client().get(url).status_code
        assert status < 500, f"{url} answered {status}"


Deed = Callable[[Stage, str, Random], object]


def stage_of(scene: Scene) -> Stage:
    with scene.world.runtime.db.read() as session:
        firsts = session.execute(
            select(Learner.email, Enrolment.id)
            .join(Enrolment, Enrolment.learner_id == Learner.id)
            .order_by(Enrolment.id.desc())
        )
        enrolments = dict(firsts.all())
        mails = session.scalars(select(Delivery)).all()
    return Stage(
        scene,
        enrolments,
        {
            email: {mail.occasion: mail.id for mail in mails if mail.enrolment_id == enrolment}
            for email, enrolment in enrolments.items()
        },
        {mail.id: str(mail.attempt_id) for mail in mails},
    )


def pressing(path: str, **fields: str) -> Deed:
    """A button of the learner's pages."""

    def press(stage: Stage, who: str, _chance: Random) -> None:
        stage.press(stage.learn(who) + path, **fields)

    return press


def register(stage: Stage, who: str, chance: Random) -> None:
    email = chance.choice([who, "new@example.org"])
    fields = {"name": "A", "zone": "UTC", "hour": "8", "as_typed": "1"}
    stage.press(f"/courses/{SLUG}/enrol", email=email, **fields)


def confirm(stage: Stage, who: str, _chance: Random) -> None:
    """Also lifts a suppression: the first address of the scene has one."""
    runtime = stage.scene.world.runtime
    issued = int(runtime.clock.now().timestamp())
    stage.press(f"/confirm/{runtime.signer.confirm(stage.enrolments[who], 0, issued)}")


def leave(stage: Stage, who: str, _chance: Random) -> None:
    stage.press(f"/unsubscribe/{stage.scene.world.runtime.signer.unsubscribe(stage.enrolments[who])}")


def leave_and_come_back(stage: Stage, who: str, chance: Random) -> None:
    leave(stage, who, chance)
    stage.press(f"/unsubscribe/{stage.scene.world.runtime.signer.unsubscribe(stage.enrolments[who])}/undo")


def agree_to(occasion: str) -> Deed:
    def agree(stage: Stage, who: str, _chance: Random) -> None:
        stage.press(f"/agree/{stage.scene.world.runtime.signer.agree(stage.mails[who][occasion])}")

    return agree


def ask_for_a_lost_link(stage: Stage, who: str, _chance: Random) -> None:
    runtime = stage.scene.world.runtime
    with runtime.db.write() as session:
        way_back_in.write_to(session, who, runtime.clock.times(), "a network")


def open_a_lesson(stage: Stage, who: str, _chance: Random) -> None:
    stage.look(f"{stage.learn(who)}/dough-1")


def hit(stage: Stage, who: str, _chance: Random) -> None:
    mail = stage.mails[who]["lesson:dough-1"]
    stage.look(f"/o/{stage.scene.world.runtime.signer.pixel(mail)}.gif")


def erase_from_the_mail(stage: Stage, who: str, chance: Random) -> None:
    """Asked for first, which sends the mail; its link is opened at once."""
    pressing("/erase")(stage, who, chance)
    runtime = stage.scene.world.runtime
    with runtime.db.read() as session:
        asked = select(Delivery.id).where(Delivery.enrolment_id == stage.enrolments[who], Delivery.kind == "erase")
        mail = session.scalar(asked)
    if mail is not None:
        stage.press(f"/wish/{runtime.signer.wish(mail, 0)}")


def erase_by_an_operator(stage: Stage, who: str, _chance: Random) -> None:
    with stage.scene.world.runtime.db.write() as session:
        erase(session, privacy.learner_with(session, who).id, stage.scene.world.clock.now())


def import_a_file(stage: Stage, who: str, chance: Random) -> None:
    runtime = stage.scene.world.runtime
    emails = [*EMAILS, "new@example.org", "newer@example.org", f"next-{who}"]
    chance.shuffle(emails)
    now = runtime.clock.now()
    rows = [Row(n, Registration(email, "A", "UTC", 8, True), now) for n, email in enumerate(emails)]
    with runtime.db.write() as session:
        take_in(session, runtime.shelf.by_slug(session, chance.choice([SLUG, OTHER])), rows, runtime.clock.times())


def publish(stage: Stage, _who: str, chance: Random) -> None:
    _publish(stage, f"Words of {chance.random()}.", "1-dough-1")


def rename(stage: Stage, _who: str, chance: Random) -> None:
    _publish(stage, "The same.", f"1-dough-{chance.randrange(10, 1_000_000)}")


def _publish(stage: Stage, words: str, name: str) -> None:
    """From a folder of its own, in which the first lesson has this name and these words."""
    world = stage.scene.world
    folder = read_folder(world.lessons_dir, SLUG)
    texts = dict(folder.texts)
    was = "" if name == "1-dough-1" else "was: dough-1\n"
    texts[f"{name}.md"] = f"---\n{was}title: First\n---\n{words}\n\n- [ ] Knead\n"
    if was:
        del texts["1-dough-1.md"]
    draft = replace(folder, texts=texts)
    kept = keep_media(draft, world.runtime.settings.var_dir)
    with world.runtime.db.write() as session:
        publish_folder(session, draft, kept, world.runtime.clock.now(), Doer("a", world.clock.real()))


def move_everybody(stage: Stage, who: str, chance: Random) -> None:
    """To an edition that is made for it."""
    world = stage.scene.world
    with world.runtime.db.write() as session:
        move_learners(session, world.runtime.shelf, SLUG, world.runtime.clock.now(), Doer("a", world.clock.real()))


def plan_and_sweep(stage: Stage, _who: str, _chance: Random) -> None:
    planning_step(stage.scene.world.runtime)


def take_up(stage: Stage, _who: str, _chance: Random) -> None:
    sweep(stage.scene.world.runtime, stage.scene.world.clock.real())


def deliver(stage: Stage, _who: str, _chance: Random) -> None:
    """Claims, sends and records."""
    deliver_batch(stage.scene.world.runtime, BATCH.format(1))


def record_answers(stage: Stage, _who: str, chance: Random) -> None:
    """Of the letters of another machine: some were taken, and of the others each had another answer."""
    runtime, mails = stage.scene.world.runtime, _under_way(stage, chance)
    others = (
        {"outcome": "refused", "permanent": True},
        {"outcome": "refused"},
        {"outcome": "refused", "lasting": True, "why": "550 no"},
        {"outcome": "unknown"},
        {"outcome": "refused", "account": True},
    )
    answered = []
    for number, mail in enumerate(mails):
        kind = others[number // 2 % len(others)] if number % 2 else {"outcome": "accepted"}
        answered.append((mail, Answer(stage.attempts[mail], **kind)))
    with runtime.db.write() as session:
        record(session, OWNER, answered, runtime.clock.times())


def _under_way(stage: Stage, chance: Random) -> list[str]:
    occasions = ("again:dough-1:1", "again:dough-1:2")
    mails = [own[occasion] for own in stage.mails.values() for occasion in occasions]
    chance.shuffle(mails)
    return mails


def renew_a_lease(stage: Stage, _who: str, _chance: Random) -> None:
    with stage.scene.world.runtime.db.write() as session:
        renew_lease(session, OWNER, stage.scene.world.clock.real())


def begin_all_waits_anew(stage: Stage, _who: str, _chance: Random) -> None:
    with stage.scene.world.runtime.db.write() as session:
        begin_anew(session, stage.scene.world.clock.real())


def hear_of(*kinds: EventKind, hard: bool = False) -> Deed:
    """A webhook's post about every mail there is, in any order."""

    def hear(stage: Stage, _who: str, chance: Random) -> None:
        runtime, attempts = stage.scene.world.runtime, list(stage.attempts.values())
        chance.shuffle(attempts)
        at = stage.scene.world.clock.real() + timedelta(seconds=chance.randrange(100_000))
        events = [ProviderEvent(attempt, kind, at, hard, "", "", {}) for attempt in attempts for kind in kinds]
        with runtime.db.write() as session:
            record_events(session, events, runtime.clock.times())

    return hear


def release(stage: Stage, _who: str, _chance: Random) -> None:
    runtime = stage.scene.world.runtime
    with letting_go_on(runtime, runtime.clock.real()):
        pass


def allow_mail(stage: Stage, who: str, _chance: Random) -> None:
    world = stage.scene.world
    with world.runtime.db.write() as session:
        allow(session, who, world.clock.times(), Doer("an operator", world.clock.real(), "the box was full"))


SETTINGS = {"zone": "Asia/Tokyo", "hour": "9", "weekdays": "1", "pace": "on-completion"}

DEEDS: Mapping[str, Deed] = {
    "register": register,
    "confirm": confirm,
    "settings": pressing("/settings", **SETTINGS),
    "pause": pressing("/pause", days="3"),
    "resume": pressing("/resume"),
    "next": pressing("/next"),
    "restart": pressing("/restart"),
    "complete": pressing("/dough-1/complete"),
    "tick": pressing("/dough-1/checklist", item="1"),
    "note": pressing("/dough-1/note", words="n"),
    "feedback": pressing("/dough-1/feedback", score="3"),
    "mail again": pressing("/dough-1/mail"),
    "open a lesson": open_a_lesson,
    "renew links": pressing("/renew"),
    "rename oneself": pressing("/name", name="Eve"),
    "lost link": ask_for_a_lost_link,
    "leave": leave,
    "come back": leave_and_come_back,
    "ask for another address": pressing("/settings/address", email="third@example.org"),
    "agree": agree_to("move-to:1"),
    "take it back": agree_to("moved:1"),
    "ask for erasure": pressing("/erase"),
    "erase oneself": erase_from_the_mail,
    "erase": erase_by_an_operator,
    "import": import_a_file,
    "publish": publish,
    "rename": rename,
    "move": move_everybody,
    "plan": plan_and_sweep,
    "take up": take_up,
    "deliver": deliver,
    "record": record_answers,
    "renew a lease": renew_a_lease,
    "clock has jumped": begin_all_waits_anew,
    "delivered": hear_of("processed", "delivered"),
    "bounced": hear_of("bounced"),
    "bad address": hear_of("bounced", hard=True),
    "complained": hear_of("delivered", "complained"),
    "hit": hit,
    "release": release,
    "allow": allow_mail,
}


def do(stage: Stage, name: str, who: str, chance: Random) -> None:
    """What a person can mend is no fault of this test: whom somebody has just erased is not there any more."""
    with suppress(DayletterError):
        DEEDS[name](stage, who, chance)
