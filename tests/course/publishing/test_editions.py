"""Publishing: what is stored, for whom it changes, and what never does."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select

from course.content.changes import Changes, Contents, compare
from course.drafts.check import check_files
from course.drafts.folder import read_folder
from course.errors import NotFound
from course.models import Revision
from course.publishing.editions import Shelf, lesson_of_revision
from course.publishing.media_store import place_of
from course.publishing.publish import Unpublishable, publish_folder
from tests.support.author.publishing_author import AUTHOR, NOW, SLUG, PublishingAuthor, new_press

VIDEO = '![Talk](media/talk.mp4 "1:00")\n'


@pytest.fixture
def press(migrated_database_url: str, tmp_path: Path) -> Iterator[PublishingAuthor]:
    with closing(new_press(migrated_database_url, tmp_path)) as found:
        yield found


def what(changes: Changes) -> dict[str, object]:
    """Only what there is; the orders of lessons only where they differ."""
    said = {name: found for name, found in asdict(changes).items() if found}
    return said if changes.new_edition else {k: v for k, v in said.items() if k not in ("before", "after")}


def test_a_first_publication_stores_every_text_once(press: PublishingAuthor) -> None:
    planned = press.publish()
    assert set(planned.added) == {("course", "course"), ("lesson", "one"), ("lesson", "two"), ("lesson", "three")}
    assert (planned.corrected, planned.withdrawn, planned.media, planned.new_edition) == ((), (), (), True)
    assert press.rows() == {"course": 1, "edition": 1, "document": 4, "revision": 4, "media": 0}
    published = press.published()
    assert [lesson.title for lesson in published.course.lessons] == ["One", "Two", "Three"]
    assert (published.course.title, published.course.slug, published.version) == ("Moving on", SLUG, 1)


def test_publishing_twice_stores_nothing(press: PublishingAuthor) -> None:
    press.publish()
    before = press.rows(), press.versions()
    assert press.publish().nothing
    assert press.publish().nothing
    assert (press.rows(), press.versions()) == before


def test_looking_ahead_says_what_publishing_does_and_stores_nothing(press: PublishingAuthor) -> None:
    press.publish()
    press.write(two="Better words.", four="Fourth words.")
    before = press.rows()
    ahead = press.ahead()
    assert press.rows() == before
    assert ahead == press.publish()
    assert not ahead.nothing


def test_a_corrected_text_reaches_every_edition_and_keeps_its_older_words(press: PublishingAuthor) -> None:
    press.publish()
    old = press.published()
    press.write(two="Better words.")
    assert what(press.publish()) == {"corrected": (("lesson", "two"),)}
    new = press.published()
    assert new.edition_id == old.edition_id
    assert new.edition(old.edition_id).lessons[1].blocks != old.course.lessons[1].blocks
    assert new.revision_of("lesson", "two") != old.revision_of("lesson", "two")
    assert new.revision_of("lesson", "one") == old.revision_of("lesson", "one")
    with press.database.read() as session:
        kept = lesson_of_revision(session, old.revision_of("lesson", "two"), "two")
        assert kept == old.course.lessons[1]
        assert lesson_of_revision(session, new.revision_of("lesson", "two"), "two") == new.course.lessons[1]
        numbers = session.scalars(select(Revision.number).where(Revision.path == "2-two.md")).all()
    assert sorted(numbers) == [1, 2]


def test_a_correction_taken_back_is_a_correction_again(press: PublishingAuthor) -> None:
    press.publish()
    for words in ("Better words.", "Second words."):
        press.write(two=words)
        assert press.publish().corrected == (("lesson", "two"),)
    assert press.rows()["revision"] == 6


def test_an_added_lesson_makes_a_new_edition_and_the_old_one_stays_as_it_was(press: PublishingAuthor) -> None:
    press.publish()
    first = press.published().edition_id
    press.write(four="Fourth words.")
    planned = press.publish()
    assert (planned.added, planned.new_edition) == ((("lesson", "four"),), True)
    published = press.published()
    assert press.order() == ["one", "two", "three", "four"]
    assert [lesson.slug for lesson in published.edition(first).lessons] == ["one", "two", "three"]
    assert published.edition(published.edition_id) == published.course


def test_a_removed_lesson_stays_readable_for_those_who_began_with_it(press: PublishingAuthor) -> None:
    press.file("articles/map.md", "---\ntitle: Map\n---\nA map.\n")
    for name in ("talk.mp4", "talk.jpg", "talk.vtt"):
        press.file(f"media/{name}", name)
    press.write(two=f"Second words.\n\n{VIDEO}\n[Map](articles/map.md)\n\n- [ ] do it")
    press.publish()
    old = press.published()
    for path in ("2-two.md", "articles/map.md", "media/talk.mp4", "media/talk.jpg", "media/talk.vtt"):
        (press.course / path).unlink()
    planned = press.publish()
    assert set(planned.withdrawn) == {("lesson", "two"), ("article", "map")}
    assert planned.new_edition
    assert press.order() == ["one", "three"]
    theirs = press.published().edition(old.edition_id)
    assert theirs.lessons == old.course.lessons
    lesson = theirs.lesson("two")
    assert lesson is not None
    assert theirs.effort(lesson) == old.course.effort(lesson), "its article is there too"
    assert press.published().media == old.media, "and so are its video, poster and captions"
    assert press.published().revision_of("lesson", "two") == old.revision_of("lesson", "two")
    assert press.publish().nothing


def test_a_lesson_that_comes_back_is_the_same_lesson(press: PublishingAuthor) -> None:
    press.publish()
    two = (press.course / "2-two.md").read_text()
    (press.course / "2-two.md").unlink()
    press.publish()
    press.file("2-two.md", two)
    planned = press.publish()
    assert (planned.added, planned.withdrawn, planned.new_edition) == ((("lesson", "two"),), (), True)
    assert press.order() == ["one", "two", "three"]
    assert press.rows()["document"] == 4
    assert press.publish().nothing


def test_swapped_numbers_change_the_order_and_no_text(press: PublishingAuthor) -> None:
    press.publish()
    first = press.published()
    (press.course / "1-one.md").rename(press.course / "3-one.md")
    (press.course / "3-three.md").rename(press.course / "1-three.md")
    planned = press.publish()
    assert what(planned) == {"before": ("one", "two", "three"), "after": ("three", "two", "one")}
    assert press.order() == ["three", "two", "one"]
    published = press.published()
    assert [lesson.slug for lesson in published.edition(first.edition_id).lessons] == ["one", "two", "three"]
    assert published.revisions == first.revisions
    assert published.course.day_of("three") == 1
    press.write(two="Better words.")
    press.publish()
    assert press.order() == ["three", "two", "one"]
    assert press.publish().nothing


def test_renumbering_files_without_another_order_changes_nothing(press: PublishingAuthor) -> None:
    press.publish()
    for old, new in (("3-three", "30-three"), ("2-two", "20-two"), ("1-one", "9-one")):
        (press.course / f"{old}.md").rename(press.course / f"{new}.md")
    assert press.publish().nothing
    assert press.order() == ["one", "two", "three"]


def test_a_renamed_lesson_is_another_lesson(press: PublishingAuthor) -> None:
    press.publish()
    (press.course / "2-two.md").rename(press.course / "2-four.md")
    planned = press.publish()
    assert (planned.added, planned.withdrawn) == ((("lesson", "four"),), (("lesson", "two"),))
    assert press.order() == ["one", "four", "three"]


def test_a_broken_draft_is_refused_with_all_problems_and_the_published_stays(press: PublishingAuthor) -> None:
    press.publish()
    before, rows = press.published(), press.rows()
    press.file("1-one.md", "---\ntitel: One\n---\n[x](javascript:y)\n[z](articles/none.md)\n")
    (press.course / "2-two.md").write_bytes(b"---\ntitle: Two\n---\n\xff\n")
    for refuse in (press.publish, press.ahead):
        with pytest.raises(Unpublishable) as refused:
            refuse()
        assert [(p.path, p.line, p.code) for p in refused.value.problems] == [
            ("1-one.md", 2, "DL103"),
            ("1-one.md", 4, "DL201"),
            ("1-one.md", 5, "DL202"),
            ("2-two.md", 4, "DL007"),
        ]
        assert str(refused.value).count("\n") == 3
    assert press.rows() == rows
    assert press.published() == before


def test_a_broken_draft_that_was_never_published_stays_unknown(press: PublishingAuthor) -> None:
    press.file("course.md", "Welcome.")
    with pytest.raises(Unpublishable):
        press.publish()
    assert sum(press.rows().values()) == 0
    with pytest.raises(NotFound, match="not been published"):
        press.published()


def test_a_warning_does_not_keep_a_draft_back(press: PublishingAuthor) -> None:
    press.file("notes.md", "Notes of the author.")
    assert "DL004" in {problem.code for problem in check_files(press.folder()).problems}
    press.publish()
    assert press.rows()["document"] == 4


def test_media_are_kept_by_content_and_a_change_is_a_change(press: PublishingAuthor) -> None:
    for name in ("talk.mp4", "talk.jpg", "talk.vtt"):
        press.file(f"media/{name}", "first " + name)
    press.write(one=VIDEO)
    assert press.publish().media == ("media/talk.jpg", "media/talk.mp4", "media/talk.vtt")
    old = press.published().media
    assert press.publish().nothing
    press.file("media/talk.mp4", "second film")
    planned = press.publish()
    assert what(planned) == {"media": ("media/talk.mp4",)}
    new = press.published().media
    assert new == {**old, "media/talk.mp4": sha256(b"second film").hexdigest()}
    assert place_of(press.var, new["media/talk.mp4"]).read_bytes() == b"second film"
    assert place_of(press.var, old["media/talk.mp4"]).read_bytes() == b"first talk.mp4"
    assert press.publish().nothing


def test_own_wording_of_a_mail_is_a_text_of_its_own(press: PublishingAuthor) -> None:
    press.publish()
    plain = press.published()
    assert plain.revision_of("welcome", "welcome") == plain.revisions[("course", "course")]
    press.file("mails/welcome.md", "---\nsubject: Hello\n---\nHello {{ name }}.\n")
    assert press.publish().added == (("mail", "welcome"),)
    worded = press.published()
    assert worded.course.wordings["welcome"].subject == "Hello"
    assert worded.revision_of("welcome", "welcome") == worded.revisions[("mail", "welcome")]
    (press.course / "mails" / "welcome.md").unlink()
    assert press.publish().withdrawn == (("mail", "welcome"),)
    back = press.published()
    assert back.course.wordings == {}
    assert back.revision_of("welcome", "welcome") == back.revisions[("course", "course")]


def test_the_course_page_is_corrected_like_any_text(press: PublishingAuthor) -> None:
    press.publish()
    press.file("course.md", "---\ntitle: Moving further\nweekdays: mon\n---\nWelcome.\n")
    assert press.publish().corrected == (("course", "course"),)
    assert press.published().course.title == "Moving further"


def test_a_shelf_reads_a_course_again_only_when_it_was_published_again(press: PublishingAuthor) -> None:
    press.publish()
    shelf = Shelf()
    with press.database.read() as session:
        first = shelf.by_slug(session, SLUG)
        assert shelf.course(session, first.id) is first
        assert shelf.all(session) == [first]
    press.write(two="Better words.")
    press.publish()
    with press.database.read() as session:
        second = shelf.course(session, first.id)
        assert second.version == first.version + 1
        assert second.lessons["two"] != first.lessons["two"]
        assert shelf.by_slug(session, SLUG) is second


def test_a_course_that_is_not_there_is_not_found(press: PublishingAuthor) -> None:
    with press.database.read() as session:
        assert Shelf().all(session) == []
        with pytest.raises(NotFound):
            Shelf().course(session, 1)


def test_courses_do_not_mix(press: PublishingAuthor) -> None:
    press.publish()
    other = press.lessons / "another"
    other.mkdir()
    (other / "course.md").write_text("---\ntitle: Another\n---\n")
    (other / "1-one.md").write_text("---\ntitle: Other one\n---\nText\n")
    with press.database.write() as session:
        publish_folder(session, read_folder(press.lessons, "another"), {}, NOW, AUTHOR)
    with press.database.read() as session:
        titles = {p.course.slug: [lesson.title for lesson in p.course.lessons] for p in Shelf().all(session)}
    assert titles == {"another": ["Other one"], SLUG: ["One", "Two", "Three"]}
    assert press.publish().nothing


def test_what_was_published_stays_in_service_where_todays_rules_are_stricter(press: PublishingAuthor) -> None:
    press.publish()
    with press.database.write() as session:
        revision = session.scalars(select(Revision).where(Revision.path == "2-two.md")).one()
        revision.source = "---\ntitle: Two\nmood: fine\n---\n[x](articles/none.md)\n"
    assert [lesson.title for lesson in press.published().course.lessons] == ["One", "Two", "Three"]


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ({}, {"media/a.webp": "1", "media/a.webp.jpg": "2"}, ("media/a.webp", "media/a.webp.jpg")),
        ({"media/a.webp": "1"}, {"media/a.webp": "1", "media/a.webp.jpg": "2"}, ("media/a.webp.jpg",)),
        ({"media/a.webp": "1", "media/a.webp.jpg": "2"}, {"media/a.webp": "1", "media/a.webp.jpg": "3"}, ()),
        ({"media/a.jpg": "1"}, {"media/a.jpg": "2"}, ("media/a.jpg",)),
    ],
)
def test_a_copy_for_mails_that_is_made_otherwise_is_no_change(
    old: dict[str, str], new: dict[str, str], changed: tuple[str, ...]
) -> None:
    assert compare(Contents({}, (), old), Contents({}, (), new), {}).media == changed
