"""What is past its time goes, in portions, and nothing else; on both databases."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError, OperationalError

from course.consent.left_alone import left_alone
from course.erasure import purge
from course.models import Chore, Delivery, Event, Learner, Probe, SignIn, StudioSession, Suppression
from course.retention.days import DEFAULTS, read_retention
from course.staff.audit_log import Doer, log_deed
from mailer import purging
from mailer.purging import LOOK_SECONDS, DailyPurge, portions
from tests.support.world.world import World
from tests.web.site.test_tracking import READER, pixel

COUNTED = {"asked", "counted"}
"""What each sign-up leaves behind for two days, to bound floods."""


def purge_all(world: World, retention: str = "") -> dict[str, int]:
    """How many of each kind went, but of what is counted against floods."""
    settings = world.runtime.settings
    object.__setattr__(settings, "retention", read_retention(retention))
    gone: dict[str, int] = {}
    for kind, purged in portions(world.runtime.db, settings, world.clock.times()):
        gone[kind] = gone.get(kind, 0) + purged.count
    return {kind: count for kind, count in gone.items() if count and kind not in COUNTED}


def without(rows: Mapping[str, list[Any]], *tables: str) -> dict[str, list[Any]]:
    return {name: of_table for name, of_table in rows.items() if name not in tables}


def emails(world: World) -> list[str]:
    return sorted(row["email"] for row in world.rows()["learner"])


def test_nothing_goes_before_its_time(world: World) -> None:
    world.enrol()
    world.register("bob@example.org")
    before = world.rows()
    assert purge_all(world) == {}
    assert world.rows() == before


def test_a_sign_up_that_nobody_confirms_goes_and_a_learner_does_not(world: World) -> None:
    world.enrol()
    world.register("bob@example.org")
    world.clock.forward(days=29)
    assert purge_all(world) == {}
    world.clock.forward(days=2)
    assert purge_all(world)["unconfirmed"] == 1
    assert emails(world) == ["ada@example.org"]
    assert not world.rows()["left_alone"], "they never wished for anything"


def test_whoever_asks_again_has_the_days_anew_and_can_confirm(world: World) -> None:
    world.register("bob@example.org")
    world.clock.forward(days=29)
    world.register("bob@example.org")
    world.clock.forward(days=6)
    assert purge_all(world) == {}, "the link that came last has to open"
    assert len(world.mails("confirm")) == 2
    world.person.submit(world.person.look(world.mails("confirm")[-1].link("/confirm/")))
    assert world.look_up("bob@example.org").state == "active"


def test_a_sign_up_asked_for_again_goes_in_the_end(world: World) -> None:
    world.register("bob@example.org")
    world.clock.forward(days=29)
    world.register("bob@example.org")
    world.clock.forward(days=31)
    assert purge_all(world)["unconfirmed"] == 1


def test_who_complained_of_a_confirmation_is_left_alone_when_the_sign_up_goes(world: World) -> None:
    world.register("bob@example.org")
    with world.runtime.db.write() as session:
        session.add(
            Suppression(email="bob@example.org", reason="complained", suppressed_at=world.clock.now(), why="spam")
        )
    world.clock.forward(days=31)
    purge_all(world)
    with world.runtime.db.read() as session:
        assert left_alone(session, ["bob@example.org"]) == {"bob@example.org": "complained"}
    assert not world.rows()["suppression"]


def test_learners_who_are_done_go_only_where_the_operator_says_so(world: World) -> None:
    world.enrol("done@example.org")
    world.person.post(world.unsubscribe_url("done@example.org"))
    world.enrol("ada@example.org")
    world.clock.forward(days=800)
    assert "learners" not in purge_all(world)
    assert purge_all(world, "learners=730") == {"learners": 1}
    assert emails(world) == ["ada@example.org"]


def test_events_go_and_what_they_led_to_stays(world: World) -> None:
    world.enrol()
    world.clock.forward(minutes=5)
    world.app.test_client().get(pixel(world), headers=READER)
    world.person.post(f"{world.learn_url()}/dough-1/complete")
    kept = without(world.rows(), "asked", "sign_up", "event", "deployment")
    world.clock.forward(days=401)
    world.app.test_client().get(pixel(world), headers=READER)
    assert purge_all(world) == {"events": 1}
    assert len(world.rows()["event"]) == 1
    assert without(world.rows(), "asked", "sign_up", "event", "deployment") == kept


def test_what_providers_told_besides_goes_before_the_event_does(world: World) -> None:
    world.enrol()
    with world.runtime.db.write() as session:
        mail = session.scalars(select(Delivery)).first()
        assert mail is not None
        session.add(
            Event(
                key="k", delivery_id=mail.id, attempt_id=mail.attempt_id, kind="delivered",
                at=world.clock.real(), received_at=world.clock.real(), raw={"useragent": "Canary"},
            )
        )  # fmt: skip
    world.clock.forward(days=31)
    assert purge_all(world) == {"agents": 1}
    [event] = world.rows()["event"]
    assert (event["kind"], event["raw"]) == ("delivered", {})
    assert purge_all(world) == {}


def test_the_studios_traces_go(world: World) -> None:
    real = world.clock.real()
    with world.runtime.db.write() as session:
        session.add(SignIn(id="a", email="x@example.org", browser="b", asked_at=real))
        session.add(StudioSession(id="c", email="x@example.org", began_at=real, seen_at=real))
        session.add(Probe(id="d", began_at=real))
        log_deed(session, Doer("x@example.org", real), "signed in", None)
    deeds = len(world.rows()["deed"])
    world.clock.forward(days=31)
    assert purge_all(world) == {"sign-ins": 1, "sessions": 1, "probes": 1}
    world.clock.forward(days=1100)
    assert purge_all(world) == {"deeds": deeds}


def test_the_log_of_deeds_is_locked_again_after_a_purge(world: World) -> None:
    with world.runtime.db.write() as session:
        log_deed(session, Doer("x@example.org", world.clock.real()), "signed in", None)
    world.clock.forward(days=40)
    assert purge_all(world, "deeds=30")["deeds"]
    with world.runtime.db.write() as session:
        log_deed(session, Doer("x@example.org", world.clock.real()), "signed in", None)
    for deed in ("DELETE FROM deed", "UPDATE deed SET who = 'nobody'"):
        with pytest.raises(DatabaseError), world.runtime.db.write() as session:
            session.execute(text(deed))
    assert len(world.rows()["deed"]) == 1


def test_the_count_says_what_the_purge_then_takes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "PEOPLE", 2)
    for number in range(5):
        world.register(f"l{number}@example.org")
    world.clock.forward(days=31)
    with world.runtime.db.read() as session:
        told = purge.count_overdue(session, DEFAULTS, world.clock.times())
    assert {kind: told[kind] for kind in COUNTED} == {"asked": 5, "counted": 5}
    counts = {kind: count for kind, count in told.items() if count and kind not in COUNTED}
    assert counts == purge_all(world) == {"unconfirmed": 5}
    assert not world.rows()["asked"]
    assert not world.rows()["sign_up"]
    assert not world.rows()["learner"]


def test_the_clock_process_purges_once_a_day(world: World) -> None:
    daily = DailyPurge(world.runtime)
    world.register("bob@example.org")
    world.clock.forward(days=31)

    def a_while() -> None:
        world.clock.forward(seconds=LOOK_SECONDS)
        for _ in range(30):
            daily.go_on()

    a_while()
    assert not emails(world)
    [chore] = world.rows()["chore"]
    assert chore["due_at"] > world.clock.real()
    with world.runtime.db.write() as session:
        session.add(Learner(email="cy@example.org", name="", created_at=world.clock.now() - timedelta(days=99)))
    a_while()
    assert emails(world) == ["cy@example.org"], "it was done today"
    world.clock.forward(days=1)
    a_while()
    assert not emails(world)
    # A clock that was ahead set it; it is not waited for.
    with world.runtime.db.write() as session:
        session.execute(update(Chore).values(due_at=world.clock.real() + timedelta(days=900)))
        session.add(Learner(email="di@example.org", name="", created_at=world.clock.now() - timedelta(days=99)))
    a_while()
    assert not emails(world)


def test_a_purge_that_failed_half_way_is_done_again_and_not_taken_for_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    daily = DailyPurge(world.runtime)
    world.register("bob@example.org")
    world.clock.forward(days=31)

    def no_answer(*_: object, **__: object) -> None:
        raise OperationalError("", None, Exception("the database is away"))

    with monkeypatch.context() as patch:
        patch.setattr(purging, "purge_portion", no_answer)
        daily.go_on()
        with pytest.raises(OperationalError):
            daily.go_on()
        daily.go_on()
    assert not world.rows()["chore"]
    world.clock.forward(seconds=LOOK_SECONDS)
    for _ in range(30):
        daily.go_on()
    assert not emails(world)
    assert world.rows()["chore"]


def test_two_that_purge_at_once_take_each_row_once(world: World) -> None:
    for number in range(4):
        world.register(f"l{number}@example.org")
    world.clock.forward(days=31)
    settings, times = world.runtime.settings, world.clock.times()
    ways = [portions(world.runtime.db, settings, times) for _ in range(2)]
    took = [sum(purged.count for kind, purged in way if kind not in COUNTED) for way in ways]
    assert took == [4, 0]
