"""Leaves a Dayletter in the middle of its work, as a fixture for the versions to come.

    .venv/bin/python -m tests.upgrade.make_fixture NAME

Everything is done by the product itself, on a Friday morning: learners in every state, mails in every state, and
what each kind of job looks like while it waits in Redis.
"""

import logging
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import Select, select, update

from course.drafts.site_folder import read_site_folder
from course.erasure.overdue import MATTERS
from course.ids import new_id
from course.migrations.upgrade import alembic_config
from course.models import Delivery, Enrolment
from course.publishing.site_texts import publish_site
from course.staff.audit_log import Doer
from mailer.compose.message import Letter, Template
from mailer.providers.answer import Answer, Begin, unannounced
from mailer.providers.outbox import Outbox
from mailer.purging import DailyPurge
from mailer.runtime import Runtime
from mailer.sending.claim import Claim, claim
from mailer.sending.continuity import ask_outside, count_claim, tell_outside
from mailer.sending.deliver import deliver_batch
from mailer.sending.journal import Journal
from mailer.sending.plan import planning_step
from mailer.sending.record import suppress
from tests.support.author.studio import USERS, session_of, sign_in
from tests.support.servers.redis_server import RedisServer
from tests.support.world.mails import Mail
from tests.support.world.sample_course import SLUG, write_sample
from tests.support.world.world import BASE_URL, World
from tests.upgrade.fixture import FIXTURES, Fixture, dump_files, dump_redis
from worker import open_worker

DAY_1, DAY_2, DAY_3 = "dough-1", "dough-2", "dough-3"
ON_THURSDAY = ("dora", "quentin", "quincy", "ulla", "fay", "sue", "paul", "una", "adam")
ON_WEDNESDAY = ("answered", "begun", "untouched")
KEPT_LINKS = ("ada", "dora", "petra")
VAR_FILES = ("node", "journal", "media")


def address(name: str) -> str:
    return f"{name}@example.org"


@dataclass(frozen=True)
class Doubtful(Outbox):
    """Takes Ulla's mails without a word, and will never take Fay's."""

    def __init__(self) -> None:
        """Needs no folder."""

    def send(self, template: Template, letters: Sequence[Letter], begin: Begin = unannounced) -> Iterator[Answer]:
        for letter in letters:
            begin([letter.attempt])
            if letter.email == address("ulla"):
                yield Answer(letter.attempt, "unknown", "the reply did not come")
            else:
                yield Answer(letter.attempt, "refused", "550 no such mailbox", permanent=True)


def live(world: World) -> None:
    """From Monday to Friday, when day 2 is due for those of Thursday and day 3 for those of Wednesday."""
    world.enrol(address("ada"))
    finish(world)
    for name in ON_WEDNESDAY:
        world.enrol(address(name))
    world.forward(days=1)
    for name in ON_THURSDAY:
        world.enrol(address(name))
    study(world)
    keep_house(world)
    stop(world)
    for name in ("petra", "will"):
        world.register(address(name))
    world.clock.forward(days=1, seconds=5)
    confirm_quietly(world, "will")


def finish(world: World) -> None:
    """Ada, who says what she thought of it, and comes back to look at her certificate."""
    world.complete_all()
    world.person.post(f"{world.learn_url()}/feedback", {"score": "3", "words": "Bread, at last."})
    world.person.post(f"{world.learn_url()}/name", {"name": "Ada Lovelace"})
    world.step()
    certificate = world.mails("finished")[-1].link("/certificates/")
    assert world.person.look(f"{certificate}.json").status == 200


def study(world: World) -> None:
    """Dora does something of each kind."""
    mail = next(m for m in world.mails("lesson") if m.message["To"] == address("dora"))
    lesson = f"{world.learn_url(address('dora'))}/{DAY_1}"
    world.clock.forward(minutes=5)
    for link in re.findall(r'http[^"]*/[oc]/[^"]*', mail.html)[:2]:
        world.person.look(link)
    page = world.person.look(lesson)
    item = re.search(r'name="item" value="([^"]+)"', page.text)
    assert item
    world.person.post(f"{lesson}/checklist", {"item": item[1], "done": "1"})
    world.person.post(f"{lesson}/note", {"words": "Buy flour.", "shown": ""})
    world.person.post(f"{lesson}/feedback", {"score": "2", "words": "Too short."})
    world.person.post(f"{lesson}/watch", {"video": "media/knead.mp4", "stopped_at": "12", "seen": "7"})


def stop(world: World) -> None:
    """Who does not go on, each in a way of their own."""
    world.person.post(f"{world.learn_url(address('paul'))}/pause", {"days": "3"})
    world.person.submit(world.person.look(world.unsubscribe_url(address("una"))))
    world.person.post(f"{world.learn_url(address('adam'))}/settings/address", {"email": "adam@example.net"})
    world.step()
    with world.runtime.db.write() as session:
        lesson = session.scalars(_to(world, "sue", DAY_1)).one()
        suppress(session, lesson, "complained", "marked as spam", world.clock.real())
        # Mails that differ go in batches of their own.
        doubted = [world.look_up(address(name)).id for name in ("ulla", "fay")]
        session.execute(update(Enrolment).where(Enrolment.id.in_(doubted)).values(tracking=False))


