"""An erased address is brought back by nobody but its owner, and no row names it."""

from collections.abc import Callable

import pytest

from course.consent.left_alone import left_alone
from course.enrolment import privacy
from course.enrolment.joining import admit, register
from course.enrolment.registration import Registration
from course.erasure import learner as erasure
from course.errors import Invalid
from course.models import Suppression
from tests.course.consent.test_record import take
from tests.support.world.sample_course import SLUG
from tests.support.world.world import World
from tests.web.learner.test_address import agree, ask

ADA = "ada@example.org"


def erase(world: World, email: str = ADA, *, wished: bool = True) -> None:
    with world.runtime.db.write() as session:
        learner = privacy.learner_with(session, email)
        erasure.erase(session, learner.id, world.clock.now(), wished=wished)


def reason(world: World, email: str = ADA) -> str | None:
    with world.runtime.db.read() as session:
        return left_alone(session, [email]).get(email)


def complain(world: World) -> None:
    with world.runtime.db.write() as session:
        session.add(Suppression(email=ADA, reason="complained", suppressed_at=world.clock.now(), why="spam"))


def leave(world: World) -> None:
    world.person.post(world.unsubscribe_url())


@pytest.mark.parametrize(
    ("before", "why"), [(complain, "complained"), (leave, "left"), (lambda _: None, "erased")]
)
def test_a_list_does_not_bring_back_who_was_erased_and_says_why(
    world: World, before: Callable[[World], None], why: str
) -> None:
    world.enrol()
    before(world)
    erase(world)
    assert reason(world) == why
    told = take(world, "email,confirmed_at\nADA@Example.org,2025-01-02T03:04Z\nnew@example.org,\n")
    told += take(world, f"email\n{ADA}\n")
    assert len(told) == 2
    assert all("was erased" in line and ADA in line for line in told)
    world.step()
    assert [row["email"] for row in world.rows()["learner"]] == ["new@example.org"]


@pytest.mark.parametrize("take_in", [admit, register])
def test_no_operator_brings_them_back(world: World, take_in: Callable[..., bool]) -> None:
    world.enrol()
    erase(world)
    sent = len(world.mails())
    with pytest.raises(Invalid, match="was erased"), world.runtime.db.write() as session:
        published = world.runtime.shelf.by_slug(session, SLUG)
        take_in(session, published, Registration(ADA, "", "UTC", 8, False), world.clock.times())
    world.step()
    assert len(world.mails()) == sent
    assert not world.rows()["learner"]


def test_who_registers_and_confirms_is_welcome_again(world: World) -> None:
    world.enrol()
    leave(world)
    erase(world)
    world.register()
    assert reason(world) == "left", "anybody may have typed the address"
    world.person.submit(world.person.look(world.mails("confirm")[-1].link("/confirm/")))
    assert reason(world) is None
    assert not world.rows()["left_alone"]


def test_the_digest_is_found_after_the_key_of_the_site_was_changed(world: World) -> None:
    world.enrol()
    erase(world)
    object.__setattr__(world.runtime.settings, "secrets", ("another-secret-of-32-characters!!",))
    assert reason(world) == "erased"


def test_what_was_never_wished_leaves_no_digest(world: World) -> None:
    world.register()
    erase(world, wished=False)
    assert not world.rows()["left_alone"]


def test_a_former_address_is_left_alone_too(world: World) -> None:
    world.enrol()
    ask(world, "new@example.org")
    agree(world, "move-from")
    agree(world, "move-to")
    erase(world, "new@example.org")
    assert {reason(world), reason(world, "new@example.org")} == {"erased"}
