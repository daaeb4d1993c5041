"""A house with people in it: Ada, who means harm, and Berta, who is to be left alone and whose every word can be
told from others."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import html5lib
from sqlalchemy import Table
from werkzeug.exceptions import HTTPException

from course.models import Base
from mailer.signer import MARK
from tests.hostile.ground.routes import WAYS, Opener, Route, address
from tests.support.world.mails import Mail
from tests.support.world.world import BASE_URL, World

DEEDS = ("export", "erase")
ADA, BERTA = "ada@example.org", "berta-canary@birds.example"
CANARIES = ("berta-canary", "birds.example", "Berta Canary", "canary-note", "canary-words", "canary-end")
LESSON, ARTICLE = "dough-1", "flour"

Values = Mapping[str, str | int]
ADDRESS = re.compile(r"(?:https?://|webcal://|(?<=[\"'=])/)[^\s\"'<>&]+")
Rows = dict[str, list[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class House:
    """Of each learner: `keys` are their tokens by what they open, `values` fill the routes' addresses and forms,
    but for the token. `links` are of each mail's mark a link beside it that leads to the learner's own page."""

    world: World
    keys: Mapping[str, Mapping[Opener, list[str]]]
    values: Mapping[str, Values]
    links: Mapping[str, str]

    def path(self, route: Route, email: str, token: str) -> str:
        """A route's address with this token; the course's slug where the route is about courses; where a mark
        takes a link, one of its own mail."""
        values = {**self.values[email], "token": token}
        if "/courses/" in route.rule.rule:
            values["slug"] = "bread-at-home"
        if route.endpoint == "tracking.clicked":
            values["link"] = self.links.get(token) or self.links[self.keys[email]["click"][-1]]
        return address(self.world.app, route, values)

    def still_good(self, opener: Opener, email: str) -> list[str]:
        """A learner's tokens, also after a request before has renewed their links."""
        signer, enrolment = self.world.runtime.signer, self.world.look_up(email)
        match opener:
            case "learn":
                return [signer.learn(enrolment.id, enrolment.generation)]
            case "wish":
                mails = [signer.read_wish(token)[0] for token in self.keys[email]["wish"]]
                return [signer.wish(mail, enrolment.generation) for mail in mails]
            case _:
                return self.keys[email].get(opener, ["none"])


def move_in(world: World) -> House:
    """Both take the course, finish it, say something about it, and ask for all mails that there are."""
    early: dict[str, dict[Opener, list[str]]] = {}
    for email, name in ((ADA, "Ada"), (BERTA, "Berta Canary")):
        world.enrol(email, name=name)
        learn = world.learn_url(email)
        canary = "canary" if email == BERTA else "mallory"
        for lesson in world.course.lessons:
            world.person.post(
                f"{learn}/{lesson.slug}/note", {"words": f"{canary}-note {lesson.slug}", "shown": ""}
            )
            world.person.post(f"{learn}/{lesson.slug}/feedback", {"score": "3", "words": f"{canary}-words"})
            world.person.post(f"{learn}/{lesson.slug}/complete")
            if lesson is not world.course.lessons[-1]:
                world.next_lesson(email)
                early[email] = keys_of(world, email)
        world.person.post(f"{learn}/feedback", {"words": f"{canary}-end"})
        world.step()
        world.person.post(f"{learn}/mail-link")
        world.person.post(f"{learn}/settings/address", {"email": f"other-{email}"})
        for deed in DEEDS:
            world.person.post(f"{learn}/{deed}")
        world.step()
    both = (ADA, BERTA)
    return House(
        world,
        {email: early[email] | keys_of(world, email) for email in both},
        {email: _values(world, email) for email in both},
        _links(world),
    )


def _links(world: World) -> dict[str, str]:
    found: dict[str, str] = {}
    for link in (link for mail in world.mails() for link in links_in(mail)):
        kind, token, segment = [*urlsplit(link).path.split("/")[1:], "", "", ""][:3]
        if kind == "c" and world.runtime.signer.read_link(segment)[1].startswith("~/"):
            found[token] = segment
    return found


