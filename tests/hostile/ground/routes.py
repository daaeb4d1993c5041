"""Every route outside the studio: what opens it, and what a form sends there. A new route needs its row here.

(The studio's are in the one table of `web/studio/access/roles.py`, to which `test_who_may_what.py` holds them.)
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from flask import Flask
from werkzeug.routing import Rule

from web.studio.access.roles import ROLES

Opener = Literal[
    "nothing",  # anybody may look
    "confirm",  # a token of that kind, as the next nine
    "learn",
    "read",
    "calendar",
    "agree",
    "unsubscribe",
    "wish",
    "pixel",
    "click",
    "former mark",  # of mails from when pixel and links shared one
    "serial",  # a certificate's number, which is shown to whoever ought to know it
    "outbox",  # in development only
    "signature",  # of a provider
]


@dataclass(frozen=True, slots=True)
class Way:
    """`fields` are what its form sends, so that it would do something; None: it is only looked at."""

    opener: Opener
    fields: Mapping[str, str] | None = None


_REGISTRATION = {"email": "{email}", "name": "Mallory", "zone": "Europe/Berlin", "hour": "8"}

WAYS: Mapping[str, Way] = {
    "static": Way("nothing"),
    "landing.home": Way("nothing"),
    "landing.landing": Way("nothing"),
    "signup.enrol": Way("nothing", _REGISTRATION),
    "signup.check_inbox": Way("nothing"),
    "signup.send_again": Way("nothing", {}),
    "signup.prove": Way("nothing", {"proof": "e30="}),
    "confirming.ask": Way("confirm"),
    "confirming.confirm": Way("confirm", {}),
    "confirming.begin_anew": Way("confirm", {}),
    "confirming.write_again": Way("confirm", {}),
    "learn.my_course": Way("learn"),
    "lesson.article": Way("learn"),
    "lesson.lesson": Way("learn"),
    "lesson.tick": Way("learn", {"item": "{item}", "done": "1"}),
    "lesson.complete": Way("learn", {}),
    "lesson.uncomplete": Way("learn", {}),
    "lesson.mail": Way("learn", {}),
    "beside.watch": Way("learn", {"video": "knead", "stopped_at": "10", "seen": "1"}),
    "beside.note": Way("learn", {"words": "Mallory was here", "shown": ""}),
    "beside.opinion": Way("learn", {"score": "1", "words": "Mallory was here"}),
    "read.lesson": Way("read"),
    "read.article": Way("read"),
    "steering.settings": Way("learn", {"zone": "Asia/Tokyo", "hour": "3", "pace": "daily"}),
    "steering.pause": Way("learn", {"days": "7"}),
    "steering.resume": Way("learn", {}),
    "steering.send_next": Way("learn", {}),
    "steering.restart": Way("learn", {}),
    "calendars.keep": Way("learn"),
    "calendars.subscribe": Way("calendar"),
    "finish.name": Way("learn", {"name": "Mallory"}),
    "finish.say": Way("learn", {"words": "Mallory was here"}),
    "links.lost": Way("nothing"),
    "links.send_link": Way("nothing", {"email": "{email}"}),
    "links.mail_link": Way("learn", {}),
    "links.renew": Way("learn", {}),
    "links.renewed": Way("learn"),
    "address.address": Way("learn"),
    "address.ask": Way("learn", {"email": "{email}"}),
    "address.drop": Way("learn", {}),
    "address.question": Way("agree"),
    "address.refusal": Way("agree"),
    "address.agree": Way("agree", {}),
    "address.refuse": Way("agree", {}),
    "privacy.ask_for_export": Way("learn", {}),
    "privacy.ask_for_erasure": Way("learn", {}),
    "privacy.asked": Way("learn"),
    "privacy.look": Way("wish"),
    "privacy.fulfil": Way("wish", {}),
    "privacy.take_along": Way("wish", {}),
    "preferences.ask": Way("unsubscribe"),
    "preferences.leave": Way("unsubscribe", {"List-Unsubscribe": "One-Click"}),
    "preferences.undo": Way("unsubscribe", {}),
    "preferences.mail_link": Way("unsubscribe", {}),
    "tracking.opened": Way("pixel"),
    "tracking.clicked": Way("click"),
    "tracking.mail_link": Way("former mark", {}),
    "about.privacy": Way("nothing"),
    "about.imprint": Way("nothing"),
    "well_known.security": Way("nothing"),
    "well_known.robots": Way("nothing"),
    "certificates.certificate": Way("serial"),
    "certificates.pdf": Way("serial"),
    "certificates.badge": Way("serial"),
    "certificates.issuer": Way("nothing"),
    "media.media": Way("nothing"),
    "accents.sheet": Way("nothing"),
    "style_sheets.sheet": Way("nothing"),
    "hooks.hear": Way("signature", {"event": "bounce"}),
    "inbox.inbox": Way("outbox"),
    "inbox.mail": Way("outbox"),
    "inbox.html": Way("outbox"),
    "health.alive": Way("nothing"),
    "health.ready": Way("nothing"),
    "health.metrics": Way("nothing"),
}

ENDS_IT = "privacy.fulfil"
"""After it there is no learner, whom any other route would need."""

MAY_MAIL_A_STRANGER = {"signup.enrol", "links.send_link", "address.ask"}
"""Whoever knows an address may have one mail sent there by these, and nothing else done."""


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one rule; `way` is None in the studio."""

    rule: Rule
    method: str
    way: Way | None

    @property
    def endpoint(self) -> str:
        return str(self.rule.endpoint)

    @property
    def in_studio(self) -> bool:
        return self.endpoint.startswith("studio.")

    @property
    def role(self) -> str | None:
        return ROLES[self.endpoint.removeprefix("studio.")]


def routes(app: Flask) -> Iterator[Route]:
    """All there are, GET and POST, from the application's own map. Raises KeyError for one without its row."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            way = None if rule.endpoint.startswith("studio.") else WAYS[rule.endpoint]
            yield Route(rule, method, way)


def address(app: Flask, route: Route, values: Mapping[str, str | int]) -> str:
    """The path of a route, of the values that it has room for."""
    wanted = {name: values[name] for name in route.rule.arguments}
    return app.url_map.bind("127.0.0.1").build(route.endpoint, wanted, method=route.method)


def filled(fields: Mapping[str, str], values: Mapping[str, str | int]) -> dict[str, str]:
    """The fields of a form, with `{email}` and its like replaced."""
    return {name: text.format(**values) if "{" in text else text for name, text in fields.items()}
