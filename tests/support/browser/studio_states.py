"""Every page of the studio, each in the states it has."""

import shutil

from course.drafts.starter import lay_out
from course.ids import new_id
from course.models import Suppression
from course.staff.allowance import Asker
from course.staff.signing_in import ask_for_link, digest
from tests.support.author.studio import BY_ROLE
from tests.support.browser.page_states import ANOTHER, SLUG, PageState, email_of
from tests.support.world.world import World

STUDIO = "/studio"
BOTH = (f"{STUDIO}/courses/{SLUG}", f"{STUDIO}/courses/{ANOTHER}")
"""The course that learners are in, published twice; and one whose draft has changed, with errors in a lesson."""

UNPUBLISHED = f"{STUDIO}/courses/first-aid"
TYPED = {"text": "---\ntitle: Mine\n---\nWhat I wrote.\n", "opened": "older"}


def way_in_states(world: World) -> list[PageState]:
    """For nobody yet."""
    secret = new_id()
    with world.runtime.db.write() as session:
        asker = Asker("a network", digest("another browser"), "", world.clock.real())
        ask_for_link(session, secret, BY_ROLE["operator"], asker)
    link = f"{STUDIO}/sign-in/{world.runtime.signer.sign_in(secret)}"
    sign_in = f"{STUDIO}/sign-in"
    return [
        PageState("sign in", sign_in),
        PageState("sign in, refused", sign_in, {"email": "olga"}, 422, before=sign_in),
        PageState("sign in, asked", sign_in, {"email": "nobody@example.org"}, before=sign_in),
        PageState("sign in, the link", link),
        PageState("sign in, wrong digits", link, {"code": "1"}, 422, before=link, remembers=True),
        PageState("database away", "/away"),
        PageState("sign in, spent", f"{sign_in}/spent", status=404),
        PageState("signed out meanwhile", f"{BOTH[0]}/edit/1-any.md", TYPED, 401, before=sign_in),
    ]


def studio_states(world: World) -> list[PageState]:
    """In this order: the last pages hold all sending."""
    _two_versions_and_a_draft(world)
    lay_out(world.lessons_dir, "first-aid", "First aid")
    return [*_courses(), *_texts(world), *_publishing(), *_people(world), *_sending()]


def _two_versions_and_a_draft(world: World) -> None:
    """The first course says something else and has its lessons in another order; the other is being written."""
    files = sorted((world.lessons_dir / SLUG).glob("[0-9]-*.md"))
    files[0].write_text(files[0].read_text() + "\nOne more line.\n")
    shutil.move(files[-1], files[-1].with_name("0" + files[-1].name[1:]))
    world.publish()
    lesson = world.lessons_dir / ANOTHER / "1-dough-1.md"
    lesson.write_text(lesson.read_text() + "\nAnother line, and [nothing](articles/none.md).\n")


def _courses() -> list[PageState]:
    return [
        PageState("studio", STUDIO),
        PageState("you", f"{STUDIO}/you"),
        PageState("log", f"{STUDIO}/log"),
        PageState("log, nothing older", f"{STUDIO}/log?before=1"),
        PageState("course", BOTH[0]),
        PageState("course, with errors", BOTH[1]),
        PageState("media", f"{BOTH[0]}/media"),
        PageState("media, kept", f"{BOTH[1]}/media?kept=bowl.jpg"),
        PageState("media, film without captions", f"{BOTH[1]}/media?kept=knead.mp4"),
        PageState("media, refused", f"{BOTH[1]}/media", {}, 422, before=f"{BOTH[1]}/media"),
        PageState("media, none", f"{UNPUBLISHED}/media"),
        PageState("calendar", f"{BOTH[0]}/calendar?from=2026-03-26&zone=Europe/Berlin"),
        PageState("calendar, refused", f"{BOTH[0]}/calendar?from=soon&hour=25"),
    ]


