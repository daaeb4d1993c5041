"""Links to other sites: asked on request, and never within a private network."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from course.lint import web_pages
from course.lint.draft import Draft, draft_of
from course.lint.web_pages import ask_all, is_public, web_links
from tests.support.lasting import serving

pytestmark = pytest.mark.server

HERE = "127.0.0.1"


class Pages(BaseHTTPRequestHandler):
    """`/gone` is not there, `/get` knows no HEAD, and `/to/<address>` leads on."""

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
        elif self.path == "/get" and self.command == "HEAD":
            self.send_response(405)
        else:
            self.send_response(404 if self.path == "/gone" else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *values: object) -> None:
        pass


@contextmanager
def site() -> Iterator[str]:
    server = ThreadingHTTPServer((HERE, 0), Pages)
    with serving(server):
        yield f"http://{HERE}:{server.server_address[1]}"


def draft_with(*addresses: str) -> Draft:
    links = "\n".join(f"[x]({address})" for address in addresses)
    return draft_of("c", {"course.md": f"---\ntitle: T\n---\n{links}\n"}, {})


def asked(*addresses: str) -> list[tuple[int, str]]:
    """Line and code of each finding, where this machine alone counts as public."""
    answers = ask_all(draft_with(*addresses), lambda number: number == HERE)
    return [(problem.line, problem.code) for problems in answers for problem in problems]


def test_a_page_that_answers_is_no_finding_even_if_it_knows_no_head() -> None:
    with site() as base:
        assert (
            asked(f"{base}/", f"{base}/get", f"{base}/to/{base}/", "articles/a.md", "mailto:a@example.org") == []
        )


def test_a_page_that_is_not_there_is_told_at_each_line_that_links_to_it() -> None:
    with site() as base:
        assert asked(f"{base}/gone", f"{base}/", f"{base}/gone") == [(4, "DL501"), (6, "DL501")]


def test_a_redirect_into_a_private_network_is_refused() -> None:
    with site() as base:
        assert asked(f"{base}/to/http://127.0.0.2:1/", f"{base}/to/http://10.0.0.1/") == [
            (4, "DL502"),
            (5, "DL502"),
        ]


def test_what_leads_on_and_on_or_nowhere_at_all_is_told() -> None:
    with site() as base:
        round_and_round = f"{base}/to/" * 9 + f"{base}/"
        found = asked(round_and_round, f"{base}/to/file:///etc/passwd", "http://[::bad/", f"http://{HERE}:99999/")
        assert found == [(4, "DL501"), (5, "DL501"), (6, "DL501"), (7, "DL501")]


@pytest.mark.parametrize(
    "address",
    ["http://localhost/", "http://127.0.0.1:6379/", "http://[::1]/", "http://10.1.2.3/", "http://192.168.0.1/",
     "http://169.254.169.254/latest/meta-data/", "http://[fe80::1]/", "http://0.0.0.0/", "http://[::ffff:127.0.0.1]/",
     "http://100.64.0.1/", "http://2130706433/", "http://224.0.0.1/", "http://[64:ff9b::a00:1]/",
     "http://[2002:7f00:1::1]/", "http://[2001:0:4136:e378:8000:63bf:f5ff:fffe]/", "http://[::127.0.0.1]/", "http://[64:ff9b:1::1]/"],
)  # fmt: skip
def test_a_private_address_is_never_asked(address: str) -> None:
    ((problem,),) = ask_all(draft_with(address))
    assert problem.code == "DL502"


@pytest.mark.parametrize("number", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_a_public_address_may_be_asked(number: str) -> None:
    assert is_public(number)


def test_a_name_is_looked_up_once_so_that_it_cannot_mean_another_address_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A server of names that says a public address when asked first, and this machine from then on."""
    answers, look_up = iter(["192.0.2.7"]), socket.getaddrinfo

    def rebinding(host: str, *more: Any, **named: Any) -> Any:
        return look_up(next(answers, HERE) if host == "rebound.example" else host, *more, **named)

    monkeypatch.setattr(web_pages, "getaddrinfo", rebinding)
    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with site() as base:
        judged: list[str] = []

        def only_here(number: str) -> bool:
            judged.append(number)
            return number == HERE

        address = base.replace(HERE, "rebound.example")
        ((problem,),) = ask_all(draft_with(address), only_here)
        assert (problem.code, judged) == ("DL502", ["192.0.2.7"])
        assert list(ask_all(draft_with(address), only_here)) == [()]
        assert judged == ["192.0.2.7", HERE], "what was judged is what was asked"


def test_links_are_counted_once_with_all_their_places() -> None:
    assert web_links(draft_with("https://a.org", "http://b.org", "https://a.org")) == {
        "https://a.org": [("course.md", 4), ("course.md", 6)],
        "http://b.org": [("course.md", 5)],
    }


def test_a_site_whose_encryption_fails_is_told() -> None:
    with site() as base:
        assert asked(base.replace("http:", "https:")) == [(4, "DL501")]
