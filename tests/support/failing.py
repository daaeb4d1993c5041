"""A lesson whose mail is given up, as after days of refusals."""

from sqlalchemy import select

from course.models import Delivery, Suppression
from tests.support.world.world import World

WHY = "final dot: 554 5.7.1 we do not like this"


def fail_next_lesson(world: World, email: str = "ada@example.org", *, closed: bool = False) -> str:
    """Lets the learner's next lesson come due and fail; its slug."""
    world.clock.forward(minutes=1)
    world.next_lesson(email)
    return fail_newest_lesson(world, email, closed=closed)


def fail_newest_lesson(world: World, email: str, *, closed: bool = False) -> str:
    """As if the lesson that came last had failed; its slug. `closed`: the address is suppressed, too."""
    outbox = world.runtime.settings.outbox
    with world.runtime.db.write() as session:
        newest = select(Delivery).where(
            Delivery.enrolment_id == world.look_up(email).id, Delivery.kind == "lesson"
        )
        delivery = session.scalars(newest.order_by(Delivery.due_at.desc()).limit(1)).one()
        delivery.state, delivery.why = "failed", WHY
        delivery.accepted_at = delivery.answered_at = None
        if closed:
            session.add(Suppression(email=email, reason="bounced", suppressed_at=world.clock.real(), why=WHY))
        if outbox is not None:
            (outbox / f"{delivery.id}.eml").unlink()
        return delivery.slug
