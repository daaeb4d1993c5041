"""Every page a learner can come to, each in the states it has."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import abort, render_template
from markupsafe import Markup

from mailer.signer import MARK
from tests.support.author.films import mp3
from tests.support.failing import fail_newest_lesson
from tests.support.project import LESSONS
from tests.support.world.sample_course import write_sample
from tests.support.world.world import World

SLUG = "career-mobility"
ANOTHER = "sourdough"
PLAYED = """
![A mill](https://www.youtube.com/watch?v=qDqpVEBMRZk "4:30")

![A miller](media/miller.mp3 "0:30")

[A plan for the week](media/plan.xlsx)

## What it takes

> [!TIP]
> Weigh the water,[^scales] as `weigh --water {{ name }}`.

| Flour | Grams | Water | Where it is from | What it costs in the shop |
|-------|------:|------:|------------------|---------------------------|
| rye   | 100   | 120   | the mill at the river, see [what it takes](#what-it-takes) | 2.40 |

1. [ ] (20 min) Weigh
    - [ ] the flour
    - [ ] the water
2. [ ] Write it down:

   ```
   rye 100, water 120, and never any more than that, whatever anybody in the village may say
   ```

[^scales]: With scales for letters.
"""
LONG_NAME = "محمد 😀 Maximiliana-Theodora-Konstantinopolitanska"


@dataclass(frozen=True, slots=True)
class PageState:
    """How to come to it: look at `path`, or post `fields` there from the page at `before`.

    `status` is what the site answers with. Cookies of the states before stay where a browser `remembers`.
    """

    name: str
    path: str
    fields: Mapping[str, str] | None = None
    status: int = 200
    before: str = "/healthz"
    remembers: bool = False


def write_two_courses(lessons_dir: Path) -> None:
    """The course as shipped, and a second one, to choose from, in a colour that is made darker and lighter."""
    shutil.copytree(LESSONS / SLUG, lessons_dir / SLUG)
    folder = write_sample(lessons_dir).rename(lessons_dir / ANOTHER)
    course = folder / "course.md"
    course.write_text(course.read_text().replace("sender:", 'tracking: ask\naccent: "#00a3a3"\nsender:'))
    lesson = folder / "1-dough-1.md"
    lesson.write_text(lesson.read_text() + PLAYED)
    (folder / "media/miller.mp3").write_bytes(mp3(30))
    (folder / "media/plan.xlsx").write_bytes(b"PK\x03\x04")


def page_states(world: World) -> list[PageState]:
    """Fills an empty world of two courses with learners in every state. The last page erases one of them."""
    world.app.add_url_rule("/broken", view_func=broken)
    world.app.add_url_rule("/broken/<int:code>", view_func=abort)
    world.app.add_url_rule("/none", "none", lambda: render_template("signup/courses.html", outlines=[]))
    away = {"member": None, "text": "What I wrote."}
    world.app.add_url_rule("/away", "away", lambda: render_template("studio/away.html", **away))
    own = {
        "title": "Privacy at our school",
        "body": Markup("<h2>What we keep</h2><p>Your address.</p>"),
    }
    world.app.add_url_rule("/own", "own", lambda: render_template("site/statement.html", **own))
    none = {"member": None, "lines": (), "searched": ""}
    world.app.add_url_rule("/none-closed", "none-closed", lambda: render_template("studio/addresses.html", **none))
    _one_who_is_waited_for(world)
    _asks_for_another_address(world, "late")
    long_ago = _moves_to_another_address(world, "bygone")
    serial = _one_who_finished(world)
    world.forward(days=8)
    for name in ("new", "waiting", "paused", "left", "again", "erased"):
        world.enrol(email_of(name))
    first = world.course.lessons[0].slug
    _post(world, "waiting", f"{first}/complete")
    _post(world, "waiting", f"{first}/feedback", score="2")
    _post(world, "paused", "pause", days="7")
    world.person.post(world.unsubscribe_url(email_of("left")))
    _post(world, "again", f"{first}/complete")
    _post(world, "again", "restart")
    _one_whose_mail_failed(world, "failed")
    _one_whose_mail_failed(world, "closed", closed=True)
    world.register(email_of("pending"))
    world.step()
    return [
        *_before_one_is_in(world),
        *_course_page(world),
        *_lesson(world),
        *_address(world, long_ago),
        *_certificate_and_inbox(world, serial),
        *_errors(world),
        *_wishes(world),
        PageState("erased", _path(world.ask_for("erase", email_of("erased"))), {}),
    ]


def _before_one_is_in(world: World) -> list[PageState]:
    enrol, inbox = f"/courses/{SLUG}/enrol", f"/courses/{SLUG}/check-your-inbox"
    confirm = {mail.message["To"]: mail.link("/confirm/") for mail in world.mails("confirm")}
    pending = world.look_up(email_of("pending")).id
    typed = {"email": "ada.lovelace@gmial.com", "zone": "Europe/Berlin", "hour": "8"}
    return [
        PageState("list of courses", "/"),
        PageState("list of courses, none", "/none"),
        PageState("landing", f"/courses/{SLUG}"),
        PageState("landing, asks about tracking", f"/courses/{ANOTHER}"),
        PageState("landing, refused", enrol, {"email": "ada@", "hour": "25"}, 422),
        PageState("did you mean", enrol, typed),
        PageState("check your inbox", inbox),
        PageState("check your inbox, sent", enrol, typed | {"as_typed": "1"}),
        PageState("check your inbox, too soon", inbox, {}, remembers=True),
        PageState("check your inbox, sent again", f"{inbox}?again", remembers=True),
        PageState("check your inbox, waits", f"{inbox}?within=12"),
        PageState("check your inbox, too many wait", f"{inbox}?full"),
        PageState("confirm", _path(confirm[email_of("pending")])),
        PageState("confirm, welcome back", _path(confirm[email_of("left")])),
        PageState("confirm, already", _path(confirm[email_of("new")])),
        PageState("confirm, too old", f"/confirm/{world.runtime.signer.confirm(pending, 7, 0)}", status=404),
        PageState("privacy", "/privacy"),
        PageState("privacy, in the author's words", "/own"),
        PageState("imprint", "/imprint"),
        PageState("lost link", "/lost-link"),
        PageState("lost link, refused", "/lost-link", {"email": "ada@"}, 422),
        PageState("lost link, sent", "/lost-link?sent"),
    ]


def _wishes(world: World) -> list[PageState]:
    """What is asked for on the page, and done from a mail."""
    new, closed = learn(world, "new"), learn(world, "closed")
    former = world.runtime.signer
    mark = former._sign("mark", MARK.pack(bytes(16), world.look_up(email_of("new")).id, 0))
    return [
        PageState("asked for my data", f"{new}/export", {}),
        PageState("asked for erasure", f"{new}/erase", {}),
        PageState("asked for erasure, no mail goes there", f"{closed}/settings/erase"),
        PageState("my data, from the mail", _path(world.ask_for("export", email_of("paused")))),
        PageState("erase everything?", _path(world.ask_for("erase", email_of("paused")))),
        PageState("link of a mail from before", f"/c/{mark}/{former._sign('link', b'~/x')}"),
    ]


def _course_page(world: World) -> list[PageState]:
    new, left = learn(world, "new"), world.unsubscribe_url(email_of("left"))
    renewed = world.runtime.signer.learn(world.look_up(email_of("new")).id, 7)
    elsewhere = {"hour": "21", "zone": "Asia/Tokyo"}
    return [
        *(
            PageState(f"course page, {name}", learn(world, name))
            for name in (
                "pending",
                "new",
                "waiting",
                "paused",
                "held",
                "finished",
                "left",
                "again",
                "failed",
                "closed",
            )
        ),
        PageState("course page, told", f"{learn(world, 'waiting')}/settings", elsewhere),
        PageState("course page, told of a pause", f"{learn(world, 'paused')}?changed=paused"),
        PageState("course page, refused", f"{new}/settings", {"hour": "25", "zone": "Mars"}, 422),
        PageState("course page, no such name", f"{new}/name", {"name": "Ada\0"}, 422),
        PageState("course page, no such pause", f"{new}/pause", {"until": "1999-01-01"}, 422),
        PageState("course page, said at the end", f"{learn(world, 'finished')}/feedback", {"words": "Good."}),
        PageState("my links", f"{new}/settings/links"),
        PageState("my links, new", f"{new}/settings/links?renewed"),
        PageState("my links, too soon", f"{new}/settings/links?early"),
        PageState("link replaced", f"/learn/{renewed}", status=404),
        PageState("unsubscribe", world.unsubscribe_url(email_of("new"))),
        PageState("unsubscribe, back again", f"{world.unsubscribe_url(email_of('new'))}?back"),
        PageState("unsubscribed", left, {}),
    ]


def _lesson(world: World) -> list[PageState]:
    first, *_, last = (lesson.slug for lesson in world.course.lessons)
    article = next(iter(world.course.lessons[0].articles))
    new = learn(world, "new")
    shared, elsewhere = _shared(world, SLUG, first), _shared(world, ANOTHER, "dough-1")
    return [
        PageState("lesson", f"{new}/{first}"),
        PageState("lesson, complete", f"{learn(world, 'waiting')}/{first}"),
        PageState("last lesson", f"{learn(world, 'finished')}/{last}"),
        PageState("lesson, its mail failed", f"{learn(world, 'failed')}/{first}"),
        PageState("lesson, not yet", f"{new}/{last}"),
        PageState("lesson, mailed again", f"{new}/{first}?mailed=now"),
        PageState("lesson, note kept", f"{new}/{first}/note", {"words": "2 + 2", "shown": ""}),
        PageState("lesson, note replaced", f"{new}/{first}/note", {"words": "4", "shown": "old"}),
        PageState("lesson, note too long", f"{new}/{first}/note", {"words": "x" * 30_000, "shown": ""}, 422),
        PageState("lesson, opinion refused", f"{new}/{first}/feedback", {"score": "9"}, 422),
        PageState("lesson, item gone", f"{new}/{first}/checklist", {"item": "gone"}, 404),
        PageState("article", f"{new}/articles/{article}"),
        PageState("shared lesson", shared),
        PageState("shared lesson, a film elsewhere", elsewhere),
        PageState("shared article", f"{shared}/articles/{article}"),
    ]


def _address(world: World, long_ago: str) -> list[PageState]:
    """In this order: each answer changes what the next page says."""
    asked_old, asked_new = _asks_for_another_address(world, "mover")
    refused, _ = _asks_for_another_address(world, "refusing")
    undo = _moves_to_another_address(world, "moved")
    return [
        PageState("address", f"{learn(world, 'new')}/settings/address"),
        PageState("address, refused", f"{learn(world, 'new')}/settings/address", {"email": "ada@"}, 422),
        PageState("address, a change under way", f"{learn(world, 'mover')}/settings/address"),
        PageState("address, a change run out", f"{learn(world, 'late')}/settings/address"),
        PageState("agree, at the old address", asked_old),
        PageState("agree, at the new address", asked_new),
        PageState("agree, was this not you", f"{asked_old}/no"),
        PageState("agree, one half", asked_old, {}),
        PageState("agree, moved", asked_new, {}),
        PageState("agree, refused", f"{refused}/no", {}),
        PageState("agree, no longer open", refused),
        PageState("take back", undo),
        PageState("taken back", undo, {}),
        PageState("taken back, asked again", undo),
        PageState("take back, too late", long_ago),
    ]


def _certificate_and_inbox(world: World, serial: str) -> list[PageState]:
    mail = f"/inbox/{world.mails('confirm')[0].delivery}"
    return [
        PageState("certificate", f"/certificates/{serial}"),
        PageState("inbox", "/inbox"),
        PageState("inbox, a mail", mail),
        PageState("inbox, on a phone", f"{mail}?width=phone"),
        PageState("inbox, text", f"{mail}?view=text"),
        PageState("inbox, source", f"{mail}?view=source"),
    ]


def _errors(world: World) -> list[PageState]:
    settings = f"{learn(world, 'new')}/settings"
    return [
        PageState("error 404", "/learn/cut-off", status=404),
        PageState("error 405", f"/courses/{SLUG}/enrol", status=405),
        PageState("error 413", settings, {"zone": "x" * 300_000}, 413),
        PageState("error 500", "/broken", status=500),
        *(PageState(f"fault {status}", f"/broken/{status}", status=status) for status in (410, 422, 429, 503)),
    ]


def _one_who_is_waited_for(world: World) -> None:
    world.enrol(email_of("held"))
    _post(world, "held", "settings", max_open="1")


def _one_whose_mail_failed(world: World, name: str, *, closed: bool = False) -> None:
    """The first lesson's, so that nobody else's plan is touched."""
    world.enrol(email_of(name))
    fail_newest_lesson(world, email_of(name), closed=closed)


def _one_who_finished(world: World) -> str:
    """The serial of the certificate."""
    world.enrol(email_of("finished"), name=LONG_NAME)
    _post(world, "finished", "settings", pace="on-completion")
    for lesson in world.course.lessons:
        _post(world, "finished", f"{lesson.slug}/complete")
    return str(world.rows()["certificate"][0]["serial"])


def _asks_for_another_address(world: World, name: str) -> tuple[str, str]:
    """The questions that the old and the new address were mailed."""
    world.enrol(email_of(name))
    _post(world, name, "settings/address", email=f"another-and-rather-longer-{email_of(name)}")
    from_old, to_new = (world.mails(kind)[-1].link("/agree/") for kind in ("move-from", "move-to"))
    return _path(from_old), _path(to_new)


def _moves_to_another_address(world: World, name: str) -> str:
    """The question whether it is to be taken back."""
    for question in _asks_for_another_address(world, name):
        world.person.post(question)
    world.step()
    return _path(world.mails("moved")[-1].link("/agree/"))


def _shared(world: World, course: str, lesson: str) -> str:
    with world.runtime.db.read() as session:
        course_id = world.runtime.shelf.by_slug(session, course).id
    return f"/read/{world.runtime.signer.shared(course_id, lesson)}"


def _post(world: World, name: str, deed: str, **fields: str) -> None:
    world.person.post(f"{learn(world, name)}/{deed}", fields)
    world.step()


def learn(world: World, name: str) -> str:
    return world.learn_url(email_of(name))


def email_of(name: str) -> str:
    return f"{name}@example.org"


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def broken() -> str:
    raise RuntimeError("as a fault of ours would")
