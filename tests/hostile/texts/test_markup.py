"""Whatever is written in whatever field: on no page and in no mail does it become an element, an attribute, an
address of another kind, a comment or a header."""

import io
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import html5lib
from sqlalchemy import delete

from course.content.site_file import SITE_FILES
from course.drafts.folder import read_folder
from course.drafts.site_folder import read_site_folder
from course.ids import new_id
from course.models import Hold, Suppression
from mailer.preview.mail_rules import check_draft
from tests.hostile.ground.people import BERTA, LESSON, House
from tests.hostile.ground.routes import address, routes
from tests.hostile.scale import dice, note, sized
from tests.hostile.texts.payloads import MARK, payloads
from tests.support.author.studio import sign_in
from tests.support.world.mails import Mail
from tests.support.world.person import FIREFOX, AppBrowser, Person
from tests.support.world.world import World

HARMLESS = re.compile(r"(https?:|mailto:|webcal:|tel:|data:image/(png|gif|svg\+xml)|cid:|[/?#.]|[^:]*$)", re.I)
ADDRESSES = {
    "href", "src", "action", "formaction", "poster", "data", "xlink:href", "background", "cite", "ping", "srcset",
    "manifest", "longdesc", "codebase", "archive", "profile", "usemap", "content",
}  # fmt: skip
ACTING = (
    "iframe",
    "object",
    "embed",
    "base",
    "applet",
    "portal",
    "frame",
    "frameset",
    "template",
    "math",
    "isindex",
)
OUR_FRAMES = re.compile(
    r"(/inbox/[0-9a-f]{32}/html|/studio/courses/[a-z0-9-]+/mail/|https://(www\.youtube-nocookie|player\.vimeo)\.com/)"
)


def brought(html: str) -> Iterator[str]:
    """What a browser would find on the page that nobody of us put there."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    for element in tree.iter():
        if not isinstance(element.tag, str):  # a comment
            if MARK in (element.text or "").lower():
                yield f"a comment: {element.text}"
            continue
        name = element.tag.lower().rpartition("}")[2]
        if MARK in name:
            yield f"an element: {name}"
        if (
            name in ACTING
            and not (name == "base" and "href" not in element.attrib)
            and not (name == "iframe" and OUR_FRAMES.match(element.get("src") or ""))
        ):
            yield f"an element that acts: {name} {element.attrib}"
        if name in ("script", "style") and MARK in "".join(element.itertext()).lower():
            yield f"words in a {name}: {''.join(element.itertext())[:80]}"
        if name == "meta" and "refresh" in (element.get("http-equiv") or "").lower():
            yield "a page that leads on by itself"
        for attribute, value in element.attrib.items():
            yield from _attribute(name, str(attribute).lower(), str(value))


def _attribute(element: str, name: str, value: str) -> Iterator[str]:
    if MARK in name or name.startswith("on") or name in ("srcdoc", "ping"):
        yield f"an attribute: {element} {name}={value[:80]!r}"
    seen = re.sub(r"[\x00-\x20\x7f]", "", value)
    if name in ADDRESSES and element not in ("meta",) and not HARMLESS.match(seen):
        yield f"an address: {element} {name}={value[:80]!r}"
    if name in ("src", "action", "formaction") and re.match(r"(https?:)?//", seen) and MARK in seen:
        yield f"an address elsewhere: {element} {name}={value[:80]!r}"
    if name == "style" and MARK in value.lower():
        yield f"a style: {value[:80]!r}"


def smuggled(mail: Mail) -> Iterator[str]:
    """What stands in a mail's headers and parts that nobody of us put there."""
    for name, value in mail.message.items():
        if MARK in name.lower() or name.lower() == "bcc":
            yield f"a header: {name}: {value}"
        if name.lower() in ("to", "from", "reply-to", "sender") and f"@{MARK}" in str(value).lower():
            yield f"a recipient: {name}: {value}"
    parts = [part.get_content_type() for part in mail.message.walk()]
    if sorted(parts) != ["multipart/alternative", "text/html", "text/plain"]:
        yield f"parts: {parts}"
    yield from brought(mail.html)


