"""The history of a course: every publication kept, renames through it, and going back to the same bytes."""

import re
import resource
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from course.errors import DayletterError, NotFound
from course.models import Deed, FormerSlug, Publication, Revision
from course.publishing.editions import Shelf
from course.publishing.history import ahead_of_roll_back, difference, publications
from course.publishing.media_store import place_of
from course.publishing.publish import Unpublishable, keep_media
from tests.support.author.publishing_author import AUTHOR, SLUG, PublishingAuthor, new_press

VIDEO = '![Talk](media/talk.mp4 "1:00")\n'


@pytest.fixture
def press(migrated_database_url: str, tmp_path: Path) -> Iterator[PublishingAuthor]:
    with closing(new_press(migrated_database_url, tmp_path)) as found:
        yield found


def in_service(press: PublishingAuthor) -> tuple[dict[str, str], list[str], dict[str, str]]:
    """Every text by its file's name, the lessons in order, the media."""
    published = press.published()
    with press.database.read() as session:
        row = publications(session, SLUG)[0]
        texts = {
            revision.path: revision.source
            for revision in session.scalars(select(Revision).where(Revision.id.in_(row.texts.values())))
        }
    return texts, [lesson.slug for lesson in published.course.lessons], dict(row.media)


def test_every_publication_is_kept_with_who_and_when_and_going_back_gives_the_same_bytes(
    press: PublishingAuthor,
) -> None:
    for name in ("talk.mp4", "talk.jpg", "talk.vtt"):
        press.file(f"media/{name}", "first " + name)
    press.write(one=VIDEO)
    press.publish()
    states = [in_service(press)]
    press.file("media/talk.mp4", "second film")
    press.write(two="Better words.", four="Fourth words.")
    press.publish()
    states.append(in_service(press))
    press.rename("2-two", "2-zwei", "two")
    press.remove("3-three.md")
    press.publish()
    states.append(in_service(press))
    for version in (1, 3, 2, 1):
        press.roll_back(version)
        assert in_service(press) == states[version - 1]
    with press.database.read() as session:
        kept = publications(session, SLUG)
        deeds = session.execute(select(Deed.what, Deed.who).order_by(Deed.id)).all()
    assert [publication.version for publication in kept] == [7, 6, 5, 4, 3, 2, 1]
    assert {publication.who for publication in kept} == {AUTHOR.who}
    assert kept[0].why == "back to version 1"
    assert (kept[0].texts, kept[0].media, kept[0].edition_id) == (
        kept[-1].texts, kept[-1].media, kept[-1].edition_id
    )  # fmt: skip
    assert deeds == [("published", AUTHOR.who)] * 3 + [("rolled back", AUTHOR.who)] * 4
    for media in (states[0][2], states[1][2]):
        assert all(place_of(press.var, digest).exists() for digest in media.values())


def test_a_renamed_lesson_is_the_same_lesson_on_every_edition(press: PublishingAuthor) -> None:
    press.publish()
    press.write(four="Fourth words.")
    press.publish()
    old = press.published()
    press.rename("2-two", "2-zwei", "two")
    planned = press.publish()
    assert planned.renamed == (("two", "zwei"),)
    assert (planned.added, planned.withdrawn, planned.new_edition) == ((), (), False)
    new = press.published()
    assert new.edition_id == old.edition_id
    assert [new.editions[number] for number in sorted(new.editions)] == [
        ("one", "zwei", "three"),
        ("one", "zwei", "three", "four"),
    ]
    assert new.former == {"two": "zwei"}
    assert press.rows()["document"] == 5
    assert press.publish().nothing


def test_a_chain_of_names_leads_to_the_last_one_and_back_again(press: PublishingAuthor) -> None:
    press.publish()
    press.rename("2-two", "2-zwei", "two")
    press.publish()
    press.rename("2-zwei", "2-deux", "zwei")
    press.publish()
    assert press.published().former == {"two": "deux", "zwei": "deux"}
    press.roll_back(1)
    assert press.published().former == {"zwei": "two", "deux": "two"}
    assert press.order() == ["one", "two", "three"]
    press.publish()
    assert press.order() == ["one", "deux", "three"]
    press.rename("2-deux", "2-two")
    assert press.publish().renamed == (("deux", "two"),), "a name it once had is still its own"


