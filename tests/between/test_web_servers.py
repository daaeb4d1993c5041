"""A site as it runs in earnest behind Caddy, nginx, and a CDN before either, as docs/deploy.md has them set up."""

import http.client
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path

import pytest
from redis import Redis

from mailer.providers.sendgrid.request import ATTEMPT
from tests.support.author.studio import USERS, session_of
from tests.support.between.web_servers import CDN, web_servers
from tests.support.front.talk import connected, request_of
from tests.support.project import ROOT
from tests.support.servers.guarded import GuardedProcess
from tests.support.servers.ports import answers_at, free_port
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.sendgrid_events import EventSigner, told
from tests.support.waiting import PATIENCE
from tests.support.world.sample_course import write_sample
from tests.support.world.settings import SETTINGS
from tests.support.world.world import ALREADY_PUBLISHED, World
from web.cookies import cookie_name

BASE_URL = "https://course.example.org"
READER = "127.0.0.9"
"""Somebody far away; in truth another address of this machine."""
FLOOD = 60
FORM = "application/x-www-form-urlencoded"
FRONTS = ("Caddy", "nginx", "a CDN before Caddy", "a CDN before nginx")
TALES: tuple[dict[str, str], ...] = (
    {},
    {"X-Forwarded-For": "203.0.113.6"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Forwarded-For": f"203.0.113.6, {CDN}"},
    {"Forwarded": "for=203.0.113.6;proto=https;host=evil.example"},
    *({name: "203.0.113.6"} for name in ("X_Forwarded_For", "X-Forwarded_For", "x_forwarded-for", "X-Real-IP")),
)
MEDIA = "/studio/courses/bread-at-home/media"
FILM = b"\0\0\0\x20ftypisom" + b"frames" * 3_000_000


@dataclass(frozen=True, slots=True)
class Line:
    world: World
    redis: RedisServer
    signer: EventSigner
    ports: Mapping[str, int]
    """Where each front listens, and `""`, the site itself."""

    def ask(
        self, front: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> tuple[int, Message, str]:
        """Status, headers and text of what a reader gets."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.ports[front], timeout=PATIENCE, source_address=(READER, 0)
        )
        with closing(connection):
            connection.request("GET" if body is None else "POST", path, body, dict(headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode(errors="replace")

    def counted(self) -> set[str]:
        """Whom the limits have counted so far."""
        with Redis.from_url(self.redis.url, decode_responses=True) as client:
            keys = " ".join(client.scan_iter("LIMIT*"))
        return set(re.findall(r"(?<=/)[0-9.]{7,}(?=/)", keys))


@pytest.fixture(scope="module")
def second_address() -> None:
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", 9, source_address=(READER, 0))) as connection:
            connection.connect()
    except ConnectionRefusedError:
        return
    except OSError:
        pytest.skip("this system has no second loopback address")


@pytest.fixture(scope="module")
def line(
    tmp_path_factory: pytest.TempPathFactory,
    redis_process: RedisServer,
    web_server_programs: None,
    second_address: None,
) -> Iterator[Line]:
    folder, signer, port = tmp_path_factory.mktemp("line"), EventSigner(), free_port()
    write_sample(folder / "lessons")
    environment = {
        **SETTINGS,
        "VAR_DIR": str(folder / "var"),
        "DATABASE_URL": f"sqlite:///{folder / 'line.sqlite3'}",
        "REDIS_URL": redis_process.url,
        "LESSONS_DIR": str(folder / "lessons"),
        "BASE_URL": BASE_URL,
        "STUDIO_USERS": USERS,
        "SENDGRID_WEBHOOK_KEY": signer.public_key,
        "TRUSTED_PROXIES": f"127.0.0.1, {CDN}",
    }
    place = (folder / "var", environment["DATABASE_URL"], redis_process.url, folder / "lessons")
    with closing(World(*place, not ALREADY_PUBLISHED, **environment)) as world:
        world.clock.moments.append(datetime.now(UTC))
        serve = [str(Path(sys.executable).parent / "dayletter"), "serve", "--port", str(port)]
        own = ["env", "-i", f"PYTHONPATH={ROOT}", *(f"{name}={value}" for name, value in environment.items())]
        site = GuardedProcess([*own, *serve], folder / "site.log", stop_with="TERM")
        try:
            site.wait_until(lambda: answers_at(port))
            with web_servers(port, folder) as ports:
                yield Line(world, redis_process, signer, {**ports, "": port})
        finally:
            site.stop()


@pytest.fixture(autouse=True)
def nobody_counted(line: Line) -> None:
    line.redis.empty()


@pytest.mark.parametrize("front", FRONTS)
def test_a_reader_is_counted_by_their_own_address_whatever_they_say(line: Line, front: str) -> None:
    for tale in TALES:
        assert line.ask(front, "/certificates/none.pdf", tale)[0] == 404
        assert line.counted() == {READER}, tale


@pytest.mark.parametrize(
    "tale", [tale for tale in TALES if "X-Forwarded-For" in tale or "Forwarded" in tale], ids=str
)
def test_who_comes_past_the_web_servers_is_not_believed_either(line: Line, tale: dict[str, str]) -> None:
    line.ask("", "/certificates/none.pdf", tale)
    assert line.counted() == {READER}


def test_a_flood_is_refused_through_whichever_web_server_it_comes(line: Line) -> None:
    asked = [line.ask(FRONTS[n % 4], "/certificates/none.pdf")[0] for n in range(FLOOD + 4)]
    assert asked == [404] * FLOOD + [429] * 4
    assert line.ask("", "/certificates/none.pdf")[0] == 404, "this machine itself"


@pytest.mark.parametrize("front", FRONTS)
def test_links_and_redirects_are_made_of_the_sites_own_address(line: Line, front: str) -> None:
    email = f"reader{FRONTS.index(front)}@example.org"
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
    landing = line.ask(front, "/courses/bread-at-home", forged)
    form = f"email={email}&name=Ada&zone=UTC&hour=8".encode()
    posted = {**forged, "Content-Type": "application/x-www-form-urlencoded"}
    enrolled = line.ask(front, "/courses/bread-at-home/enrol", posted, form)
    assert (landing[0], enrolled[0]) == (200, 303)
    assert "evil.example" not in str(enrolled[1]) + landing[2]
    assert enrolled[1]["Location"].startswith(("/", BASE_URL))
    line.world.clock.moments.append(datetime.now(UTC))
    line.world.step()
    confirm = next(mail for mail in line.world.mails("confirm") if mail.message["To"] == email)
    assert confirm.link("/confirm/").startswith(f"{BASE_URL}/confirm/")


@pytest.mark.parametrize("front", FRONTS)
def test_an_authors_film_passes_and_cookies_stay_with_https(line: Line, front: str) -> None:
    session = session_of(line.world, "author", datetime.now(UTC))
    cookie = "; ".join(f"{cookie_name(name, https=True)}={value}" for name, value in session.items())
    _, headers, page = line.ask(front, MEDIA, {"Cookie": cookie})
    given = str(headers["Set-Cookie"])
    assert "Secure" in given
    assert line.ask(front, MEDIA, {"Cookie": cookie})[1].get("Content-Encoding") is None
    form = re.search(rf'action="{MEDIA}".*?</form>', page, flags=re.S)
    assert form
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))
    body = b"".join(
        f'--cut\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    )
    name = f"talk-{FRONTS.index(front)}.mp4"
    body += f'--cut\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    body += FILM + b"\r\n--cut--\r\n"
    sent = {
        "Cookie": f"{cookie}; {given.partition(';')[0]}",
        "Content-Type": "multipart/form-data; boundary=cut",
    }
    assert line.ask(front, MEDIA, sent, body)[0] == 303
    assert (line.world.lessons_dir / "bread-at-home/media" / name).read_bytes() == FILM


@pytest.mark.parametrize("front", FRONTS)
def test_a_signed_webhook_is_heard(line: Line, front: str) -> None:
    event = told({ATTEMPT: "0" * 32}, "delivered", int(time.time()), email="ada@example.org")
    # SendGrid posts up to some hundreds of events at a time.
    body, headers = line.signer.signed_events([event] * 2000)
    assert line.ask(front, "/hooks/sendgrid", headers, body)[0] == 204
    assert line.ask(front, "/hooks/sendgrid", headers, body + b" ")[0] != 204


@pytest.mark.parametrize("front", FRONTS)
def test_slow_clients_keep_nobody_waiting_through_whichever_web_server_they_come(line: Line, front: str) -> None:
    with ExitStack() as stack:
        for begun in (
            request_of(
                "POST", "/courses/bread-at-home/enrol", f"Content-Type: {FORM}", "Content-Length: 50000", body=b"e"
            ),
            request_of(
                "POST", "/courses/bread-at-home/enrol", f"Content-Type: {FORM}", "Transfer-Encoding: chunked"
            ),
            b"GET / HTTP/1.1\r\nHost: course.example.org\r\nX-Slow: ",
        ) * 20:
            stack.enter_context(connected(line.ports[front], READER)).sendall(begun)
        for path in ("/healthz", "/courses/bread-at-home", "/o/nobody.gif"):
            assert line.ask(front, path)[0] == 200
