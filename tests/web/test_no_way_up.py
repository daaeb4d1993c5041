"""No link leads to a stronger one without a mail: each purpose is tried at each route, whole, cut and altered."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from mailer.signer import MARK, Mark, mail_name
from tests.support.world.world import World

on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def tokens_of(world: World) -> Mapping[str, str]:
    """One token of each purpose of Ada's, who has confirmed."""
    signer, enrolment = world.runtime.signer, world.look_up()
    mail = next(row for row in world.rows()["delivery"] if row["kind"] == "lesson")
    name = mail_name(mail["edition_id"], mail["kind"], mail["slug"])
    mark = Mark(mail["id"], enrolment.id, enrolment.generation, name)
    issued = int(world.clock.now().timestamp())
    former = MARK.pack(bytes.fromhex(mail["id"]), enrolment.id, enrolment.generation)
    return {
        "learn": signer.learn(enrolment.id, enrolment.generation),
        "confirm": signer.confirm(enrolment.id, enrolment.generation, issued),
        "unsubscribe": signer.unsubscribe(enrolment.id),
        "pixel": signer.pixel(mail["id"]),
        "click": signer.click(mark),
        "link": signer.link(name, "~/dough-1"),
        "link of another mail": signer.link(mail_name(mail["edition_id"], "welcome", ""), "~/dough-1"),
        "former mark": signer._sign("mark", former),
        "former link": signer._sign("link", b"~/dough-1"),
        "calendar": signer.calendar(enrolment.id, enrolment.generation),
        "shared": signer.shared(enrolment.course_id, "dough-1"),
        "agree": signer.agree(mail["id"]),
        "wish": signer.wish(mail["id"], enrolment.generation),
        "registered": signer.registered("{}"),
        "known": signer.known("ada"),
        "form": signer.form(issued),
        "sign-in": signer.sign_in(mail["id"]),
    }


PURPOSES = (
    "confirm", "unsubscribe", "pixel", "click", "link", "link of another mail", "former mark", "former link",
    "calendar", "shared", "agree", "wish", "registered", "known", "sign-in", "form",
)  # fmt: skip


def routes_of(world: World) -> Iterator[tuple[str, str]]:
    """Each address of the site that takes a token, by each of its methods."""
    samples = {"slug": "dough-1", "article": "flour", "link": "LINK", "deed": "export", "serial": "none"}
    for rule in world.app.url_map.iter_rules():
        if "token" not in rule.arguments or (
            rule.rule.startswith("/studio/") is True and "sign-in" not in rule.rule
        ):
            continue
        url = rule.rule
        for argument in rule.arguments - {"token"}:
            url = re.sub(rf"<(?:[^<>]*:)?{argument}>", samples.get(argument, "1"), url)
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            yield method, url.replace("<token>", "TOKEN")


def altered(token: str) -> Iterator[str]:
    """Whole, cut, lengthened, in other letters, and with one letter changed."""
    middle = len(token) // 2
    yield from (token, token[:-22], token + "A", token.swapcase())
    yield token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]


def told(answer: TestResponse) -> bytes:
    body: bytes = answer.get_data()
    return str(answer.headers).encode() + body


@pytest.fixture
def settled(world: World) -> World:
    world.enrol()
    world.forward(hours=1)
    return world


def strong_links(world: World, answer: TestResponse, given: str) -> list[bytes]:
    """Links to a learner's page, or to anything that acts for them, that were not in the request."""
    signer, found = world.runtime.signer, []
    for token in set(re.findall(rb"[A-Za-z0-9_-]{38,}", told(answer))):
        for read in (signer.read_learn, signer.read_wish, signer.read_confirm, signer.read_sign_in):
            try:
                read(token.decode())
            except Exception:
                continue
            if token.decode() != given:
                found.append(token)
    return found