def keep_house(world: World) -> None:
    """Somebody was erased, the site has texts of its own, and the day's purge is done."""
    world.enrol(address("gone"))
    world.erase(address("gone"))
    (world.lessons_dir / "site.md").write_text("---\nname: The Bakery\n---\n")
    with world.runtime.db.write() as session:
        doer = Doer("the author", world.clock.real())
        publish_site(session, read_site_folder(world.lessons_dir), world.clock.now(), doer)
    purge = DailyPurge(world.runtime)
    for _ in range(3 * len(MATTERS)):
        purge.go_on()


def confirm_quietly(world: World, name: str) -> None:
    """Confirms, and is sent nothing yet."""
    mail = next(m for m in reversed(world.mails("confirm")) if m.message["To"] == address(name))
    world.person.submit(world.person.look(mail.link("/confirm/")))


def leave(world: World) -> dict[str, str]:
    """All that is due is queued, then the workers are gone; the cookies of somebody in the studio."""
    forget_jobs(world)
    fail_a_job(world)
    planning_step(world.runtime)
    deliver_batch(replace(world.runtime, provider=Doubtful()), batch_of(world, "ulla", DAY_2))
    die_while_sending(world.runtime, batch_of(world, "untouched", DAY_3))
    author = sign_in(world, "author")
    author.submit(author.look("/studio/sign-in"), email=address("olga"))
    preview = author.look(f"/studio/courses/{SLUG}/preview/1-{DAY_1}.md")
    assert author.post(f"/studio/courses/{SLUG}/test/1-{DAY_1}.md", preview.form_fields()[1]).status == 200
    world.person.post("/lost-link", {"email": address("dora")})
    world.runtime.queue.probe()
    return session_of(world, "operator", world.clock.real())


def forget_jobs(world: World) -> None:
    """This world sends without its queue: what it was asked for until now is done."""
    redis = world.runtime.queue.redis
    redis.delete(*redis.scan_iter("rq:*"))


def fail_a_job(world: World) -> None:
    """By a worker that was given no runtime: what it leaves is kept for an hour."""
    world.runtime.queue.probe()
    logging.disable(logging.CRITICAL)
    open_worker(world.runtime.settings.redis_url or "").work(burst=True, max_jobs=1, logging_level="CRITICAL")
    logging.disable(logging.NOTSET)


def die_while_sending(runtime: Runtime, batch: str) -> None:
    """As `kill -9` would leave it: one letter answered, one begun, and one untouched."""
    by = Claim(f"{runtime.node}:{new_id()[:16]}", runtime.clock.times())
    runtime.journals.mkdir(exist_ok=True)
    written = Journal(runtime.journals, by.nonce)
    outside = ask_outside(runtime)
    with runtime.db.write() as session:
        here = count_claim(runtime, session, outside, by.at.real)
        course_id = session.scalars(select(Delivery.course_id).limit(1)).one()
        claimed = claim(session, batch, by, runtime.shelf.course(session, course_id), runtime.settings.mail_from)
    assert here is not None
    tell_outside(runtime, here)
    attempts = {letter.email.partition("@")[0]: letter.attempt for letter in claimed}
    assert sorted(attempts) == sorted(ON_WEDNESDAY)
    written.begin([attempts["answered"], attempts["begun"]])
    written.answered(Answer(attempts["answered"], "accepted"))
    written.close(done=False)


def batch_of(world: World, name: str, lesson: str) -> str:
    with world.runtime.db.read() as session:
        return session.scalars(_to(world, name, lesson)).one().batch


def _to(world: World, name: str, lesson: str) -> Select[Delivery]:
    enrolment = world.look_up(address(name)).id
    return select(Delivery).where(Delivery.enrolment_id == enrolment, Delivery.occasion == f"lesson:{lesson}")


def links_in(mails: Sequence[Mail]) -> dict[str, list[str]]:
    """What leads to our own pages, without the site before it, by whose mails it stood in."""
    found: dict[str, set[str]] = {name: set() for name in KEPT_LINKS}
    for mail in mails:
        name = str(mail.message["To"]).partition("@")[0]
        if name in found:
            urls = re.findall(rf'{BASE_URL}/[^\s"<>)\]]+', f"{mail.text}\n{mail.html}")
            found[name] |= {url.removeprefix(BASE_URL) for url in urls}
    return {name: sorted(links) for name, links in found.items()}


def make(folder: Path, redis_url: str) -> Fixture:
    write_sample(folder / "lessons")
    place = folder / "var", f"sqlite:///{folder / 'made.sqlite3'}", redis_url, folder / "lessons"
    with closing(World(*place, STUDIO_USERS=USERS)) as world:
        live(world)
        cookies = leave(world)
        head = ScriptDirectory.from_config(alembic_config()).get_current_head()
        assert head is not None
        return Fixture(
            schema=head,
            moment=world.clock.real().isoformat(),
            rows={name: [dict(row) for row in rows] for name, rows in world.rows().items()},
            redis=dump_redis(world.runtime.queue.redis),
            files=dump_files(world.runtime.settings.var_dir, VAR_FILES),
            links=links_in(world.mails()),
            cookies=cookies,
        )


def main(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder, RedisServer() as redis:
        made = make(Path(folder), redis.url)
    FIXTURES.mkdir(exist_ok=True)
    made.write(FIXTURES / f"{name}.json")


if __name__ == "__main__":
    main(sys.argv[1])
