"""Whatever host a request or a proxy names: no page, link, redirect, cookie or mail takes anything from it."""

import re
import socket
from collections.abc import Iterator
from itertools import product
from urllib.parse import urlsplit

from tests.hostile.ground.people import ADA, House
from tests.hostile.ground.routes import ENDS_IT, filled, routes
from tests.hostile.scale import dice, note, sized
from tests.support.browser.served import served
from tests.support.waiting import PATIENCE
from tests.support.world.person import FIREFOX

NAMES = (
    "evil.example", "evil.example:8000", "127.0.0.1:8000.evil.example", "evil.example\\", "EVIL.example",
    "evil.example/",
)  # fmt: skip
HEADERS = (
    "Host", "X-Forwarded-Host", "X-Forwarded-Server", "X-Host", "X-Original-Host", "X-HTTP-Host-Override",
    "Forwarded",
    "X-Forwarded-Proto", "X-Forwarded-Scheme", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Forwarded-For",
    "X-Original-URL", "X-Rewrite-URL", "X-Script-Name", "Referer", "Origin", "X-Real-IP", "Via",
    "X-Forwarded-Path",
)  # fmt: skip
CHANGING = re.compile(rb"csrf_token[^>]*|\"at\": \"[^\"]*|[0-9.]+e?[+-]?[0-9]* *\n")


def lies() -> Iterator[tuple[str, str]]:
    for header, name in product(HEADERS, NAMES):
        match header:
            case "Forwarded":
                yield header, f"for=6.6.6.6;host={name};proto=evil.example;by={name}"
                yield header, f'host="{name}"'
            case "X-Forwarded-Proto" | "X-Forwarded-Scheme":
                yield header, "javascript"
                yield header, "https, evil.example"
            case "X-Forwarded-Prefix" | "X-Original-URL" | "X-Rewrite-URL" | "X-Script-Name" | "X-Forwarded-Path":
                yield header, f"//{name}"
            case "Referer" | "Origin":
                yield header, f"https://{name}/"
            case _:
                yield header, name


def test_no_answer_takes_anything_from_the_host_that_a_request_names(house: House) -> None:
    world, chance, found = house.world, dice("foreign hosts"), []
    tried = chance.sample(all_lies := list(lies()), sized(6, len(all_lies)))
    looked_at = [route for route in routes(world.app) if route.method == "GET" and route.way]
    client, tries = world.app.test_client(), 0
    for route in looked_at:
        key = house.keys[ADA].get(route.way.opener if route.way else "nothing", ["none"])[0]
        path = house.path(route, ADA, key)
        client.get(path, headers=FIREFOX).close()  # the first look at a lesson is noted
        plain = client.get(path, headers=FIREFOX)
        honest = CHANGING.sub(b"", plain.get_data())
        plain.close()
        for header, value in tried:
            if route.endpoint.startswith("health."):
                continue
            tries += 1
            answer = client.get(path, headers={**FIREFOX, header: value})
            told = f"{route.endpoint} {header}: {value}"
            found += [f"{told} in its words"] if b"evil.exam" in answer.get_data().lower() else []
            same = CHANGING.sub(b"", answer.get_data()) == honest
            # Who is asked from elsewhere may be asked to wait, and nothing else.
            found += [] if same or answer.status_code in (400, 429) else [f"{told} changes the page"]
            found += [f"{told} in {line}" for line in answer.headers if "evil.exam" in str(line).lower()]
            answer.close()
    note("hosts that requests name", tries=tries, findings=len(found))
    assert found == [], "\n".join(found)


def test_no_deed_cookie_or_mail_takes_anything_from_it(house: House) -> None:
    world, chance, found = house.world, dice("mails from foreign hosts"), []
    tried = chance.sample(all_lies := list(lies()), sized(12, len(all_lies)))
    acting = (route for route in routes(world.app) if route.method == "POST" and route.way)
    forms = [route for route in acting if route.endpoint != ENDS_IT]
    for number, (header, value) in enumerate(tried):
        values = {**house.values[ADA], "email": f"guest{number}@example.org"}
        for route in forms if number < sized(2, 20) else [r for r in forms if r.endpoint == "signup.enrol"]:
            key = house.keys[ADA].get(route.way.opener if route.way else "nothing", ["none"])[0]
            fields = filled(route.way.fields or {} if route.way else {}, values)
            answer = world.app.test_client().post(
                house.path(route, ADA, key), data=fields, headers={**FIREFOX, header: value}
            )
            said = f"{route.endpoint} {header}: {value}"
            found += [f"{said} in {line}" for line in answer.headers if "evil.exam" in str(line).lower()]
            for cookie in answer.headers.getlist("Set-Cookie"):
                found += [f"{said} sets {cookie}"] if "domain=" in cookie.lower() else []
            location = answer.headers.get("Location", "/")
            found += [] if urlsplit(location).netloc in ("", "127.0.0.1:8000") else [f"{said} leads to {location}"]
    world.step()
    mails = [str(mail.message) for mail in world.mails()]
    assert any("guest0@example.org" in mail for mail in mails)
    found += [mail[:300] for mail in mails if "evil.exam" in mail.lower()]
    note("deeds with a foreign host", tries=len(tried), mails=len(mails), findings=len(found))
    assert found == [], "\n".join(found)


def said_over(address: str, request: str) -> str:
    """The whole answer to bytes as they are, on a connection of its own."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=PATIENCE) as line:
        line.sendall(request.encode("latin-1"))
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65536), b"")).decode("latin-1")


def test_request_lines_and_hosts_that_no_library_would_send_are_no_way_in(house: House) -> None:
    odd = (
        "GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "GET /courses/bread-at-home HTTP/1.1\r\nHost: evil.example\r\nHost: 127.0.0.1\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET //evil.example/..%2f HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /\\evil.example HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "GET /courses/bread-at-home/?//evil.example HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET /learn/%0d%0aLocation:%20//evil.example HTTP/1.1\r\nHost: x\r\nX-Host: evil.example\r\n\r\n",
    )
    with served(house.world) as site:
        for request in odd:
            head = said_over(site, request).partition("\r\n\r\n")[0].lower()
            assert head.startswith(("http/1.1 ", "http/1.0 ")), request
            assert not head.split(" ")[1].startswith("5"), (request, head)
            location = re.search(r"\r\nlocation: *(\S*)", head)
            assert location is None or "evil" not in urlsplit(location[1]).netloc, (request, head)
            assert "\r\nset-cookie" not in head