def test_what_is_brought_along_is_noticed() -> None:
    for page in (
        "<p zqx=1>",
        "<zqx1>",
        "<p onload=a>",
        "<a href='java\tscript:a'>",
        "<p><!--zqx-->",
        "<svg onload=a>",
    ):
        assert list(brought(page)), page
    assert list(brought('<p title="&lt;zqx&gt;">&lt;zqx onload=1> <a href="/a?b=javascript:zqx">a</a>')) == []


def as_name(payload: str) -> str:
    """As much of it as the form takes for a name."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028]", "", payload)[:60]


def pages_of(world: World, person: Person, urls: Iterable[str]) -> Iterator[tuple[str, str]]:
    for url in urls:
        page = person.look(url)
        assert page.status < 500, (url, page.status)
        if "text/html" in page.headers["content-type"]:
            yield url, page.text


def test_words_of_learners_stay_words(house: House) -> None:
    """Name, note, opinions, address, zone, agent, and all that a refused form shows again."""
    world, chance = house.world, dice("markup of learners")
    tried, found, looked = payloads(chance, sized(8, 500)), [], 0
    learn, person, client = world.learn_url(BERTA), world.person, world.app.test_client()
    olga = sign_in(world, "operator")
    serial = house.values[BERTA]["serial"]
    share = f"/read/{house.keys[BERTA]['read'][0]}"
    for number, payload in enumerate(tried):
        agent = {"User-Agent": re.sub(r"[\r\n\0]", " ", payload).encode("utf-8").decode("latin-1")}
        client.get(f"/o/{house.keys[BERTA]['pixel'][0]}.gif", headers=agent)
        fields = {"email": payload, "name": payload, "zone": payload, "hour": payload, "tracking": payload}
        good = {"zone": "UTC", "hour": "8"}
        answers = [
            person.post(f"{learn}/name", {"name": payload[:60]}),
            person.post(f"{learn}/{LESSON}/note", {"words": payload, "shown": ""}),
            person.post(f"{learn}/{LESSON}/note", {"words": payload + payload, "shown": payload}),
            person.post(f"{learn}/{LESSON}/feedback", {"score": "2", "words": payload}),
            person.post(f"{learn}/{LESSON}/feedback", {"score": payload, "words": payload}),
            person.post(f"{learn}/{LESSON}/checklist", {"item": payload, "done": "1"}),
            person.post(f"{learn}/feedback", {"words": payload}),
            person.post(
                f"{learn}/settings", {"zone": payload, "hour": payload, "weekdays": payload, "pace": payload}
            ),
            person.post(f"{learn}/pause", {"days": payload, "until": payload}),
            person.post(f"{learn}/settings/address", {"email": payload}),
            person.post("/lost-link", {"email": payload}),
            person.post("/courses/bread-at-home/enrol", fields),
            person.post(
                "/courses/bread-at-home/enrol",
                fields | good | {"email": f"guest{number}@gmial.com"},
            ),
            person.post(
                "/courses/bread-at-home/enrol",
                {"email": f"g{number}@example.org", "name": payload[:60]} | good,
            ),
        ]
        shown = [(page.url, page.text) for page in answers if "text/html" in page.headers["content-type"]]
        if number % 4 == 0:
            shown += pages_of(
                world,
                person,
                [
                    learn,
                    f"{learn}/{LESSON}",
                    f"{learn}?changed=settings&zone={MARK}",
                    f"/certificates/{serial}",
                    share,
                    "/inbox",
                ],
            )
            story = f"/studio/courses/bread-at-home/learners/{house.values[BERTA]['enrolment_id']}"
            rooms = ["learners", "numbers", f"learners?words={MARK}"]
            shown += pages_of(world, olga, [story, *(f"/studio/courses/bread-at-home/{room}" for room in rooms)])
        looked += len(shown)
        found += [
            f"{url.partition('?')[0]} of {payload!r}: {what}" for url, text in shown for what in brought(text)
        ]
    world.step()
    world.forward(days=1)
    mails = world.mails()
    found += [f"mail {mail.kind}: {what}" for mail in mails for what in smuggled(mail)]
    note("markup of learners", tries=len(tried), pages=looked, mails=len(mails), findings=len(found))
    assert found == [], "\n".join(found[:40])


def texts_of(tried: Iterator[str], lessons_dir: Path) -> None:
    """A course whose every field and text says what is more than words. A text that would be refused says
    other things, and in the end only in its title."""
    folder = lessons_dir / "bread-at-home"
    (folder / "mails").mkdir(exist_ok=True)
    lessons = sorted(file.name for file in folder.glob("[0-9]-*.md"))
    wanted = ["course.md", *lessons, "articles/flour.md", "mails/welcome.md"]
    for round_of_writing in range(12):
        for path in wanted:
            (folder / path).write_text(_text(path, tried, plain=round_of_writing > 9))
        wanted = [problem.path for problem in check_draft(read_folder(lessons_dir, "bread-at-home")).errors]
        if not wanted:
            break
    for path in SITE_FILES.values():
        (lessons_dir / path).write_text(_text(path, tried, plain=False))
        while any(problem.path == path for problem in read_site_folder(lessons_dir).errors):
            (lessons_dir / path).write_text(_text(path, tried, plain=False))


def _text(path: str, tried: Iterator[str], *, plain: bool) -> str:
    def line() -> str:
        words = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028]", " ", next(tried))
        return words.replace("\\", "\\\\").replace('"', '\\"').strip()

    def text() -> str:
        return "Plain." if plain else next(tried).replace("\0", "")

    match path.partition("/")[0]:
        case "course.md":
            fields = ("title", "tagline", "summary", "audience", "author", "sender")
            return _matter(fields, line) + f"Body {text()}\n\n{text()}\n"
        case "site.md":
            return _matter(("name",), line) + f"{text()}\n"
        case "privacy.md" | "imprint.md":
            return f"# x {line()}\n\n{text()}\n\n{text()}\n"
        case "articles":
            return _matter(("title", "summary"), line) + f"{text()}\n"
        case "mails":
            return _matter(("subject",), line) + f"{text()}\n"
        case _:
            body = f"Dear {{{{ name }}}}, {text()}\n\n{text()}\n\n- [ ] task {text()}\n\n[a](articles/flour.md)\n"
            media = f'![a bowl {text()[:20]}](media/bowl.jpg)\n\n![Kneading](media/knead.mp4 "4:30")\n'
            return _matter(("title", "subject", "preheader"), line) + f"{body}\n{media}"


def _matter(fields: Iterable[str], line: Callable[[], str]) -> str:
    more = 'minutes: "1-90"\n' if "tagline" in fields else ""
    return "---\n" + "".join(f'{name}: "x {line()}"\n' for name in fields) + f"{more}---\n"


def test_words_of_authors_and_operators_become_nothing_that_acts(house: House) -> None:
    """Titles, texts, file names, reasons: an author may set words in bold, but have no script run anywhere."""
    world, chance = house.world, dice("markup of authors")
    pool = payloads(chance, 2_000)
    olga, found, looked, used, published = sign_in(world, "operator"), [], 0, 0, 0
    browser = olga.browser
    assert isinstance(browser, AppBrowser)
    csrf = olga.look("/studio/you").form_fields()[1]["csrf_token"]
    course = "/studio/courses/bread-at-home"
    for number in range(sized(2, 40)):
        chance.shuffle(pool)
        tried = iter(pool * 2)
        texts_of(tried, world.lessons_dir)
        seen = re.search(r'name="seen" value="([0-9a-f]+)"', olga.look(f"{course}/publish").text)
        why = next(tried)
        for url, fields in (
            (f"{course}/publish", {"seen": seen[1] if seen else "", "why": why}),
            ("/studio/addresses/allow", {"email": why, "why": why}),
            ("/studio/courses", {"title": f"zz {why}"}),
            (f"{course}/lessons", {"title": why}),
            (f"{course}/edit/{number}-{MARK}.md", {"text": why, "opened": why}),
            (f"{course}/rename/media/bowl.jpg", {"name": why, "seen": why}),
            (f"{course}/learners", {"email": why, "name": why, "zone": why, "hour": why}),
            ("/studio/sign-in", {"email": why}),
        ):
            answer = browser.client.post(url, data=fields | {"csrf_token": csrf}, headers=FIREFOX)
            published += url.endswith("publish") and answer.status_code == 303
            found += [f"{url} of {why!r}: {what}" for what in brought(answer.get_data(as_text=True))]
        name = re.sub(r"[/\0\r\n]", "", next(tried))
        upload = {"file": (io.BytesIO(b"\xff\xd8\xff"), f"{name}.jpg"), "csrf_token": csrf}
        answer = browser.client.post(f"{course}/media", data=upload, headers=FIREFOX)
        found += [f"media of {name!r}: {what}" for what in brought(answer.get_data(as_text=True))]
        with world.runtime.db.write() as session:
            reason = next(tried).replace("\0", "")
            mail = f"{new_id()}@x.example"
            session.add(Suppression(email=mail, reason="bounced", why=reason, suppressed_at=world.clock.real()))
        world.register(f"new{number}@example.org", name=as_name(next(tried)))
        world.admit(f"admitted{number}@example.org")
        world.step()
        used += len(pool) * 2 - len(list(tried))
        held = browser.client.post("/studio/hold", data={"why": why, "csrf_token": csrf}, headers=FIREFOX)
        assert held.status_code == 303
        shown = [*_every_page(house, olga)]
        with world.runtime.db.write() as session:
            session.execute(delete(Hold))
        looked += len(shown)
        found += [f"{url.partition('?')[0]}: {what}" for url, text in shown for what in brought(text)]
    mails = world.mails()
    found += [f"mail {mail.kind}: {what}" for mail in mails for what in smuggled(mail)]
    note("markup of authors", tries=used, pages=looked, mails=len(mails), published=published, findings=len(found))
    assert found == [], "\n".join(found[:40])
    assert published, "at least one of these courses is taken"
    said = {row["name"]: row["source"].lower() for row in world.rows()["site_text"]}
    assert {name for name, source in said.items() if MARK in source} == SITE_FILES.keys()


def _every_page(house: House, olga: Person) -> Iterator[tuple[str, str]]:
    """Each look that there is, with Berta's keys and an operator's session."""
    world = house.world
    learn = world.learn_url(BERTA).rpartition("/")[2]
    for route in routes(world.app):
        if route.method != "GET":
            continue
        opener = route.way.opener if route.way else "nothing"
        token = learn if opener == "learn" else islice(house.keys[BERTA].get(opener, ["none"]), 1)
        key = token if isinstance(token, str) else next(token)
        for name in (
            ("1-dough-1.md", "articles/flour.md", "course.md") if "path" in route.rule.arguments else ("",)
        ):
            values = {**house.values[BERTA], "token": key, "path": name, "version": 2}
            values["link"] = "none"
            if "/courses/" in route.rule.rule:
                values["slug"] = "bread-at-home"
            yield from pages_of(world, olga, [address(world.app, route, values)])


def test_mails_to_names_of_every_kind_hold_no_more_than_the_name(house: House) -> None:
    world, chance = house.world, dice("markup of names")
    tried, found = payloads(chance, sized(20, 500)), []
    for number, payload in enumerate(tried):
        name = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028]", "", payload)[:60]
        world.person.post(
            "/courses/bread-at-home/enrol",
            {"email": f"n{number}@example.org", "name": name, "zone": "UTC", "hour": "8"},
        )
        world.step()
        if number % 10 == 0:
            for mail in world.mails("confirm")[-10:]:
                world.person.post(mail.link("/confirm/"))
            world.step()
    mails = world.mails()
    found += [f"mail {mail.kind}: {what}" for mail in mails for what in smuggled(mail)]
    note("mails to such names", tries=len(tried), mails=len(mails), findings=len(found))
    assert found == [], "\n".join(found[:40])
