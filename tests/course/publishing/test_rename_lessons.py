"""A lesson is renamed while learners are in the middle of it: nothing of theirs is lost, and no link breaks."""

import re

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from course.drafts.folder import read_folder
from course.ids import new_id
from course.learning.completion import ticked
from course.models import Completion, Delivery, Visit
from course.publishing.editions import Shelf
from course.publishing.publish import keep_media, publish_folder
from course.staff.audit_log import Doer
from tests.support.world.sample_course import SLUG
from tests.support.world.world import World


def rename(world: World, old: str, new: str, *, words: str = "") -> None:
    """`rename(world, "1-dough-1", "1-starter")`: says what it was, and publishes."""
    _give_other_name(world, old, new, words)
    world.publish()


def _give_other_name(world: World, old: str, new: str, words: str = "") -> None:
    folder = world.lessons_dir / SLUG
    text = (folder / f"{old}.md").read_text()
    (folder / f"{old}.md").unlink()
    was = old.partition("-")[2]
    (folder / f"{new}.md").write_text(re.sub(r"---\n(was: .*\n)?", f"---\nwas: {was}\n", text, count=1) + words)


def days(world: World) -> list[int | None]:
    return [mail.day for mail in world.mails("lesson")]


def test_links_in_mails_and_open_pages_lead_to_the_lesson_under_its_new_name(world: World) -> None:
    world.enrol()
    link = world.mails("lesson")[-1].link("/learn/")
    open_page = world.person.look(link)
    rename(world, "1-dough-1", "1-starter")
    rename(world, "1-starter", "1-leaven")
    shown = world.person.look(link)
    assert shown.status == 200
    assert shown.url.endswith("/leaven")
    done = world.person.submit(open_page)
    assert done.status == 200
    assert done.url.partition("#")[0].endswith("/leaven")
    checklist = world.person.post(f"{link}/checklist", {"item": item_of(world), "done": "1"})
    assert checklist.status == 200
    with world.runtime.db.read() as session:
        assert session.scalars(select(Completion.lesson)).all() == ["leaven"]
        assert ticked(session, world.look_up()) == {"leaven": {item_of(world)}}
        assert session.scalars(select(Visit.lesson)).all() == ["leaven"]


def item_of(world: World) -> str:
    return world.course.lessons[0].items[0].key


def test_what_learners_have_of_a_lesson_follows_its_name_there_and_back(world: World) -> None:
    world.enrol()
    link = world.mails("lesson")[-1].link("/learn/")
    world.person.submit(world.person.look(link))
    for old, new in (("1-dough-1", "1-starter"), ("1-starter", "1-dough-1")):
        rename(world, old, new)
        slug = new.partition("-")[2]
        with world.runtime.db.read() as session:
            for column in (Completion.lesson, Visit.lesson, Delivery.slug):
                assert slug in session.scalars(select(column)).all()
            occasions = session.scalars(select(Delivery.occasion).where(Delivery.kind == "lesson")).all()
        assert occasions == [f"lesson:{slug}"]
    world.forward(days=1, hours=2)
    world.forward(days=1)
    world.forward(days=1)
    assert days(world) == [1, 2, 3], "each lesson came once"


def test_nudges_and_lessons_sent_again_are_renamed_too(world: World) -> None:
    world.enrol()
    with world.runtime.db.write() as session:
        for occasion in ("nudge:dough-1", "again:dough-1:1", "again:dough-1:2", "again:dough-10:1"):
            row = session.scalars(select(Delivery).where(Delivery.occasion == "lesson:dough-1")).one()
            values = {column.key: getattr(row, column.key) for column in Delivery.__table__.columns}
            kind, slug, *_ = occasion.split(":")
            mine = {"id": new_id(), "occasion": occasion, "kind": kind, "slug": slug}
            session.add(Delivery(**{**values, **mine}))
    rename(world, "1-dough-1", "1-starter")
    with world.runtime.db.read() as session:
        found = session.execute(select(Delivery.occasion, Delivery.slug).where(Delivery.slug != "")).all()
    assert sorted(found) == [
        ("again:dough-10:1", "dough-10"),
        ("again:starter:1", "starter"),
        ("again:starter:2", "starter"),
        ("lesson:starter", "starter"),
        ("nudge:starter", "starter"),
    ]


def test_a_mail_that_was_claimed_before_a_rename_goes_out_in_its_first_words(world: World) -> None:
    world.enrol()
    outbox = world.runtime.settings.outbox
    assert outbox is not None
    aside = outbox.rename(outbox.with_name("aside"))
    outbox.touch()  # a file where the folder was: no mail can be taken
    world.forward(days=1, hours=2)
    outbox.unlink()
    aside.rename(outbox)
    assert days(world) == [1]
    rename(world, "2-dough-2", "2-second-rise", words="\nWords that came too late.\n")
    world.forward(hours=2)
    assert days(world) == [1, 2]
    late = next(mail for mail in world.mails("lesson") if mail.day == 2)
    assert "too late" not in late.text
    page = world.person.look(late.link("/learn/"))
    assert page.url.endswith("/second-rise")
    assert "Words that came too late" in page.text, "pages show the newest words"
    world.forward(days=1)
    assert days(world) == [1, 2, 3]


def test_no_lesson_is_renamed_while_somebody_writes_by_its_name(world: World) -> None:
    """A planning step has read the course, and is about to write down a lesson: publishing waits for it."""
    world.enrol()
    _give_other_name(world, "1-dough-1", "1-starter")
    folder = read_folder(world.lessons_dir, SLUG)
    kept = keep_media(folder, world.runtime.settings.var_dir)
    with world.runtime.db.write() as planning:
        world.runtime.shelf.by_slug(planning, SLUG)
        with pytest.raises(OperationalError), world.runtime.db.jot() as impatient:
            publish_folder(impatient, folder, kept, world.clock.now(), Doer("the author", world.clock.real()))
    assert world.course.lessons[0].slug == "dough-1"
    world.publish()
    assert world.course.lessons[0].slug == "starter"


def test_who_reads_the_course_while_a_rename_commits_finds_it_whole(world: World) -> None:
    renamed: list[str] = []

    def after_the_first_answer(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FROM document" in statement and not renamed:
            renamed.append(statement)
            rename(world, "1-dough-1", "1-starter")

    event.listen(world.runtime.db.engine, "after_cursor_execute", after_the_first_answer)
    with world.runtime.db.read() as session:
        before = Shelf().by_slug(session, SLUG)
    with world.runtime.db.read() as session:
        after = Shelf().by_slug(session, SLUG)
    assert renamed
    assert [found.course.lessons[0].slug for found in (before, after)] == ["dough-1", "starter"]
