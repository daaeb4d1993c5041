"""SendGrid's webhook: only what is signed for us is heard, and nothing it holds breaks the world."""

import base64
import gzip
import io
import json
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from mailer.providers.sendgrid.request import ATTEMPT
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.sendgrid_events import EventSigner, told
from tests.support.world.sample_course import write_sample
from tests.support.world.world import World
from web.site.hooks import MAX_BYTES

HOOK = "/hooks/sendgrid"


@pytest.fixture
def signer() -> EventSigner:
    return EventSigner()


@pytest.fixture
def hooked(tmp_path: Path, database_url: str, redis_server: RedisServer, signer: EventSigner) -> Iterator[World]:
    """A world that knows SendGrid's key; its mail stays here."""
    write_sample(tmp_path / "lessons")
    url, key = redis_server.url, signer.public_key
    world = World(tmp_path / "var", database_url, url, tmp_path / "lessons", SENDGRID_WEBHOOK_KEY=key)
    with closing(world):
        world.enrol()
        yield world


def post(world: World, body: bytes, headers: Mapping[str, str]) -> int:
    return world.app.test_client().post(HOOK, data=body, headers=dict(headers)).status_code


def delivered(world: World) -> dict[str, object]:
    attempt = world.rows()["attempt"][0]["id"]
    return told({ATTEMPT: attempt}, "delivered", int(time.time()), email="ada@example.org")


def test_a_signed_event_is_recorded_once_however_often_it_comes(hooked: World, signer: EventSigner) -> None:
    body, headers = signer.signed_events([delivered(hooked)] * 2)
    for _ in range(2):
        assert post(hooked, body, headers) == 204
    assert len(hooked.rows()["event"]) == 1


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("GZIP", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body, wbits=-15)),
        ("identity", bytes),
        ("deflate, gzip", lambda body: gzip.compress(zlib.compress(body))),
    ],
)
def test_a_post_that_was_compressed_on_its_way_is_heard(
    hooked: World, signer: EventSigner, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    body, headers = signer.signed_events([delivered(hooked)])
    assert post(hooked, pack(body), {**headers, "Content-Encoding": encoding}) == 204
    assert len(hooked.rows()["event"]) == 1


def test_a_compressed_post_that_is_broken_unknown_or_a_bomb_is_refused(hooked: World, signer: EventSigner) -> None:
    body, headers = signer.signed_events([delivered(hooked)])
    packed = gzip.compress(body)
    bomb = gzip.compress(b" " * (MAX_BYTES + 1))
    for sent, encoding in ((body, "gzip"), (packed[:-9], "gzip"), (b"", "gzip"), (packed, "br"), (bomb, "gzip")):
        assert post(hooked, sent, {**headers, "Content-Encoding": encoding}) == 400, encoding
    assert post(hooked, gzip.compress(body + b" "), {**headers, "Content-Encoding": "gzip"}) == 403
    assert not hooked.rows()["event"]


def test_without_a_key_there_is_no_hook(world: World, signer: EventSigner) -> None:
    world.enrol()
    body, headers = signer.signed_events([delivered(world)])
    assert post(world, body, headers) == 404
    assert not world.rows()["event"]


def test_what_is_unsigned_altered_or_signed_by_others_is_refused(hooked: World, signer: EventSigner) -> None:
    body, headers = signer.signed_events([delivered(hooked)])
    signature, moment = list(headers)[1:]
    for changed in (
        {},
        headers | {signature: ""},
        headers | {signature: "ÿ"},
        headers | {signature: base64.b64encode(b"x" * 70).decode()},
        headers | {signature: headers[signature][:-8]},
        headers | {moment: "1"},
        {name: value for name, value in headers.items() if name != moment},
        EventSigner().signed_events([delivered(hooked)])[1],
    ):
        assert post(hooked, body, changed) == 403
    assert post(hooked, body + b" ", headers) == 403
    assert not hooked.rows()["event"]


ODD: tuple[dict[str, object], ...] = (
    {ATTEMPT: "unknown"}, {ATTEMPT: None}, {ATTEMPT: 7}, {ATTEMPT: "a\0b"}, {"event": "??"},
    {"event": None}, {"timestamp": "soon"}, {"timestamp": 1e300}, {"timestamp": None}, {"url": {"a": []}},
    {"reason": "\0"}, {"reason": "\ud800"}, {"url": "\0\ud800"}, {"extra": "\0\ud800"}, {"type": []},
)  # fmt: skip


def test_odd_events_among_others_stop_none_of_them(hooked: World, signer: EventSigner) -> None:
    blocked = delivered(hooked) | {"event": "bounce", "type": "blocked"}
    for odd in ODD:
        body, headers = signer.signed_events([blocked | odd, {}])
        assert post(hooked, body, headers) == 204, odd
    body, headers = signer.signed_events([*(blocked | odd for odd in ODD), delivered(hooked)])
    assert post(hooked, body, headers) == 204
    assert "delivered" in [row["kind"] for row in hooked.rows()["event"]]


def test_a_body_that_is_no_list_changes_nothing_and_is_not_asked_for_again(
    hooked: World, signer: EventSigner, caplog: pytest.LogCaptureFixture
) -> None:
    for odd in (b'{"event": "delivered"}', b"[", b"", b"[" * 100_000, b"NaN", b"\xff"):
        body, headers = signer.signed(odd)
        assert post(hooked, body, headers) == 204, odd[:20]
    assert not hooked.rows()["event"]
    assert caplog.text.count("1 entries that cannot be read") == 6


def test_what_would_fail_for_ever_is_counted_and_what_stands_beside_it_is_recorded(
    hooked: World, signer: EventSigner, caplog: pytest.LogCaptureFixture
) -> None:
    good = json.dumps(delivered(hooked))
    at = str(json.loads(good)["timestamp"])
    for number, odd in enumerate((
        "[" * 100_000 + "]" * 100_000,
        good.replace(at, "NaN"),
        good.replace(at, "253402300800"),
        "{" + '"a":{' * 50_000,
    )):  # fmt: skip
        body, headers = signer.signed(f"[{good.replace(at, str(int(at) - number))}, {odd}]".encode())
        assert post(hooked, body, headers) == 204
    for number, odd in enumerate((
        "NaN", "-Infinity", '"\\ud800\\u0000"', "9" * 5000, "1e999", f'"{"x" * 10_000_000}"',
        "[" * 99_999 + "]" * 99_999,
    )):  # fmt: skip
        entry = good.replace(at, str(int(at) + 1 + number))
        body, headers = signer.signed(f'[{entry[:-1]}, "odd": {odd}}}]'.encode())
        assert post(hooked, body, headers) == 204
    assert len(hooked.rows()["event"]) == 11
    assert caplog.text.count("1 entries that cannot be read") == 4
    assert "ada@example.org" not in caplog.text


def test_a_post_without_a_signature_is_refused_before_it_is_read(hooked: World) -> None:
    body, sent = NeverRead(), {"Content-Length": str(MAX_BYTES), "Content-Type": "application/json"}
    answer = hooked.app.test_client().open(HOOK, method="POST", input_stream=body, headers=sent)
    assert answer.status_code == 403


class NeverRead(io.BytesIO):
    def read(self, _size: int | None = -1) -> bytes:
        raise AssertionError("the body was read")


def test_events_fill_larger_posts_than_forms_may(hooked: World, signer: EventSigner) -> None:
    body, headers = signer.signed_events([delivered(hooked) | {"extra": "x" * 1000}] * 1000)
    assert post(hooked, body, headers) == 204
    assert len(hooked.rows()["event"]) == 1
