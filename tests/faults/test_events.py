"""Events as SendGrid really sends them: repeated, shuffled, renamed, late; and as others would forge them."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from random import Random
from typing import Any

from sqlalchemy import delete, select, update

from course.enrolment.steering import Wish, settle
from course.models import Delivery, Enrolment, Event, Hold, Suppression
from mailer.sending.record import release
from tests.faults.oracle import complaints, extra_copies, uncounted
from tests.faults.scale import dice, sized
from tests.faults.scripted import ScriptedHouse
from tests.support.servers.event_return import MOST_COPIES
from tests.support.servers.sendgrid_events import EventSigner
from tests.support.world.sample_course import DAYS
from tests.support.world.world import newest_enrolment

LEARNERS = sized(12, 60)
A_DAY = 86_400


def test_an_event_stops_a_copy_that_still_waits(events_house: ScriptedHouse) -> None:
    house = events_house
    learners = house.learners(3)
    house.provider.script = ["lose-after"]
    house.provider.meanwhile = [lambda: house.clock.forward(seconds=1)] * 3
    house.work()
    house.clock.forward(seconds=house.runtime.settings.uncertain_after)
    house.tell_of(house.provider.taken[1:])
    assert house.plan()
    house.tell_of(house.provider.taken[:1])
    house.work()
    assert complaints(house.provider.seen, learners, 1) == []
    assert house.states() == ["accepted"] * 3


def test_an_event_for_the_first_copy_counts_the_second(events_house: ScriptedHouse) -> None:
    house = events_house
    house.learners(3)
    house.provider.script = ["lose-after"]
    house.provider.meanwhile = [lambda: house.clock.forward(seconds=1)] * 3
    house.work()
    house.clock.forward(seconds=house.runtime.settings.uncertain_after)
    house.tell_of(house.provider.taken[1:])
    house.work()
    assert extra_copies(house.provider.seen) == 1
    assert house.duplicates() == 0, "nobody can know it yet"
    house.work_on(86_400 - 7200, 7200)
    house.tell_of(house.provider.taken)
    assert house.duplicates() == 1


def test_a_learner_whose_mail_was_stopped_does_not_stop_the_others(events_house: ScriptedHouse) -> None:
    house = events_house
    learners = house.learners(3)
    house.work()
    house.clock.forward(days=1, hours=3)
    house.plan()
    house.tell_of([one for one in house.provider.taken if one[0] == learners[0]], "spamreport")
    house.work()
    assert "cancelled" in house.states()
    with house.runtime.db.write() as session:
        enrolment = newest_enrolment(session, learners[0])
        published = house.runtime.shelf.course(session, enrolment.course_id)
        settle(session, enrolment, published, house.clock.now(), Wish("Asia/Tokyo", "7", "0123456", "daily"))
    house.work_on(3 * 86_400, 7200)
    assert complaints(house.provider.seen, learners[1:], 3) == []


def test_every_disorder_ends_as_the_clean_run(events_house: ScriptedHouse) -> None:
    """The same mails, some with lost replies: their events clean and in order, then in every disorder."""
    random, house = dice("events in disorder"), events_house
    house.learners(LEARNERS)
    house.provider.script = random.choices(["accept", "lose-after"], k=LEARNERS)
    house.work()
    clean = histories(house.provider.taken, int(house.clock.real().timestamp()), random)
    before = house.rows()
    house.tell(clean)
    expected = outcome(house)
    for _ in range(sized(3, 25)):
        put_back(house, before)
        copies = disordered(clean, random)
        for begin in range(0, len(copies), 97):
            house.tell(copies[begin : begin + 97])
        assert outcome(house) == expected
    with house.runtime.db.write() as session:
        release(session)
    learners = {event["email"] for event in clean}
    returned = {event["email"] for event in clean if event.get("type") == "blocked"}
    house.work_on(86_400 / 4, 600)
    assert complaints(house.provider.seen, sorted(learners), 1) == [
        f"lesson 1 reached {email} 2 times" for email, _ in house.provider.seen if email in returned
    ]


def test_events_a_day_late_change_nothing_but_the_count_of_copies(events_house: ScriptedHouse) -> None:
    random, house = dice("events a day late"), events_house
    house.learners(LEARNERS)
    house.provider.script = ["lose-after"] * 3
    house.provider.meanwhile = [lambda: house.clock.forward(seconds=1)] * LEARNERS
    house.work()
    first = list(house.provider.taken)
    at = int(house.clock.real().timestamp())
    house.clock.forward(seconds=house.runtime.settings.uncertain_after + 1)
    house.tell(histories(first[3:], at, random, plain=True))
    house.work_on(3600, 600)
    extra = extra_copies(house.provider.seen)
    assert extra == 3, "their events were later than the wait"
    house.work_on(A_DAY - (house.clock.real().timestamp() - at), 1800)
    house.tell(disordered(histories(house.provider.taken, at, random, plain=True), random))
    assert uncounted(house.provider.seen, house.duplicates()) == []
    assert house.duplicates() == extra
    assert set(house.states()) == {"accepted"}


def test_what_sendgrid_did_not_sign_is_refused_leaves_no_row_and_keeps_no_lesson_back(
    events_house: ScriptedHouse,
) -> None:
    """One letter was lost, and is said to have arrived; another arrived, and is said to have bounced."""
    random, house = dice("forged events"), events_house
    learners = house.learners(3)
    house.provider.script = ["lose-before"]
    house.provider.meanwhile = [lambda: house.clock.forward(seconds=1)] * 3
    house.work()
    taken = list(house.provider.taken)
    events = [
        {"event": "delivered", "timestamp": 1, "attempt": _in_doubt(house)},
        {"event": "bounce", "type": "bounce", "timestamp": 1, "attempt": taken[0][2]},
    ]
    body, headers = house.signer.signed_events(events)
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
    before = house.rows()
    answers = [
        house.app.test_client().post("/hooks/sendgrid", data=altered, headers=with_headers).status_code
        for altered, with_headers in forged
    ]
    after = house.rows()
    house.tell_of(taken)
    house.work_on(DAYS * A_DAY, 3600)
    assert complaints(house.provider.seen, learners, DAYS) == []
    assert after == before
    assert answers == [403] * len(forged)
    known = house.events()
    assert house.app.test_client().post("/hooks/sendgrid", data=body, headers=headers).status_code == 204
    assert house.events() == known + len(events)


def _in_doubt(house: ScriptedHouse) -> str:
    """The attempt of the one letter that is uncertain."""
    with house.runtime.db.read() as session:
        return session.scalars(select(Delivery.attempt_id).where(Delivery.state == "uncertain")).one() or ""


def histories(
    taken: Sequence[tuple[str, str, str]], at: int, random: Random, *, plain: bool = False
) -> list[dict[str, Any]]:
    """What befell each mail, in order. `plain`: all were delivered."""
    fates = [("processed", "delivered")] if plain else FATES
    return [
        {"event": kind, "timestamp": at + second, "attempt": attempt, "email": email, **SAID.get(kind, {})}
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
    copies += [{"event": kind, "timestamp": 1, "attempt": events[0]["attempt"]} for kind in UNKNOWN]
    copies += [{**events[0], "attempt": attempt} for attempt in ("0" * 32, "", 7, None, ["x"])]
    copies += [{"event": "delivered", "timestamp": 1}, {"timestamp": "soon", "attempt": "x", "event": "delivered"}]
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


def outcome(house: ScriptedHouse) -> list[object]:
    """All that events decide: fates, the addresses that get no more mail, and each event once."""
    rows = house.rows()
    told = ("id", "state", "fate", "duplicates", "rounds", "refusals")
    return [
        sorted(tuple(row[name] for name in told) for row in rows["delivery"]),
        sorted(row["email"] for row in rows["suppression"]),
        sorted((row["attempt_id"], row["kind"], row["at"]) for row in rows["event"]),
        sorted((row["id"], row["due_at"]) for row in rows["enrolment"]),
    ]


def put_back(house: ScriptedHouse, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """The tables that events change, as they were."""
    with house.runtime.db.write() as session:
        session.execute(delete(Event))
        session.execute(delete(Suppression))
        session.execute(delete(Hold))
        session.execute(update(Delivery), [dict(row) for row in rows["delivery"]])
        session.execute(update(Enrolment), [dict(row) for row in rows["enrolment"]])
