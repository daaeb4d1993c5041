"""A learner with a name like no other does all there is to do and is erased: no byte of theirs is anywhere."""

import zlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import delete

from course.enrolment import privacy
from course.erasure import learner as erasure
from course.erasure.copies import remove_copies
from course.models import Suppression
from course.staff.allowance import Asker
from course.staff.signing_in import ask_for_link
from tests.course.enrolment.test_privacy import live
from tests.support.servers.redis_server import RedisServer
from tests.support.world.world import World

CANARY = "zqcanary"
EMAIL = f"{CANARY}@mail.example"
"""Its domain is counted against floods for two days, as everybody's: it names nobody."""
OTHERS = 40
"""So many more that rows of theirs lie on several pages of the file, before and behind."""


def sings(data: bytes) -> bool:
    """Whether the canary is in it, also compressed as jobs are, or in base64 as mails are."""
    with suppress(zlib.error):
        data += zlib.decompress(data)
    encoded = (b64encode(b"x" * lead + CANARY.encode())[4 if lead else 0 : -4] for lead in range(3))
    found = data.lower()
    return CANARY.encode() in found or any(part in data for part in encoded)


def kept_in(redis: Any) -> Iterator[tuple[bytes, bytes]]:
    """All that Redis holds, by key."""
    read: dict[bytes, Callable[[bytes], Iterable[bytes | None]]] = {
        b"string": lambda key: [redis.get(key)],
        b"hash": lambda key: [part for pair in redis.hgetall(key).items() for part in pair],
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"set": lambda key: redis.smembers(key),
        b"zset": lambda key: redis.zrange(key, 0, -1),
        b"stream": lambda key: [repr(redis.xrange(key)).encode()],
    }
    for key in redis.scan_iter():
        for value in read[redis.type(key)](key):
            yield key, key + b"\n" + (value or b"")


def places(world: World, redis: Any, folder: Path) -> set[str]:
    """Where the canary is."""
    files = {str(file) for file in folder.rglob("*") if file.is_file() and sings(file.read_bytes())}
    keys = {f"redis: {key!r}" for key, value in kept_in(redis) if sings(value)}
    return files | keys | {name for name, rows in world.rows().items() if sings(repr(rows).encode())}


def do_all_there_is(world: World) -> None:
    """Beside what every learner does, their address is typed wherever one can be typed."""
    live(world, EMAIL)
    url = world.learn_url(EMAIL)
    world.person.post(f"{url}/name", {"name": f"{CANARY} of Bern"})
    world.person.post(f"{url}/dough-1/note", {"words": f"{CANARY} was here"})
    world.person.post("/lost-link", {"email": EMAIL})
    with world.runtime.db.write() as session:
        ask_for_link(session, "a secret", EMAIL, Asker("a network", "a browser", "", world.clock.real()))
    world.person.post(f"{url}/settings", {"hour": "9", "tracking": "0"})
    world.person.post(f"{url}/mail-link")
    world.person.post(f"{url}/export")
    world.person.post(world.unsubscribe_url(EMAIL))
    world.person.post(f"{world.unsubscribe_url(EMAIL)}/undo")
    world.step()
    # Somebody else wishes for their own mails to go there.
    world.person.post(f"{world.learn_url('eve@example.org')}/settings/address", {"email": EMAIL})
    world.step()


@pytest.mark.parametrize("by", ["learner", "operator"])
def test_no_byte_is_left_of_an_erased_learner(
    world: World, by: str, redis_server: RedisServer, tmp_path: Path
) -> None:
    redis = Redis.from_url(redis_server.url)
    world.enrol("eve@example.org", name="Eve")
    world.admit(*(f"before{number}@example.org" for number in range(OTHERS)))
    do_all_there_is(world)
    world.admit(*(f"behind{number}@example.org" for number in range(OTHERS)))
    world.step()
    found = places(world, redis, tmp_path)
    assert {"learner", "delivery", "certificate", "note", "sign_in", "suppression"} <= found, "it never sang"
    assert any(place.endswith(".eml") for place in found)
    if by == "learner":
        with world.runtime.db.write() as session:  # mail is taken there again, so that they can be asked
            session.execute(delete(Suppression).where(Suppression.email == EMAIL))
        world.erase(EMAIL)
    else:
        erase_as_operators_do(world)
    assert places(world, redis, tmp_path) == set()


def erase_as_operators_do(world: World) -> None:
    with world.runtime.db.write() as session:
        learner = privacy.learner_with(session, EMAIL)
        erased = erasure.erase(session, learner.id, world.clock.now())
    remove_copies(world.runtime.db, world.runtime.settings.outbox, erased)


def test_who_was_asked_at_an_erased_address_can_still_go_on(world: World) -> None:
    world.enrol("eve@example.org", name="Eve")
    world.enrol(EMAIL)
    world.person.post(f"{world.learn_url('eve@example.org')}/settings/address", {"email": EMAIL})
    world.erase(EMAIL)
    world.next_lesson("eve@example.org")
    assert [mail.message["To"] for mail in world.mails("lesson")][-1] == "eve@example.org"
