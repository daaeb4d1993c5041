"""Events as SendGrid really sends them: repeated, shuffled, renamed, late; and as others would forge them."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from random import Random
from typing import Any

from sqlalchemy import delete, select, update

from course.enrolment.enrolments import participant
from course.enrolment.steering import Wish, settle
from course.models import Delivery, Enrolment, Event, Hold, Suppression
from mailer.providers.sendgrid.request import ATTEMPT
from mailer.sending.patience.hold import release_sending
from tests.faults.oracle import complaints, extra_copies, uncounted
from tests.faults.scale import dice, sized
from tests.faults.scripted import ScriptedWorld
from tests.support.servers.event_return import MOST_COPIES
from tests.support.servers.sendgrid_events import EventSigner, told
from tests.support.world.sample_course import DAYS
from tests.support.world.world import newest_enrolment

LEARNERS = sized(12, 60)
A_DAY = 86_400


def test_an_event_stops_a_copy_that_still_waits(events_world: ScriptedWorld) -> None:
    world = events_world
    learners = world.learners(3)
    world.provider.script = ["lose-after"]
    world.provider.meanwhile = [lambda: world.clock.forward(seconds=1)] * 3
    world.work()
    world.clock.forward(seconds=world.runtime.settings.uncertain_after)
    world.tell_of(world.provider.taken[1:])
    assert world.plan()
    world.tell_of(world.provider.taken[:1])
    world.work()
    assert complaints(world.provider.seen, learners, 1) == []
    assert world.states() == ["accepted"] * 3


def test_an_event_for_the_first_copy_counts_the_second(events_world: ScriptedWorld) -> None:
    world = events_world
    world.learners(3)
    world.provider.script = ["lose-after"]
    world.provider.meanwhile = [lambda: world.clock.forward(seconds=1)] * 3
    world.work()
    world.clock.forward(seconds=world.runtime.settings.uncertain_after)
    world.tell_of(world.provider.taken[1:])
    world.work()
    assert extra_copies(world.provider.seen) == 1
    assert world.duplicates() == 0, "nobody can know it yet"
    world.work_on(86_400 - 7200, 7200)
    world.tell_of(world.provider.taken)
    assert world.duplicates() == 1


def test_a_learner_whose_mail_was_stopped_does_not_stop_the_others(events_world: ScriptedWorld) -> None:
    world = events_world
    learners = world.learners(3)
    world.work()
    world.clock.forward(days=1, hours=3)
    world.plan()
    world.tell_of([one for one in world.provider.taken if one[0] == learners[0]], "spamreport")
    world.work()
    assert "cancelled" in world.states()
    with world.runtime.db.write() as session:
        who = participant(session, world.runtime.shelf, newest_enrolment(session, learners[0]).id)
        settle(session, who, Wish("Asia/Tokyo", "7", "0123456", "daily"), world.clock.now())
    world.work_on(3 * 86_400, 7200)
    assert complaints(world.provider.seen, learners[1:], 3) == []


def test_every_disorder_ends_as_the_clean_run(events_world: ScriptedWorld) -> None:
    """The same mails, some with lost replies: their events clean and in order, then in every disorder."""
    random, world = dice("events in disorder"), events_world
    world.learners(LEARNERS)
    world.provider.script = random.choices(["accept", "lose-after"], k=LEARNERS)
    world.work()
    clean = histories(world.provider.taken, int(world.clock.real().timestamp()), random)
    before = world.rows()
    world.tell(clean)
    expected = outcome(world)
    for _ in range(sized(3, 25)):
        put_back(world, before)
        copies = disordered(clean, random)
        for begin in range(0, len(copies), 97):
            world.tell(copies[begin : begin + 97])
        assert outcome(world) == expected
    with world.runtime.db.write() as session:
        release_sending(session)
    learners = {event["email"] for event in clean}
    returned = {event["email"] for event in clean if event.get("type") == "blocked"}
    world.work_on(86_400 / 4, 600)
    assert complaints(world.provider.seen, sorted(learners), 1) == [
        f"lesson 1 reached {email} 2 times" for email, _ in world.provider.seen if email in returned
    ]


def test_events_a_day_late_change_nothing_but_the_count_of_copies(events_world: ScriptedWorld) -> None:
    random, world = dice("events a day late"), events_world
    world.learners(LEARNERS)
    world.provider.script = ["lose-after"] * 3
    world.provider.meanwhile = [lambda: world.clock.forward(seconds=1)] * LEARNERS
    world.work()
    first = list(world.provider.taken)
    at = int(world.clock.real().timestamp())
    world.clock.forward(seconds=world.runtime.settings.uncertain_after + 1)
    world.tell(histories(first[3:], at, random, plain=True))
    world.work_on(3600, 600)
    extra = extra_copies(world.provider.seen)
    assert extra == 3, "their events were later than the wait"
    world.work_on(A_DAY - (world.clock.real().timestamp() - at), 1800)
    world.tell(disordered(histories(world.provider.taken, at, random, plain=True), random))
    assert uncounted(world.provider.seen, world.duplicates()) == []
    assert world.duplicates() == extra
    assert set(world.states()) == {"accepted"}


def test_what_sendgrid_did_not_sign_is_refused_leaves_no_row_and_keeps_no_lesson_back(
    events_world: ScriptedWorld,
) -> None:
    """One letter was lost, and is said to have arrived; another arrived, and is said to have bounced."""
    random, world = dice("forged events"), events_world
    learners = world.learners(3)
    world.provider.script = ["lose-before"]
    world.provider.meanwhile = [lambda: world.clock.forward(seconds=1)] * 3
    world.work()
    taken = list(world.provider.taken)
    events = [
        told({ATTEMPT: _in_doubt(world)}, "delivered", 1),
        told({ATTEMPT: taken[0][2]}, "bounce", 1),
    ]
    body, headers = world.signer.signed_events(events)
    foreign_body, foreign = EventSigner().signed_events(events)
    signature, moment = (name for name in headers if name.startswith("X-"))
    at = random.randrange(len(body) - 2)
    forged: list[tuple[bytes, dict[str, str]]] = [
        (foreign_body, foreign),
        (body.replace(b"delivered", b"spamreport"), headers),
        (body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :], headers),
        (body, {name: value for name, value in headers.items() if name != signature}),
        (body, {name: value for name, value in headers.items() if name != moment}),
        (body, {**headers, moment: str(int(headers[moment]) + 1)}),
        (body, {**headers, signature: "not base64"}),
        (body, {**headers, signature: ""}),
        (body, {**headers, signature: headers[signature][:-8]}),
        (body, {"Content-Type": "application/json"}),
        (b"", headers),
    ]
    before = world.rows()
    answers = [
        world.app.test_client().post("/hooks/sendgrid", data=altered, headers=with_headers).status_code
        for altered, with_headers in forged
    ]
    after = world.rows()
    world.tell_of(taken)
    world.work_on(DAYS * A_DAY, 3600)
    assert complaints(world.provider.seen, learners, DAYS) == []
    assert after == before
    assert answers == [403] * len(forged)
    known = world.events()
    assert world.app.test_client().post("/hooks/sendgrid", data=body, headers=headers).status_code == 204
    assert world.events() == known + len(events)


def _in_doubt(world: ScriptedWorld) -> str:
    """The attempt of the one letter that is uncertain."""
    with world.runtime.db.read() as session:
        return session.scalars(select(Delivery.attempt_id).where(Delivery.state == "uncertain")).one() or ""


def histories(
    taken: Sequence[tuple[str, str, str]], at: int, random: Random, *, plain: bool = False
) -> list[dict[str, Any]]:
    """What befell each mail, in order. `plain`: all were delivered."""
    fates = [("processed", "delivered")] if plain else FATES
    return [
        told({ATTEMPT: attempt}, kind, at + second, email=email) | dict(SAID.get(kind, {}))
        for email, _, attempt in taken
        for second, kind in enumerate(random.choice(fates))
    ]


def disordered(events: Sequence[Mapping[str, Any]], random: Random) -> list[dict[str, Any]]:
    """1 to 46 copies of each, all ids and categories different, shuffled among what concerns nobody."""
    copies = [
        deepcopy(dict(event))
        | random.choice(DRESSES)
        | ({"sg_event_id": f"{random.getrandbits(48):x}"} if named else {})
        for event in events
        for named in random.choices(
            (True, True, False), k=random.choice((1, 1, 2, 3, random.randint(4, MOST_COPIES)))
        )
    ]
    copies += [{"event": kind, "timestamp": 1, ATTEMPT: events[0][ATTEMPT]} for kind in UNKNOWN]
    # With an address, a bounce that names no attempt would be about the newest mail to it.
    nobodys = {**events[0], "email": "nobody@example.com"}
    copies += [{**nobodys, ATTEMPT: attempt} for attempt in ("0" * 32, "", 7, None, ["x"])]
    copies += [{"event": "delivered", "timestamp": 1}, {"timestamp": "soon", ATTEMPT: "x", "event": "delivered"}]
    random.shuffle(copies)
    return copies


FATES = [
    ("processed", "delivered"),
    ("processed", "deferred", "deferred", "delivered"),
    ("processed", "bounce"),
    ("processed", "blocked"),
    ("processed", "delivered", "blocked"),
    ("processed", "delivered", "spamreport"),
    ("processed",),
]
SAID: Mapping[str, Mapping[str, str]] = {
    "bounce": {"type": "bounce", "reason": "550 no such user"},
    "blocked": {"event": "bounce", "type": "blocked", "reason": "451 later"},
}
DRESSES: Sequence[dict[str, Any]] = [
    {"category": "lesson"},
    {"category": ["lesson", "daily"]},
    {},
    {"sg_message_id": "changed.recvd-1", "ip": "192.0.2.1", "category": []},
]
UNKNOWN = ("open_sesame", "group_resubscribe", "account_status_change", "", "DELIVERED")


def outcome(world: ScriptedWorld) -> list[object]:
    """All that events decide: fates, the addresses that get no more mail, and each event once."""
    rows = world.rows()
    told = ("id", "state", "fate", "duplicates", "rounds", "refusals")
    return [
        sorted(tuple(row[name] for name in told) for row in rows["delivery"]),
        sorted(row["email"] for row in rows["suppression"]),
        sorted((row["attempt_id"], row["kind"], row["at"]) for row in rows["event"]),
        sorted((row["id"], row["due_at"]) for row in rows["enrolment"]),
    ]


def put_back(world: ScriptedWorld, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """The tables that events change, as they were."""
    with world.runtime.db.write() as session:
        session.execute(delete(Event))
        session.execute(delete(Suppression))
        session.execute(delete(Hold))
        session.execute(update(Delivery), [dict(row) for row in rows["delivery"]])
        session.execute(update(Enrolment), [dict(row) for row in rows["enrolment"]])
