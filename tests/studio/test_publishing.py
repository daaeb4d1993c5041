"""Publishing from the studio: what changes and whom it touches is seen first, and one can go back."""

import re
from pathlib import Path

from tests.support.author.studio import BY_ROLE, sign_in
from tests.support.world.person import Page, Person
from tests.support.world.sample_course import SLUG
from tests.support.world.world import World

COURSE = f"/studio/courses/{SLUG}"


def write(studio: World, name: str, title: str) -> Path:
    file = studio.lessons_dir / SLUG / name
    file.write_text(
        f"---\ntitle: {title}\nsubject: {title}\npreheader: Why.\n---\n\nWords of {title}.\n\n- [ ] Do it\n"
    )
    return file


def publish(person: Person, **fields: str) -> Page:
    return person.submit(person.look(f"{COURSE}/publish"), **fields)


def deed(page: Page, action: str) -> dict[str, str]:
    form = re.search(rf'<form method="post" action="{re.escape(action)}".*?</form>', page.text, flags=re.S)
    assert form, page.text
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))


def press(person: Person, page: Page, action: str, **fields: str) -> Page:
    return person.post(action, deed(page, action) | fields)


def test_what_changes_and_whom_it_touches_is_seen_before(studio: World) -> None:
    studio.enrol()
    write(studio, "4-crust.md", "Crust")
    page = sign_in(studio, "author").look(f"{COURSE}/publish")
    assert "new: lesson crust" in page.text
    assert "the 1 under way keep their lessons" in page.text
    assert "+Words of Crust." in page.text


def test_publishing_puts_the_draft_in_service_and_in_the_history(studio: World) -> None:
    person = sign_in(studio, "author")
    write(studio, "4-crust.md", "Crust")
    page = publish(person, why="Readers asked for it")
    assert page.url.endswith("/history")
    assert "Readers asked for it" in page.text
    assert BY_ROLE["author"] in page.text
    assert [lesson.slug for lesson in studio.course.lessons] == ["dough-1", "dough-2", "dough-3", "crust"]
    assert "nothing to publish" in person.look(f"{COURSE}/publish").text


def test_a_draft_with_errors_is_not_published(studio: World) -> None:
    person, before = sign_in(studio, "author"), studio.course
    looked_at = person.look(COURSE)
    write(studio, "4-crust.md", "Crust").write_text("---\ntitle: Crust\n---\n\n[none](articles/none.md)\n")
    page = person.look(f"{COURSE}/publish")
    assert "cannot be published yet" in page.text
    assert "articles/none.md" in page.text
    forced = deed(looked_at, f"{COURSE}/move") | {"seen": "anything"}
    assert person.post(f"{COURSE}/publish", forced).status == 422
    assert studio.course == before


def test_only_what_was_looked_at_is_published(studio: World) -> None:
    person, before = sign_in(studio, "author"), studio.course
    write(studio, "4-crust.md", "Crust")
    page = person.look(f"{COURSE}/publish")
    write(studio, "5-crumb.md", "Crumb")
    again = person.submit(page)
    assert again.status == 409
    assert "new: lesson crumb" in again.text
    assert studio.course == before


def test_going_back_is_one_step_and_gives_the_same_words(studio: World) -> None:
    person = sign_in(studio, "author")
    before = studio.course
    write(studio, "4-crust.md", "Crust")
    publish(person)
    look = person.look(f"{COURSE}/history/1")
    assert "withdrawn: lesson crust" in look.text
    page = press(person, look, f"{COURSE}/history/1", why="Too early")
    assert "Too early" in page.text
    assert studio.course == before
    assert person.look(f"{COURSE}/history/99").status == 404


def test_learners_under_way_are_moved_after_seeing_each_effect(studio: World) -> None:
    person = sign_in(studio, "author")
    studio.enrol()
    write(studio, "4-crust.md", "Crust")
    page = publish(person)
    assert ">dough-2</th>" in page.text
    assert "crust" in page.text
    press(person, page, f"{COURSE}/move-learners", why="They wanted it")
    for _ in range(3):
        studio.next_lesson()
    assert [mail.subject for mail in studio.mails("lesson")][-1] == "Crust"
    assert len(studio.mails("lesson")) == 4
    assert "Learners on an older edition" not in person.look(f"{COURSE}/history").text


def test_a_course_that_was_never_published_has_an_empty_history(studio: World) -> None:
    (studio.lessons_dir / "second").mkdir()
    (studio.lessons_dir / "second/course.md").write_text("---\ntitle: Second\n---\n")
    person = sign_in(studio, "author")
    assert "not published yet" in person.look("/studio/courses/second/history").text
    assert person.look("/studio/courses/second/history/1").status == 404
