"""A lesson gets another name in the studio: published, it is the same lesson to everybody who has it."""

from pathlib import Path

import pytest
from sqlalchemy import select

from course.models import Deed
from tests.support.author.studio import BY_ROLE, sign_in
from tests.support.world.person import Page, Person
from tests.support.world.sample_course import SLUG
from tests.support.world.world import World

COURSE = f"/studio/courses/{SLUG}"
LESSON = "2-dough-2.md"
RENAME = f"{COURSE}/rename/{LESSON}"


def folder(studio: World) -> Path:
    return studio.lessons_dir / SLUG


def files(studio: World) -> dict[str, bytes]:
    return {
        path.relative_to(studio.lessons_dir).as_posix(): path.read_bytes()
        for path in studio.lessons_dir.rglob("*")
        if path.is_file()
    }


def rename(person: Person, path: str, name: str) -> Page:
    return person.submit(person.look(f"{COURSE}/rename/{path}"), name=name)


def to_the_end(studio: World) -> None:
    studio.forward(days=1, hours=2)
    for _ in range(4):
        studio.forward(days=1)


def test_a_renamed_lesson_is_published_as_the_same_and_comes_once(studio: World) -> None:
    studio.enrol()
    person = sign_in(studio, "author")
    page = rename(person, LESSON, "second-rise")
    assert page.url.endswith("/edit/2-second-rise.md?renamed")
    assert "Renamed." in page.text
    assert rename(person, "3-dough-3.md", "last-rise").status == 200
    publishing = person.look(f"{COURSE}/publish")
    assert "renamed: lesson dough-2 is second-rise from now on" in publishing.text
    assert "withdrawn" not in publishing.text
    person.submit(publishing)
    assert [lesson.slug for lesson in studio.course.lessons] == ["dough-1", "second-rise", "last-rise"]
    to_the_end(studio)
    assert [mail.day for mail in studio.mails("lesson")] == [1, 2, 3]
    first_mail = studio.mails("lesson")[1]
    assert studio.person.look(first_mail.link("/learn/")).url.endswith("/second-rise")


def test_it_is_the_same_lesson_after_two_renames_in_one_draft_and_after_a_rename_back(studio: World) -> None:
    studio.enrol()
    person = sign_in(studio, "author")
    rename(person, "1-dough-1.md", "starter")
    rename(person, "1-starter.md", "leaven")
    person.submit(person.look(f"{COURSE}/publish"))
    assert studio.course.lessons[0].slug == "leaven"
    rename(person, "1-leaven.md", "dough-1")
    person.submit(person.look(f"{COURSE}/publish"))
    assert studio.course.lessons[0].slug == "dough-1"
    to_the_end(studio)
    assert [mail.day for mail in studio.mails("lesson")] == [1, 2, 3]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_all_else_stay_byte_for_byte(studio: World, end: str, mark: str) -> None:
    text = f"{mark}---\ntitle: 'T' # ü\nsubject: S\n---\n\n\nWords.  \n\n- [ ] Do\n\n".replace("\n", end)
    (folder(studio) / LESSON).write_bytes(text.encode())
    before = files(studio)
    rename(sign_in(studio, "author"), LESSON, "rise")
    after = files(studio)
    assert after.pop(f"{SLUG}/2-rise.md").decode() == text.replace(f"S{end}", f"S{end}was: dough-2{end}")
    assert before.pop(f"{SLUG}/{LESSON}")
    assert after == before


def test_who_did_it_is_in_the_log_with_both_names(studio: World) -> None:
    rename(sign_in(studio, "author"), "articles/flour.md", "meal")
    with studio.runtime.db.read() as session:
        newest = session.scalars(select(Deed).order_by(Deed.id.desc()).limit(1)).one()
    assert (newest.who, newest.what) == (BY_ROLE["author"], "renamed a file")
    assert (newest.details["file"], newest.details["now"]) == ("articles/flour.md", "articles/meal.md")
    assert newest.details["links_in"] == ["1-dough-1.md", "2-dough-2.md", "3-dough-3.md"]


def test_links_to_an_article_are_told_before_and_follow_it(studio: World) -> None:
    person = sign_in(studio, "author")
    page = person.look(f"{COURSE}/rename/articles/flour.md")
    assert "<code>1-dough-1.md</code>, <code>2-dough-2.md</code>" in page.text
    person.submit(page, name="meal")
    assert "articles/meal.md" in (folder(studio) / LESSON).read_text()
    assert "articles/flour.md" not in (folder(studio) / LESSON).read_text()
    assert "DL202" not in person.look(f"{COURSE}/publish").text


