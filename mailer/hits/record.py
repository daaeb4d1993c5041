"""Our own pixel and links: who opened a mail, or followed a link of it, as far as it may be recorded."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from sqlalchemy.orm import Session

from course.bulk import insert_into
from course.consent.recorded import may_record
from course.models import Delivery, Event
from course.times import RealTime
from mailer.hits.verdict import Verdict, judge
from mailer.providers.registry import provider_agents

MOST_OF_AN_AGENT = 300
"""So many letters of a User-Agent are looked at: browsers say what they are in fewer."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A request for our pixel, or for one of our links: of which mail (its delivery), and by what program."""

    delivery: str
    kind: Literal["opened", "clicked"]
    link: str
    agent: str
    method: str


def record_hit(session: Session, hit: Hit, real: RealTime) -> None:
    """An open or a click, with its verdict, if its learner lets it be recorded.

    Once an hour for each mail, link and verdict, however often it is asked for. The program is judged here and not
    kept.
    """
    delivery = session.get(Delivery, hit.delivery)
    if delivery is None or not may_record(session, delivery.enrolment_id):
        return
    sent = delivery.answered_at
    seconds = (real - RealTime(sent)).total_seconds() if sent else None
    verdict = judge(hit.agent[:MOST_OF_AN_AGENT], hit.method, seconds, provider_agents())
    fresh = insert_into(session, Event).values(
        key=_key(hit, verdict, real),
        delivery_id=delivery.id,
        attempt_id=None,
        kind=hit.kind,
        at=real,
        received_at=real,
        verdict=verdict.judgement,
        rule=verdict.rule,
        link=hit.link,
        raw={},
    )
    session.execute(fresh.on_conflict_do_nothing())


def _key(hit: Hit, verdict: Verdict, real: RealTime) -> str:
    """The same for all hits that are recorded as one. A machine's does not stand for a person's that follows."""
    hour = f"{real:%Y-%m-%dT%H}"
    said = "\0".join((hit.delivery, hit.kind, hit.link, verdict.judgement, hour))
    return blake2b(said.encode(), digest_size=24).hexdigest()
