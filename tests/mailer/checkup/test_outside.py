"""The site as others reach it, and the time as others tell it."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from struct import pack

import pytest

from course.version import own_version
from mailer.checkup.site import of_site
from mailer.checkup.time_servers import EPOCH, of_time
from tests.support.lasting import serving
from tests.support.servers.certificate import write_certificate
from tests.support.servers.ports import free_port

pytestmark = pytest.mark.server
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def now() -> datetime:
    return NOW


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps({"alive": True, "version": own_version()}).encode()
        self.send_response_only(200)
        self.send_header("Date", format_datetime(NOW - timedelta(seconds=30), usegmt=True))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def site(certificate: Path | None = None) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Healthy)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    with serving(server):
        yield f"http{'s' if certificate else ''}://127.0.0.1:{server.server_address[1]}"


def test_a_site_of_ours_is_known_by_its_answer() -> None:
    with site() as url:
        [found] = of_site(url, NOW)
    assert (found.about, found.state) == ("links", "good")


def test_its_certificate_is_looked_at(tmp_path: Path) -> None:
    certificate = write_certificate(tmp_path)
    with site(certificate) as url:
        context = ssl.create_default_context(cafile=str(certificate))
        found = list(of_site(url, datetime.now(UTC), context))
        [refused] = of_site(url, datetime.now(UTC))
    assert [(one.about, one.state) for one in found] == [("links", "good"), ("certificate", "bad")]
    assert "ends in 1 days" in found[1].said
    assert (refused.about, refused.state) == ("certificate", "bad")


@pytest.mark.parametrize("url", ["http://127.0.0.1:PORT", "https://nobody.invalid"])
def test_where_nobody_answers_the_links_lead_nowhere(url: str) -> None:
    [found] = of_site(url.replace("PORT", str(free_port())), NOW)
    assert (found.about, found.state) == ("links", "bad")
    assert found.todo


@contextmanager
def time_server(ahead: float, stratum: int = 2) -> Iterator[tuple[str, int]]:
    """Tells a time that is so many seconds ahead, once."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def answer() -> None:
            _, asker = server.recvfrom(512)
            seconds = (NOW - EPOCH).total_seconds() + ahead
            told = pack("!II", int(seconds), int(seconds % 1 * 2**32))
            server.sendto(bytes([0x24, stratum]) + bytes(38) + told, asker)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield server.getsockname()
        thread.join(60)


@pytest.mark.parametrize(("ahead", "state"), [(0.3, "good"), (-20.0, "warning"), (3600.0, "bad")])
def test_a_time_server_is_believed(ahead: float, state: str) -> None:
    with time_server(ahead) as server:
        found = of_time("http://127.0.0.1:1", now, [server])
    assert (found.state, "127.0.0.1" in found.said) == (state, True)


def test_one_that_does_not_know_is_not_and_the_site_is_asked() -> None:
    with time_server(0, stratum=0) as server, site() as url:
        found = of_time(url, now, [server])
    assert (found.state, "28 seconds ahead" in found.said) == ("warning", True)


def test_where_nobody_knows_nothing_is_claimed() -> None:
    found = of_time(f"http://127.0.0.1:{free_port()}", now, [("127.0.0.1", free_port())])
    assert (found.state, "could not be asked" in found.said) == ("warning", True)
