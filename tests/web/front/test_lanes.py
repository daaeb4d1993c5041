"""Whose turn it is for a thread, and for whom a request is counted."""

import asyncio
from threading import Event

import pytest

from course.addresses.networks import parse_networks
from web.front import lanes
from web.front.environ import environ_of
from web.front.lanes import Lane
from web.front.patience import BODY_GRACE, BODY_RATE, body_deadline
from web.front.refusals import Refused
from web.front.whom import HERE, UNKNOWN, client, stranger

TRUSTED = parse_networks("127.0.0.1, 10.0.0.0/8")


def test_a_client_with_one_request_comes_before_the_fiftieth_of_another() -> None:
    async def ask() -> list[str]:
        lane, begun, order = Lane("test", 1), Event(), list[str]()
        lane.begin()
        first = asyncio.create_task(lane.run("greedy", begun.wait))
        await asyncio.sleep(0)
        rest = [asyncio.create_task(lane.run("greedy", order.append, "greedy")) for _ in range(50)]
        rest.append(asyncio.create_task(lane.run("modest", order.append, "modest")))
        await asyncio.sleep(0)
        begun.set()
        await asyncio.gather(first, *rest)
        return order

    assert asyncio.run(ask()).index("modest") <= 1


def test_what_fails_in_a_thread_fails_for_who_asked_and_the_thread_goes_on() -> None:
    async def ask() -> int:
        lane = Lane("test", 1)
        lane.begin()
        with pytest.raises(ValueError, match="no number"):
            await lane.run(HERE, _fail)
        return await lane.run(HERE, int, "7")

    assert asyncio.run(ask()) == 7


def _fail() -> int:
    raise ValueError("no number")


def test_no_more_wait_for_a_thread_than_can_be_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "MOST_WAITING", 2)

    async def ask() -> list[object]:
        lane, begun = Lane("test", 1), Event()
        lane.begin()
        asked = [asyncio.create_task(lane.run(HERE, begun.wait)) for _ in range(5)]
        await asyncio.sleep(0)
        begun.set()
        return list(await asyncio.gather(*asked, return_exceptions=True))

    found = asyncio.run(ask())
    assert [isinstance(one, Refused) for one in found] == [False] * 3 + [True] * 2


def test_who_has_given_up_waiting_costs_nobody_a_turn() -> None:
    async def ask() -> int:
        lane, begun = Lane("test", 1), Event()
        lane.begin()
        first = asyncio.create_task(lane.run(HERE, begun.wait))
        await asyncio.sleep(0)
        gone = asyncio.create_task(lane.run("gone", int, "1"))
        last = asyncio.create_task(lane.run("last", int, "2"))
        await asyncio.sleep(0)
        gone.cancel()
        begun.set()
        await first
        return await last

    assert asyncio.run(ask()) == 2


@pytest.mark.parametrize(
    ("peer", "x_forwarded_for", "forwarded", "counted"),
    [
        ("127.0.0.1", None, None, HERE),
        ("127.0.0.1", "203.0.113.7", None, "203.0.113.7"),
        ("127.0.0.1", None, "for=203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "nonsense", None, UNKNOWN),
        ("10.1.2.3", "2001:db8::1:2", None, "2001:db8::"),
        ("203.0.113.8", "127.0.0.1", None, "203.0.113.8"),
        ("", None, None, HERE),
    ],
)
def test_for_whom_a_request_is_counted(
    peer: str, x_forwarded_for: str | None, forwarded: str | None, counted: str
) -> None:
    assert client(peer, x_forwarded_for, forwarded, TRUSTED) == counted


@pytest.mark.parametrize(
    ("peer", "counted"),
    [
        ("127.0.0.1", HERE),
        ("10.0.0.9", HERE),
        ("", HERE),
        ("203.0.113.8", "203.0.113.8"),
        ("2001:db8::9", "2001:db8::"),
    ],
)
def test_for_whom_a_connection_is_counted(peer: str, counted: str) -> None:
    assert stranger(peer, TRUSTED) == counted


def test_a_body_has_a_grace_and_then_a_least_rate() -> None:
    assert body_deadline(0) == BODY_GRACE
    assert body_deadline(10 * BODY_RATE) == BODY_GRACE + 10


def test_what_a_client_over_a_socket_file_asks_can_be_told() -> None:
    scope = {
        "method": "GET", "raw_path": b"/%E2%82%AC", "query_string": b"a=%20", "http_version": "1.1",
        "server": ("/run/site.sock", None), "client": None, "scheme": "http", "headers": [(b"host", b" x ")],
    }  # fmt: skip
    environ = environ_of(scope)
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/€"
    assert (environ["REMOTE_ADDR"], environ["SERVER_PORT"], environ["HTTP_HOST"]) == ("", "", "x")