def _values(world: World, email: str) -> Values:
    rows, enrolment = world.rows(), world.look_up(email)
    serials = [row["serial"] for row in rows["certificate"] if row["enrolment_id"] == enrolment.id]
    mail = next(mail for mail in world.mails() if mail.message["To"] == email)
    item = world.course.lessons[0].items[0].key
    return {
        "slug": LESSON, "article": ARTICLE, "email": email, "item": item, "serial": (serials or ["NONE"])[0],
        "mail_id": mail.delivery, "enrolment_id": enrolment.id, "version": 1, "path": "1-dough-1.md",
        "name": "bowl.jpg", "digest": str(rows["media"][0]["digest"]), "provider": "sendgrid",
        "filename": "page.js", "digits": "00a3a3", "room": "site", "link": "x", "deed": "erase",
    }  # fmt: skip


def keys_of(world: World, email: str) -> dict[Opener, list[str]]:
    """Every token in the mails of a learner, and on their pages."""
    found: dict[Opener, list[str]] = {}
    links = [link for mail in world.mails() if str(mail.message["To"]).endswith(email) for link in links_in(mail)]
    for path in ("", f"/{LESSON}"):
        links += addresses_on(world.person.look(f"{world.learn_url(email)}{path}").text)
    for link in links:
        opener, token = opened_by(world, link)
        if token and token not in found.setdefault(opener, []):
            found[opener].append(token)
    found["former mark"] = [_former(world, token) for token in found.get("click", [])]
    return found


def _former(world: World, token: str) -> str:
    """The mark that a mail would hold if it were of a version in which pixel and links shared one."""
    mark = world.runtime.signer.read_click(token)
    payload = MARK.pack(bytes.fromhex(mark.delivery), mark.enrolment, mark.generation)
    return world.runtime.signer._sign("mark", payload)


def addresses_on(page: str) -> list[str]:
    """All that looks like an address of ours on a page: in links, to be copied, or within other addresses."""
    found = ADDRESS.findall(unquote(unescape(page)))
    return [urljoin(BASE_URL, address.replace("webcal:", "http:")) for address in found]


def opened_by(world: World, link: str) -> tuple[Opener, str]:
    """Which kind of token an address of ours holds, and the token; empty if it holds none."""
    parts = urlsplit(link)
    try:
        endpoint, values = world.app.url_map.bind("127.0.0.1").match(parts.path, "GET")
    except HTTPException:
        return "nothing", ""
    if not link.startswith(BASE_URL) or endpoint not in WAYS:
        return "nothing", ""
    return WAYS[endpoint].opener, str(values.get("token", ""))


def links_in(mail: Mail) -> list[str]:
    """Every address in any part and header of a mail."""
    header = str(mail.message["List-Unsubscribe"] or "")
    listed = [part.strip(" <>") for part in header.split(",")]
    plain = [word.strip("<>()[].,") for word in mail.text.split() if "://" in word]
    return [link for link in (*listed, *plain, *_addresses(mail.html)) if link.startswith(("http:", "https:"))]


def _addresses(html: str) -> Iterator[str]:
    for element in html5lib.parse(html, namespaceHTMLElements=False).iter():
        for name in ("href", "src", "action", "poster"):
            if found := element.get(name):
                yield found


def rows_of(rows: Rows, email: str) -> Rows:
    """What of all rows belongs to one learner, by the foreign keys of the tables."""
    learners = {row["id"] for row in rows["learner"] if row["email"] == email}
    enrolments = {row["id"] for row in rows["enrolment"] if row["learner_id"] in learners}
    deliveries = {row["id"] for row in rows["delivery"] if row["enrolment_id"] in enrolments}
    owned = {"learner_id": learners, "enrolment_id": enrolments, "delivery_id": deliveries}

    def is_theirs(table: Table, row: Mapping[str, Any]) -> bool:
        if table.name == "learner":
            return row["id"] in learners
        return any(row[name] in ids for name, ids in owned.items() if name in row)

    return {
        table.name: [row for row in rows[table.name] if is_theirs(table, row)]
        for table in Base.metadata.sorted_tables
    }


def differing(before: Rows, after: Rows, *apart: str) -> dict[str, list[Mapping[str, Any]]]:
    """The rows that are new, gone or changed, by table; without the tables set apart."""
    return {
        name: [row for row in before[name] + after[name] if row not in before[name] or row not in after[name]]
        for name in before
        if name not in apart and before[name] != after[name]
    }