@on_one_database
@pytest.mark.parametrize("purpose", PURPOSES)
def test_no_token_leads_to_a_stronger_one_at_any_route(settled: World, purpose: str) -> None:
    """Also not by redirects, nor in the page they lead to."""
    tokens = tokens_of(settled)
    client = settled.app.test_client()
    tried = 0
    for method, route in routes_of(settled):
        for spelled in altered(tokens[purpose]):
            for link in {"link", "link of another mail", "former link"} if "LINK" in route else {""}:
                if (purpose, link) == ("click", "link") and spelled == tokens[purpose]:
                    continue  # what a click is for
                url = route.replace("TOKEN", spelled).replace("LINK", tokens.get(link, ""))
                answer = client.open(url, method=method)
                assert not strong_links(settled, answer, spelled), (purpose, method, url)
                assert answer.status_code < 500, (method, url)
                answer.close()
                tried += 1
    assert tried > 150


@on_one_database
def test_a_click_opens_the_links_of_its_own_mail_and_no_other(settled: World) -> None:
    tokens, client = tokens_of(settled), settled.app.test_client()
    own = client.get(f"/c/{tokens['click']}/{tokens['link']}")
    assert own.headers["Location"].endswith(f"{settled.learn_url()}/dough-1")
    for mark in ("click", "pixel", "former mark", "unsubscribe", "learn"):
        for link in ("link", "link of another mail"):
            if (mark, link) != ("click", "link"):
                assert client.get(f"/c/{tokens[mark]}/{tokens[link]}").status_code == 404, (mark, link)


@on_one_database
def test_links_outside_of_another_mail_open_by_no_mark_of_ours(settled: World) -> None:
    tokens, client, signer = tokens_of(settled), settled.app.test_client(), settled.runtime.signer
    outside = signer.link(mail_name(7, "lesson", "x"), "https://mill.example.com/")
    for mark in ("click", "pixel", "former mark"):
        assert client.get(f"/c/{tokens[mark]}/{outside}").status_code == 404


@on_one_database
def test_mails_from_before_lead_outside_as_ever_and_to_ones_own_pages_by_a_mail(settled: World) -> None:
    tokens, client, signer = tokens_of(settled), settled.app.test_client(), settled.runtime.signer
    outside = signer._sign("link", b"https://mill.example.com/")
    assert client.get(f"/c/{tokens['former mark']}/{outside}").headers["Location"] == "https://mill.example.com/"
    page = settled.person.look(f"/c/{tokens['former mark']}/{tokens['former link']}")
    assert page.status == 200
    assert "/learn/" not in page.text
    settled.person.submit(page)
    settled.step()
    assert settled.mails("link")[-1].link("/learn/").endswith(settled.learn_url())


@on_one_database
def test_the_pixel_of_a_mail_from_before_still_counts(settled: World) -> None:
    before = len(settled.rows()["event"])
    settled.app.test_client().get(f"/o/{tokens_of(settled)['former mark']}.gif")
    assert len(settled.rows()["event"]) == before + 1


@on_one_database
def test_whoever_sees_the_header_for_leaving_gets_no_link_from_any_page_behind_it(settled: World) -> None:
    url = settled.unsubscribe_url()
    pages = [settled.person.look(url), settled.person.post(url), settled.person.post(f"{url}/undo")]
    pages.append(settled.person.post(f"{url}/mail-link"))
    assert all("/learn/" not in page.text + page.url for page in pages)
    settled.step()
    assert settled.mails("link")[-1].message["To"] == "ada@example.org"


def test_each_purpose_of_the_signer_is_tried_here() -> None:
    source = (Path(__file__).parents[2] / "mailer" / "signer.py").read_text()
    listed = re.search(r"Purpose = Literal\[(.*?)\]", source, re.DOTALL)
    assert listed
    here = {"mail's link": "link", "mark": "former mark", "link": "former link"}
    own = {"learn", "asker", "fingerprint"}  # the strongest; and two that are no token
    assert {here.get(name, name) for name in re.findall(r'"([^"]+)"', listed[1])} - own <= set(PURPOSES)