def test_a_name_that_was_taken_away_from_a_lesson_is_given_to_no_other(press: PublishingAuthor) -> None:
    press.publish()
    press.rename("2-two", "2-zwei", "two")
    press.publish()
    press.rename("2-zwei", "2-zwei")  # its author takes the line away that says what it was
    press.publish()
    before = press.rows()
    press.write(two="Another lesson altogether.")
    press.rename("2-two", "4-two")
    with pytest.raises(Unpublishable, match="would both be the lesson `zwei`"):
        press.publish()
    assert press.rows() == before


def test_a_rename_without_was_is_pointed_out(press: PublishingAuthor) -> None:
    press.write(two="The same rather long words of a lesson that somebody has only given another name.")
    press.publish()
    press.rename("2-two", "2-zwei")
    assert press.ahead().alike == (("two", "zwei"),)
    press.write(four="Words that nobody has read before, about something else entirely, and more of them.")
    press.remove("2-zwei.md")
    assert press.ahead().alike == ()


def test_the_difference_of_two_versions_is_a_diff_in_either_direction(press: PublishingAuthor) -> None:
    press.publish()
    press.write(two="Better words.")
    press.rename("2-two", "2-zwei", "two")
    press.remove("3-three.md")
    press.publish()
    with press.database.read() as session:
        there, back = difference(session, SLUG, 1, 2), difference(session, SLUG, 2, 1)
        assert difference(session, SLUG, 2, 2).diff == ""
        with pytest.raises(NotFound, match="no version 7"):
            ahead_of_roll_back(session, SLUG, 7)
    assert re.findall(r"^(?:--- |\+\+\+ |[-+]\w).*", there.diff, re.M) == [
        "--- 3-three.md", "+++ /dev/null", "-title: Three", "-Third words.",
        "--- 2-two.md", "+++ 2-zwei.md", "+was: [two]", "-Second words.", "+Better words.",
    ]  # fmt: skip
    assert (back.changes.renamed, back.changes.added) == ((("zwei", "two"),), (("lesson", "three"),))


def test_a_course_that_was_published_before_its_history_was_kept_gets_one(press: PublishingAuthor) -> None:
    press.publish()
    press.write(two="Better words.")
    with press.database.write() as session:
        session.execute(delete(Publication))
    before = press.published()
    assert press.publish().corrected == (("lesson", "two"),)
    with press.database.read() as session:
        assert [publication.version for publication in publications(session, SLUG)] == [2, 1]
    press.roll_back(1)
    assert press.published().course == before.course


def test_going_back_to_what_is_in_service_changes_nothing(press: PublishingAuthor) -> None:
    press.publish()
    assert press.roll_back(1).nothing
    assert press.versions() == [1]


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file can grow beyond so many bytes, as on a disk that is filling up."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_nothing_half_written_and_the_published_course_in_service(
    press: PublishingAuthor,
) -> None:
    press.publish()
    before = press.rows()
    press.file("media/talk.jpg", "a picture of more than ten bytes")
    with room_for(10), pytest.raises(DayletterError, match=r"`media/talk.jpg` could not be kept .* too large"):
        keep_media(press.folder(), press.var)
    assert list((press.var / "media").iterdir()) == []
    assert (press.rows(), press.order()) == (before, ["one", "two", "three"])
    assert press.publish().media == ("media/talk.jpg",)


def test_a_cached_course_hears_of_a_rename(press: PublishingAuthor) -> None:
    press.publish()
    shelf = Shelf()
    with press.database.read() as session:
        shelf.by_slug(session, SLUG)
    press.rename("2-two", "2-zwei", "two")
    press.publish()
    with press.database.read() as session:
        assert shelf.by_slug(session, SLUG).lessons["zwei"].slug == "zwei"
        assert session.scalar(select(func.count()).select_from(FormerSlug)) == 1
