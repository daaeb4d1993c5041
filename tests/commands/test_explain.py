"""`dayletter explain`: why a learner got, gets or does not get a mail."""

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from course.models import Enrolment
from tests.support.failing import fail_next_lesson
from tests.support.world.settings import SECRET
from tests.support.world.world import World
from web.commands import dayletter

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def explain(world: World, monkeypatch: pytest.MonkeyPatch, email: str = "ada@example.org") -> str:
    settings = world.runtime.settings
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("VAR_DIR", str(settings.var_dir))
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")
    return CliRunner().invoke(dayletter, ["explain", email]).output


def test_each_mail_has_its_reason(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.enrol()
    world.person.post(f"{world.learn_url()}/next")
    world.step()
    told = explain(world, monkeypatch)
    assert "bread-at-home: active, daily, at 8:00 in Europe/Berlin" in told
    assert "Monday 23 March at 7:00: confirm, accepted, because somebody has registered this address" in told
    told_of = [
        told.index(f": {mail}, ") for mail in ("confirm", "welcome", "dough-1", "dough-2", "dough-3", "nudge")
    ]
    assert told_of == sorted(told_of)
    assert "dough-1, accepted, because the first one comes at once" in told
    assert "dough-2, accepted, because you asked for it" in told
    assert "dough-3, planned, because you " in told
    assert "nudge, planned, because days wait to be completed, if they still do then" in told


def test_who_gets_nothing_is_told_what_it_waits_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.enrol()
    world.person.post(world.unsubscribe_url())
    assert "Then: you have left the course" in explain(world, monkeypatch)
    assert "planned" not in explain(world, monkeypatch)


def test_who_cannot_be_reached_is_told_with_the_way_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.enrol()
    fail_next_lesson(world)
    assert "Cannot be reached: a lesson was given up; see `dayletter resend`" in explain(world, monkeypatch)


def test_whom_nothing_can_be_planned_for_is_told_with_the_reason(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.enrol()
    with world.runtime.db.write() as session:
        session.execute(update(Enrolment).values(zone="Nowhere/Gone"))
    world.clock.forward(days=1, hours=2)
    world.step()
    told = explain(world, monkeypatch)
    assert "Set aside after 1 tries (ZoneInfoNotFoundError in course.schedule.rhythm:" in told
    assert "cannot be told: ZoneInfoNotFoundError" in told