def test_a_film_goes_with_its_captions_and_poster(studio: World) -> None:
    person = sign_in(studio, "author")
    before = {path.suffix: path.read_bytes() for path in (folder(studio) / "media").glob("knead.*")}
    page = person.look(f"{COURSE}/rename/media/knead.mp4")
    assert "media/knead.vtt" in page.text
    assert person.submit(page, name="press").url.endswith("/media")
    assert {path.suffix: path.read_bytes() for path in (folder(studio) / "media").glob("press.*")} == before
    assert "media/press.mp4" in (folder(studio) / LESSON).read_text()
    assert not [*(folder(studio) / "media").glob("knead.*")]


@pytest.mark.parametrize(
    "name", ["", " ", "dough-2", "dough-1", "Rise", "../rise", "a/b", "é", "x" * 101, "a\0b", "-a"]
)
def test_a_name_that_cannot_be_changes_nothing_and_is_shown_again(studio: World, name: str) -> None:
    before = files(studio)
    page = rename(sign_in(studio, "author"), LESSON, name)
    assert page.status == 422
    assert 'role="alert"' in page.text
    assert files(studio) == before


def test_a_name_that_another_lesson_had_is_refused(studio: World) -> None:
    person = sign_in(studio, "author")
    rename(person, "1-dough-1.md", "starter")
    person.submit(person.look(f"{COURSE}/publish"))
    (folder(studio) / "1-starter.md").unlink()
    for name, lesson in (("dough-1", "starter"), ("starter", "starter")):
        page = rename(person, LESSON, name)
        assert page.status == 422
        assert f"the name of the lesson <code>{lesson}</code>" in page.text


def test_a_file_that_somebody_changed_meanwhile_is_looked_at_again(studio: World) -> None:
    person = sign_in(studio, "author")
    page = person.look(RENAME)
    (folder(studio) / LESSON).write_text("---\ntitle: Newer\n---\nWords.\n")
    again = person.submit(page, name="rise")
    assert again.status == 422
    assert "Somebody has changed" in again.text
    assert not (folder(studio) / "2-rise.md").exists()
    assert person.submit(again, name="rise").status == 200
    assert "Newer" in (folder(studio) / "2-rise.md").read_text()


def test_who_has_the_old_file_open_keeps_the_text_and_makes_no_second_lesson(studio: World) -> None:
    person, other = sign_in(studio, "author"), sign_in(studio)
    opened = other.look(f"{COURSE}/edit/{LESSON}")
    form = person.look(RENAME)
    rename(person, LESSON, "rise")
    page = other.submit(opened, text="An hour's words.")
    assert page.status == 422
    assert "somebody has renamed it, or taken it out" in page.text
    assert "An hour&#39;s words." in page.text
    assert not (folder(studio) / LESSON).exists()
    assert person.submit(form, name="late").status == 404


@pytest.mark.parametrize(
    "path", ["course.md", "../secret.md", "%2fetc%2fpasswd", ".hidden.md", "link.md", "notes.txt", "9-none.md"]
)
def test_nothing_else_can_be_renamed(studio: World, path: str) -> None:
    (studio.lessons_dir / "secret.md").write_text("secret words")
    (folder(studio) / "link.md").symlink_to(studio.lessons_dir / "secret.md")
    for name in (".hidden.md", "notes.txt"):
        (folder(studio) / name).write_text("stays")
    before, person = files(studio), sign_in(studio, "author")
    _, fields = person.look(RENAME).form_fields()
    assert person.look(f"{COURSE}/rename/{path}").status == 404
    assert person.post(f"{COURSE}/rename/{path}", fields | {"name": "fresh"}).status in (404, 422)
    assert files(studio) == before


def test_front_matter_that_takes_no_line_is_told(studio: World) -> None:
    (folder(studio) / LESSON).write_text("---\ntitle: 'T\n---\nWords.\n")
    before = files(studio)
    page = rename(sign_in(studio, "author"), LESSON, "rise")
    assert page.status == 422
    assert "cannot take a line <code>was:</code>" in page.text
    assert files(studio) == before