def _texts(world: World) -> list[PageState]:
    lesson = sorted(file.name for file in (world.lessons_dir / SLUG).glob("[0-9]-*.md"))[1]
    return [
        PageState("editor", f"{BOTH[0]}/edit/{lesson}"),
        PageState("editor, with errors", f"{BOTH[1]}/edit/1-dough-1.md"),
        PageState("editor, no mail", f"{BOTH[1]}/edit/articles/flour.md"),
        PageState("remove", f"{BOTH[1]}/remove/1-dough-1.md"),
        PageState("rename, lesson", f"{BOTH[1]}/rename/1-dough-1.md"),
        PageState("rename, film with what goes along", f"{BOTH[1]}/rename/media/knead.mp4"),
        PageState(
            "rename, refused",
            f"{BOTH[1]}/rename/articles/flour.md",
            {"name": "Crème Brûlée"},
            422,
            before=f"{BOTH[1]}/rename/articles/flour.md",
        ),
        PageState("conflict", f"{BOTH[1]}/edit/1-dough-1.md", TYPED, 409, before=f"{STUDIO}/you"),
        PageState("preview", f"{BOTH[0]}/preview/{lesson}"),
        PageState("preview, no mail", f"{BOTH[1]}/preview/articles/flour.md"),
        PageState("no such file", f"{BOTH[1]}/edit/none.md", status=404),
        PageState("no such page", f"{STUDIO}/nowhere", status=404),
        PageState("form too old", f"{BOTH[1]}/edit/1-dough-1.md", TYPED, 400),
    ]


def _publishing() -> list[PageState]:
    return [
        PageState("publish, nothing", f"{BOTH[0]}/publish"),
        PageState("publish, with errors", f"{BOTH[1]}/publish"),
        PageState("publish, for the first time", f"{UNPUBLISHED}/publish"),
        PageState("history", f"{BOTH[0]}/history"),
        PageState("history, none", f"{UNPUBLISHED}/history"),
        PageState("version in service", f"{BOTH[0]}/history/2"),
        PageState("version to go back to", f"{BOTH[0]}/history/1"),
    ]


def _people(world: World) -> list[PageState]:
    learners = f"{BOTH[0]}/learners"
    return [
        PageState("numbers", f"{BOTH[0]}/numbers"),
        PageState("numbers, nobody", f"{BOTH[1]}/numbers"),
        PageState("numbers, unpublished", f"{UNPUBLISHED}/numbers"),
        PageState("learners", learners),
        PageState("learners, nobody of that name", f"{learners}?words=nobody"),
        PageState("learners, nobody", f"{BOTH[1]}/learners"),
        PageState("learners, refused", learners, {"email": "ada@", "zone": "Mars"}, 422, before=learners),
        PageState("learner", f"{learners}/{world.look_up(email_of('waiting')).id}"),
        *_closed_addresses(world),
    ]


def _closed_addresses(world: World) -> list[PageState]:
    """One at which a mail bounced, one whose reader complained."""
    complaint = {"email": email_of("left"), "reason": "complained", "why": "", "suppressed_at": world.clock.real()}
    with world.runtime.db.write() as session:
        session.add(Suppression(**complaint))
    addresses = f"{STUDIO}/addresses"
    return [
        PageState("closed addresses", addresses),
        PageState("closed addresses, none of that name", f"{addresses}?words=nobody"),
        PageState("closed addresses, none", "/none-closed"),
        PageState(
            "told, a complaint stays", f"{addresses}/allow", {"email": email_of("left")}, 422, before=addresses
        ),
    ]


def _sending() -> list[PageState]:
    release, hold = f"{STUDIO}/release", f"{STUDIO}/hold"
    return [
        PageState("sending", release),
        PageState("told, no reason given", hold, {}, 422, before=release),
        PageState("sending, on hold", hold, {"why": "A word in day 2 is wrong."}, before=release),
        PageState("numbers, on hold", f"{BOTH[0]}/numbers"),
    ]
