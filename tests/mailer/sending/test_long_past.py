"""No question of the engine, the webhook, the pages and the alarms grows with what was sent long ago."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from benchmarks.past import COPIES, fill_past
from course.models import Delivery
from mailer.sending import plan, settle
from mailer.sending.plan import planning_step
from mailer.sending.probe import send_probe
from tests.support.query_plans import full_scans, is_whole, questions_to
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.sendgrid_events import told
from tests.support.servers.sendgrid_sink import REFUSED, RESET_AFTER_ACCEPTING, SendgridSink
from tests.support.world.mails import of_sink, read_mail
from tests.support.world.sample_course import write_sample
from tests.support.world.world import ALREADY_PUBLISHED, World

PAST = 20_000
WAIT = 1800


@pytest.fixture
def old(
    tmp_path: Path, database_url: str, redis_server: RedisServer, sendgrid_sink: SendgridSink
) -> Iterator[World]:
    """A world with a long past, that sends through SendGrid with its event webhook. Ada is in her first day."""
    write_sample(tmp_path / "lessons")
    settings = {
        **{"MAIL_URL": "sendgrid:", "SENDGRID_API_KEY": sendgrid_sink.key, "SENDGRID_API_URL": sendgrid_sink.url},
        "SENDGRID_WEBHOOK_KEY": sendgrid_sink.public_key,
    }
    place = tmp_path / "var", database_url, redis_server.url, tmp_path / "lessons"
    with closing(World(*place, ALREADY_PUBLISHED, **settings)) as world:
        enrol(world, sendgrid_sink, "ada@example.org")
        fill_past(world.runtime, PAST)
        yield world


def enrol(world: World, sink: SendgridSink, email: str) -> None:
    world.register(email)
    confirm = next(mail for mail in map(read_mail, of_sink(sink)()) if mail.message["To"] == email)
    world.person.submit(world.person.look(confirm.link("/confirm/")))
    world.step()


def hear(world: World, sink: SendgridSink, *kinds: str) -> None:
    """Events of each kind for the mails that the sink has."""
    moment = int(world.clock.real().timestamp())
    events = [told(mail.custom_args, kind, moment, reason="no") for kind in kinds for mail in sink.mails[-5:]]
    events += [
        told({}, "bounce", moment, **more)
        for mail in sink.mails[-2:]
        for more in ({"smtp-id": mail.headers["Message-ID"]}, {"email": mail.to})
    ]
    body, headers = sink.signed_events(events, moment)
    assert world.app.test_client().post("/hooks/sendgrid", data=body, headers=headers).status_code == 204


def leave_behind(world: World) -> None:
    """What a worker of another machine left when it died."""
    some = select(Delivery.id).where(COPIES).limit(5)
    left = {"owner": "elsewhere:0123456789abcdef", "lease_until": world.clock.real() - timedelta(days=1)}
    with world.runtime.db.write() as session:
        session.execute(update(Delivery).where(Delivery.id.in_(some)).values(state="sending", **left))


def look_around(world: World) -> None:
    client = world.app.test_client()
    for page in ("/readyz", "/metrics", world.learn_url(), f"{world.learn_url()}/dough-1"):
        assert client.get(page, follow_redirects=True).status_code == 200
    client.post(f"{world.learn_url()}/dough-1/complete")


def test_nothing_that_is_asked_often_reads_all_mails_attempts_or_events(
    old: World, sendgrid_sink: SendgridSink
) -> None:
    leave_behind(old)
    with questions_to(old.runtime.db) as asked:
        enrol(old, sendgrid_sink, "bea@example.org")
        sendgrid_sink.plan(RESET_AFTER_ACCEPTING)
        old.register("eve@example.org")
        old.forward(seconds=WAIT)
        assert send_probe(old.runtime)
        sendgrid_sink.plan(REFUSED)
        old.register("fay@example.org")
        hear(old, sendgrid_sink, "delivered", "bounce", "spamreport")
        old.forward(seconds=WAIT)
        look_around(old)
        old.forward(days=1)
        old.clock.jump(days=1)
        old.step()
    assert len(asked) > 50
    assert full_scans(old.runtime.db, asked) == []


@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ("SCAN delivery", True),
        ("SCAN event USING INDEX sqlite_autoindex_event_1", True),
        ("SCAN event USING COVERING INDEX ix_event_delivery_id_kind", True),
        ("SCAN delivery USING INDEX ix_delivery_queued", False),
        ("SEARCH delivery USING INDEX sqlite_autoindex_delivery_1 (id=?)", False),
        ("SCAN deployment", False),
        ("  ->  Seq Scan on delivery  (cost=0.00..1.00 rows=1 width=1) Filter: (x = 1)", True),
        ("Parallel Seq Scan on event e  (cost=0.00..1.00 rows=1 width=1)", True),
        ("Index Scan using pk_delivery on delivery  (cost=0) Filter: (x = 1)", True),
        ("Index Scan using pk_delivery on delivery  (cost=0) Index Cond: (id = 1)", False),
        ("Index Only Scan using ix_delivery_sending on delivery  (cost=0) ->  Sort", False),
        ("Seq Scan on enrolment  (cost=0)", False),
    ],
)
def test_a_plan_tells_whether_a_table_is_read_to_its_end(line: str, whole: bool) -> None:
    assert is_whole(line) is whole


def doubt(world: World, count: int, due_ago: timedelta = timedelta()) -> None:
    """So many mails that were due then become doubtful, as by requests whose replies never came."""
    some = select(Delivery.id).where(COPIES, Delivery.state == "accepted").limit(count)
    values = {"state": "uncertain", "uncertain_at": world.clock.real(), "owner": "elsewhere:0123456789abcdef"}
    values["due_at"] = world.clock.now() - due_ago
    with world.runtime.db.write() as session:
        session.execute(update(Delivery).where(Delivery.id.in_(some)).values(**values))


def states(world: World) -> Counter[str]:
    with world.runtime.db.read() as session:
        return Counter(session.scalars(select(Delivery.state).where(COPIES)))


def questions_of_a_step(world: World) -> int:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(world.runtime.db.engine, "before_cursor_execute", note)
    planning_step(world.runtime)
    event.remove(world.runtime.db.engine, "before_cursor_execute", note)
    return len(asked)


def test_what_a_sweep_asks_does_not_grow_with_the_mails_in_doubt(old: World, sendgrid_sink: SendgridSink) -> None:
    doubt(old, 10)
    old.clock.forward(seconds=WAIT)
    few = questions_of_a_step(old)
    doubt(old, 500)
    old.clock.forward(seconds=WAIT)
    assert questions_of_a_step(old) <= few + 2
    assert states(old)["uncertain"] == 510


@pytest.mark.parametrize(("due_ago", "state"), [(timedelta(), "queued"), (timedelta(days=1), "postponed")])
def test_once_events_flow_all_doubts_are_settled_and_each_transaction_is_short(
    old: World, sendgrid_sink: SendgridSink, monkeypatch: pytest.MonkeyPatch, due_ago: timedelta, state: str
) -> None:
    doubt(old, 500, due_ago)
    old.clock.forward(seconds=WAIT)
    assert send_probe(old.runtime)
    old.clock.forward(seconds=5)
    hear(old, sendgrid_sink, "delivered")
    old.clock.forward(seconds=5)
    written: list[int] = []
    write = settle._write

    def note(session: Session, doubts: Sequence[settle.Doubt], values: Mapping[str, Any]) -> None:
        written.append(len(doubts))
        write(session, doubts, values)

    monkeypatch.setattr(settle, "_write", note)
    planning_step(old.runtime)
    assert states(old)[state] == 500
    assert max(written) <= settle.PORTION


def test_what_is_due_is_planned_before_any_doubt_is_looked_at(old: World, monkeypatch: pytest.MonkeyPatch) -> None:
    doubt(old, 10)
    old.clock.moments.append(old.look_up().due_at or old.clock.real())

    def fail(*_: object) -> None:
        raise SQLAlchemyError

    monkeypatch.setattr(plan, "sweep", fail)
    with suppress(SQLAlchemyError):
        planning_step(old.runtime)
    with old.runtime.db.read() as session:
        planned = select(Delivery.slug).where(
            Delivery.enrolment_id == old.look_up().id, Delivery.state == "queued"
        )
        assert list(session.scalars(planned)) == ["dough-2"]
