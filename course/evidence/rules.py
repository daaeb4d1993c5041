"""The rules, in one table: what each concludes of opens, of clicks and of visits, and who says so. Pure.

The first rule that holds and says human or machine decides; where there is none, the first that says unclear.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from course.evidence.browsers import SOURCE as BROWSER_TABLE
from course.evidence.hits import Act, Hit, Judgement
from course.evidence.surroundings import Surroundings
from course.language.words import Phrase

TOO_SOON_SECONDS = 5.0
SEEN = date(2026, 12, 1)

DEFENDER = "https://check.live-direct-marketing.online/blog/microsoft-defender-link-click-pattern"
FIELD_GUIDE = "https://check.live-direct-marketing.online/blog/bot-clicks-security-scanners-detect"
HONEYPOT = "https://patents.us/US12489787"
BOT_FILTER = "https://www.paminga.com/docs/concepts/bot-filtering/"
OURS = "docs/numbers.md"


@dataclass(frozen=True, slots=True)
class Rule:
    """`says` is for people. `opened`, `clicked` and `visited` are what follows where it `holds`; None: nothing.
    `marks` all that the same browser does. `source` is an address, or the document of ours that gives the reason;
    it was looked at on the day `seen`."""

    name: str
    says: Phrase
    opened: Judgement | None
    clicked: Judgement | None
    visited: Judgement | None
    holds: Callable[[Hit, Surroundings], bool]
    source: str
    marks: bool = False
    seen: date = SEEN

    def concludes(self, act: Act) -> Judgement | None:
        return {"opened": self.opened, "clicked": self.clicked, "visited": self.visited}[act]


def _by(*programs: str) -> Callable[[Hit, Surroundings], bool]:
    return lambda hit, _: hit.traits.program in programs


def _from(role: str) -> Callable[[Hit, Surroundings], bool]:
    return lambda hit, _: hit.traits.network.startswith(f"{role}/")


CERTAIN = (
    Rule(
        "provider-flag",
        Phrase("The mail provider says that a machine did it."),
        *("machine", "machine", "machine"),
        lambda hit, _: hit.flagged or hit.traits.program == "provider",
        "https://github.com/segmentio/segment-docs/pull/4913",
    ),
    Rule(
        "only-asked",
        Phrase("A request that asks about a page without wanting to see it: links are checked like this."),
        *("machine", "machine", "machine"),
        lambda hit, _: hit.traits.method not in ("GET", "POST"),
        "https://github.com/nextauthjs/next-auth/issues/1840",
    ),
    Rule(
        "hidden-link",
        Phrase("It followed a link that nobody can see."),
        *(None, "machine", "machine"),
        lambda hit, _: hit.trap,
        HONEYPOT,
        marks=True,
    ),
    Rule(
        "headless",
        Phrase("A browser without a screen, which says so itself."),
        *("machine", "machine", "machine"),
        _by("headless"),
        "https://developer.chrome.com/docs/automation-and-testing/headless",
        marks=True,
    ),
    Rule(
        "gateway",
        Phrase("A mail gateway that names itself looked at the mail's links before anybody read it."),
        *("machine", "machine", "machine"),
        _by("gateway"),
        FIELD_GUIDE,
        marks=True,
    ),
    Rule(
        "disguise",
        Phrase("It calls itself a browser of long ago, exactly as known scanners do."),
        *("machine", "machine", "machine"),
        _by("disguise"),
        "https://github.com/jdavidbakr/mail-tracker/issues/255",
        marks=True,
    ),
    Rule(
        "preview",
        Phrase("A chat program made a card of the link."),
        *("machine", "machine", "machine"),
        _by("preview"),
        "https://github.com/arcjet/well-known-bots/issues/36",
    ),
    Rule(
        "library",
        Phrase("A program that is no browser, by its own name."),
        *("machine", "machine", "machine"),
        _by("library"),
        "https://github.com/pirsch-analytics/pirsch/issues/1",
    ),
    Rule(
        "apple-proxy",
        Phrase("Apple's proxy loads pictures for everybody, whether the mail is read or not."),
        *("machine", "machine", "machine"),
        _by("apple-proxy"),
        "https://wordtothewise.com/2021/09/apple-mpp",
    ),
)
PROOF = (
    Rule(
        "deed",
        Phrase("In the same browser somebody ticked, played a film, sent a form, or read for a while."),
        *("human", "human", "human"),
        lambda hit, around: hit.browser in around.proven,
        OURS,
    ),
)
LIKELY = (
    Rule(
        "looked-beside",
        Phrase("At the moment when a person followed the link, another program looked at it too."),
        *(None, "machine", None),
        lambda hit, around: hit.key in around.beside,
        "https://github.com/resend/resend-node/issues/901",
    ),
    Rule(
        "ahead",
        Phrase("The program itself says that it only loads what might be wanted next."),
        *("machine", "machine", "machine"),
        lambda hit, _: hit.traits.ahead,
        "https://developer.mozilla.org/en-US/docs/Web/HTTP/Headers/Sec-Purpose",
    ),
    Rule(
        "nameless",
        Phrase("It did not say what program it is; browsers and mail programs do."),
        *("machine", "machine", "machine"),
        _by("none"),
        FIELD_GUIDE,
    ),
    Rule(
        "gateway-network",
        Phrase("It came from the network of a mail gateway."),
        *("machine", "machine", "machine"),
        _from("gateway"),
        "https://proofpoint.my.site.com/support/PPSup_SupportInfo",
        marks=True,
    ),
    Rule(
        "mailbox-network",
        Phrase("It came from a mailbox provider's network: links are checked from there, and pictures fetched."),
        *("unclear", "machine", "machine"),
        _from("mailbox"),
        DEFENDER,
        marks=True,
    ),
    Rule(
        "image-proxy",
        Phrase("A mailbox provider's proxy for pictures: it may show them to somebody, or only keep them."),
        *("unclear", "machine", "machine"),
        _by("image-proxy"),
        "https://wordtothewise.com/2024/08/prefetches-and-proxies",
    ),
    Rule(
        "office",
        Phrase("Office itself looked at the link, beside the browser that shows the page."),
        *(None, "machine", "machine"),
        _by("office"),
        DEFENDER,
    ),
    Rule(
        "several-links",
        Phrase("Several links of one mail within seconds: more than a hand does."),
        *(None, "machine", None),
        lambda hit, around: hit.key in around.several,
        BOT_FILTER,
        marks=True,
    ),
    Rule(
        "one-source",
        Phrase("One address followed the links of many people at the same moment."),
        *(None, "machine", None),
        lambda hit, around: hit.key in around.crowd,
        HONEYPOT,
        marks=True,
    ),
    Rule(
        "many-addresses",
        Phrase("Links of one mail were followed from several addresses at the same moment."),
        *(None, "machine", None),
        lambda hit, around: hit.key in around.scattered,
        HONEYPOT,
        marks=True,
    ),
    Rule(
        "not-followed",
        Phrase("The browser says itself that no link was followed: something fetched the address."),
        *(None, "machine", "machine"),
        lambda hit, _: hit.traits.followed is False,
        "https://developer.mozilla.org/docs/Glossary/Fetch_metadata_request_header",
    ),
    Rule(
        "no-fetch-metadata",
        Phrase("It lacks what a browser of its name and version always sends (Sec-Fetch)."),
        *("unclear", "machine", "machine"),
        lambda hit, _: "fetch-metadata" in hit.traits.lacks,
        BROWSER_TABLE,
    ),
    Rule(
        "no-language",
        Phrase("It names no language; browsers always do."),
        *("unclear", "machine", "machine"),
        lambda hit, _: "language" in hit.traits.lacks,
        "https://gist.github.com/azl397985856/b9c26c4dfc6bc3c402bf3d46e53a11f5",
    ),
    Rule(
        "too-soon",
        Phrase("It came within seconds of the mail's acceptance: sooner than anybody reads."),
        *("unclear", "machine", "machine"),
        lambda hit, _: hit.after is not None and hit.after < TOO_SOON_SECONDS,
        FIELD_GUIDE,
    ),
    Rule(
        "company",
        Phrase("The same browser did what only machines do."),
        *("machine", "machine", "machine"),
        lambda hit, around: hit.browser in around.marked,
        HONEYPOT,
    ),
    Rule(
        "read-before",
        Phrase("Somebody followed a link of this mail afterwards, and so had it open."),
        *("human", None, None),
        lambda hit, around: around.was_read_after(hit),
        OURS,
    ),
    Rule(
        "unproven",
        Phrase("Nothing speaks for a person, and nothing for a machine."),
        *("unclear", "unclear", "unclear"),
        lambda *_: True,
        OURS,
    ),
)
RULES = (*CERTAIN, *PROOF, *LIKELY)
"""In the order in which they are asked. What somebody did outweighs the rules after `deed`, not those before."""
