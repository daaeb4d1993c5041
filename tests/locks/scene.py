"""A Dayletter in which everything can happen at once: a few learners in two courses, mails in every state.

It is put back in a moment, so that two deeds can meet in it again and again.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, select, text

from course.ids import new_id
from course.models import AddressChange, Attempt, CourseRow, Delivery, Enrolment, Learner, Suppression
from course.times import Times
from tests.support.world.sample_course import SLUG, write_sample
from tests.support.world.world import World

OTHER = f"{SLUG}-again"
EMAILS = [f"{name}@example.org" for name in ("ada", "bea", "cleo", "dora")]
OWNER = "another-machine:0123456789abcdef"
BATCH = "{:032x}"
"""By course: a batch says one thing."""
OLD = "old-{}"
NEXT = "next-{}"

_KEEP = """
CREATE SCHEMA scene;
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'deed' LOOP
        EXECUTE format('CREATE TABLE scene.%I AS TABLE public.%I', name, name);
    END LOOP;
END $$"""
_PUT_BACK = """
SET LOCAL session_replication_role = replica;
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'scene' LOOP
        EXECUTE format('DELETE FROM public.%I', name);
        EXECUTE format('INSERT INTO public.%I OVERRIDING SYSTEM VALUE TABLE scene.%I', name, name);
    END LOOP;
END $$"""


class Scene:
    """`world` as it stands, and how to come back to it."""

    def __init__(self, world: World) -> None:
        self.world = world
        with world.runtime.db.write() as session:
            session.execute(text(_KEEP))

    def put_back(self) -> None:
        with self.world.runtime.db.write() as session:
            session.execute(text(_PUT_BACK))
        # A version that is published again is another one, which no process may know yet.
        self.world.runtime.shelf._parsed.clear()
        self.world.runtime.templates._kept.clear()


@contextmanager
def scene_at(folder: Path, database_url: str, redis_url: str) -> Iterator[Scene]:
    course = write_sample(folder / "lessons")
    shutil.copytree(course, folder / "lessons" / OTHER)
    world = World(folder / "var", database_url, redis_url, folder / "lessons")
    try:
        _fill(world)
        yield Scene(world)
    finally:
        world.close()


def _fill(world: World) -> None:
    times = world.runtime.clock.times()
    with world.runtime.db.write() as session:
        courses = session.scalars(select(CourseRow).order_by(CourseRow.id)).all()
        for email in EMAILS:
            learner = Learner(email=email, name="Ada", created_at=times.now)
            session.add(learner)
            session.flush()
            for course in courses:
                enrolment = _enrolment(learner, course, times)
                session.add(enrolment)
                session.flush()
                for mail in _mails(enrolment, email, times):
                    session.add(mail)
                    session.flush()
                    session.add(Attempt(id=mail.attempt_id, delivery_id=mail.id, began_at=times.real))
            session.execute(insert(AddressChange), _changes(learner, times))
        session.add(Suppression(email=EMAILS[0], reason="bounced", suppressed_at=times.real))


def _enrolment(learner: Learner, course: CourseRow, times: Times) -> Enrolment:
    return Enrolment(
        learner_id=learner.id,
        course_id=course.id,
        edition_id=course.edition_id,
        state="active",
        zone="Europe/Berlin",
        hour=8,
        tracking=True,
        created_at=times.now - timedelta(days=3),
        confirmed_at=times.now - timedelta(days=3),
        due_at=times.now,
    )


def _mails(enrolment: Enrolment, email: str, times: Times) -> Iterator[Delivery]:
    later = times.now - timedelta(hours=1)
    yield _mail(enrolment, times, "lesson:dough-1", "accepted", slug="dough-1")
    yield _mail(enrolment, times, "again:dough-1:1", "sending", slug="dough-1", owner=OWNER)
    yield _mail(enrolment, times, "again:dough-1:2", "uncertain", slug="dough-1", owner=OWNER)
    yield _mail(enrolment, times, "again:dough-1:3", "queued", slug="dough-1")
    yield _mail(enrolment, times, "lesson:dough-2", "failed", slug="dough-2")
    yield _mail(enrolment, times, "move-from:1", "accepted")
    yield _mail(enrolment, times, "move-to:1", "accepted", email=NEXT.format(email))
    yield _mail(enrolment, times, "moved:1", "accepted", email=OLD.format(email), due_at=later)


def _mail(enrolment: Enrolment, times: Times, occasion: str, state: str, **more: object) -> Delivery:
    values: dict[str, object] = {
        "id": new_id(),
        "enrolment_id": enrolment.id,
        "occasion": occasion,
        "kind": occasion.partition(":")[0],
        "slug": "",
        "course_id": enrolment.course_id,
        "edition_id": enrolment.edition_id,
        "batch": BATCH.format(enrolment.course_id),
        "state": state,
        "due_at": times.now,
        "local_on": times.now.date(),
        "retry_at": times.real,
        "attempt_id": new_id(),
        "uncertain_at": times.real - timedelta(days=1) if state == "uncertain" else None,
        "lease_until": times.real - timedelta(days=1) if state == "sending" else None,
        "answered_at": times.real if state == "accepted" else None,
    }
    return Delivery(**(values | more))


def _changes(learner: Learner, times: Times) -> list[dict[str, object]]:
    """One that the old address has agreed to, and an earlier one that can be taken back."""
    before, later = times.now - timedelta(hours=2), times.now - timedelta(hours=1)
    same: dict[str, object] = {"learner_id": learner.id}
    return [
        same
        | {
            "id": new_id(),
            "email": NEXT.format(learner.email),
            "asked_at": times.now,
            "old_agreed_at": times.now,
            "new_agreed_at": None,
        },
        same
        | {
            "id": new_id(),
            "email": learner.email,
            "asked_at": before,
            "old_agreed_at": before,
            "new_agreed_at": later,
        },
    ]
