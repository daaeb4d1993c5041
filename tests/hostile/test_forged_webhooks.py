"""Posts to the webhook that the provider never signed: none is taken, however near it comes."""

import base64
import json
import random
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from mailer.providers.sendgrid.events import SIGNATURE_HEADER, TIMESTAMP_HEADER
from mailer.providers.sendgrid.request import ATTEMPT
from tests.hostile.ground.people import differing
from tests.hostile.scale import dice, note, sized
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.sendgrid_events import ITS_OWN, EventSigner, told
from tests.support.world.sample_course import write_sample
from tests.support.world.world import ALREADY_PUBLISHED, World

HOOK = "/hooks/sendgrid"
Post = tuple[bytes, dict[str, str]]
P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def forged(
    chance: random.Random, signer: EventSigner, stranger: EventSigner, events: list[object]
) -> Iterator[Post]:
    """An honest post that never arrived, with one thing about it altered."""
    honest = json.dumps(events).encode() + b"\r\n"
    while True:
        body, headers = signer.signed(honest)
        signature = base64.b64decode(headers[SIGNATURE_HEADER])
        match chance.randrange(12):
            case 0:
                turned = bytearray(signature)
                turned[chance.randrange(len(turned))] ^= 1 << chance.randrange(8)
                headers[SIGNATURE_HEADER] = base64.b64encode(bytes(turned)).decode()
            case 1:
                changed = bytearray(body)
                changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
                body = bytes(changed)
            case 2:
                headers[TIMESTAMP_HEADER] = str(
                    int(headers[TIMESTAMP_HEADER]) + chance.choice((-86400, -1, 1, 3600))
                )
            case 3:
                body, headers = stranger.signed(honest)
            case 4:
                headers[SIGNATURE_HEADER] = signer.signed(b"[]")[1][SIGNATURE_HEADER]
            case 5:
                del headers[chance.choice((SIGNATURE_HEADER, TIMESTAMP_HEADER))]
            case 6:
                body = chance.choice(
                    (body + b" ", body[:-2], b" " + body, body.replace(b"\r\n", b"\n"), b"", b"[]")
                )
            case 7:
                r, s = decode_dss_signature(signature)
                pair = chance.choice(((0, 0), (r, 0), (0, s), (P256, P256), (s, r), (r, s + P256), (r + P256, s)))
                headers[SIGNATURE_HEADER] = base64.b64encode(encode_dss_signature(*pair)).decode()
            case 8:
                raw = chance.choice(
                    (b"", b"\0" * 70, signature[:-1], signature + b"\0", b"\x30\x00", signature * 2)
                )
                headers[SIGNATURE_HEADER] = base64.b64encode(raw).decode()
            case 9:
                headers[SIGNATURE_HEADER] = chance.choice(("", "none", "null", "true", "=", "é", "*", "A" * 9000))
            case 10:
                headers[TIMESTAMP_HEADER] = chance.choice(("", "0", " " + headers[TIMESTAMP_HEADER], "NaN", "-1"))
            case 11:
                headers |= {"Content-Encoding": chance.choice(("gzip", "deflate", "gzip, gzip", "identity2"))}
                body = chance.choice((body, b"\x1f\x8b" + body, b""))
        yield body, headers


def test_no_forged_post_is_taken(tmp_path: Path, database_url: str, redis_server: RedisServer) -> None:
    signer, stranger, chance = EventSigner(), EventSigner(), dice("forged webhooks")
    write_sample(tmp_path / "lessons")
    place = tmp_path / "var", database_url, redis_server.url, tmp_path / "lessons"
    with closing(World(*place, ALREADY_PUBLISHED, SENDGRID_WEBHOOK_KEY=signer.public_key)) as world:
        world.enrol()
        attempt = {ATTEMPT: str(world.rows()["attempt"][0]["id"])}
        events: list[object] = [
            told(attempt, kind, int(time.time()), email="ada@example.org") for kind in (*ITS_OWN, "open", "click")
        ]
        before, taken, client = world.rows(), [], world.app.test_client()
        posts = forged(chance, signer, stranger, events)
        tries = sized(400, 10_000)
        for _ in range(tries):
            body, headers = next(posts)
            status = client.post(HOOK, data=body, headers=headers).status_code
            if not 400 <= status < 500:
                taken.append(f"{status} {headers} {body[:200]!r}")
        for hook in ("/hooks/", "/hooks/smtp", "/hooks/SendGrid", "/hooks/sendgrid/x", "/hooks/outbox"):
            body, headers = signer.signed(json.dumps(events).encode())
            taken += [hook] if client.post(hook, data=body, headers=headers).status_code != 404 else []
        note(f"forged webhooks, {world.runtime.db.engine.dialect.name}", tries=tries, findings=len(taken))
        assert taken == []
        assert differing(before, world.rows()) == {}
        # One that is honest is taken all the same, and the same once more adds nothing.
        body, headers = signer.signed(json.dumps(events).encode())
        assert client.post(HOOK, data=body, headers=headers).status_code == 204
        heard = world.rows()["event"]
        assert heard
        assert client.post(HOOK, data=body, headers=headers).status_code == 204
        assert world.rows()["event"] == heard
