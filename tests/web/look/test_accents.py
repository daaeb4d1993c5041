"""A course's own colour: on its pages, in its mails and certificates, from the next publication on."""

import re
import shutil

import pytest

from course.content.colour import DARK, LIGHT, palette
from tests.support.author.studio import sign_in
from tests.support.world.person import Page
from tests.support.world.sample_course import SLUG
from tests.support.world.world import World

GREEN, YELLOW = "#2e6b4f", "#ffd84d"
SHEET = re.compile(r'<link rel="stylesheet" href="(/accents/[^"]+)">')


@pytest.fixture
def green(world: World) -> World:
    paint(world, GREEN)
    world.publish()
    return world


def paint(world: World, accent: str) -> None:
    course_md = world.lessons_dir / SLUG / "course.md"
    text = re.sub(r"^accent: .*\n", "", course_md.read_text(), flags=re.M)
    course_md.write_text(text.replace("sender:", f'accent: "{accent}"\nsender:'))


def sheet_of(world: World, page: Page) -> str:
    """What the page's second style sheet holds, or nothing if there is none."""
    found = SHEET.search(page.text)
    return world.person.look(found[1]).text if found else ""


def test_every_page_of_a_course_has_its_colour(green: World) -> None:
    assert GREEN in sheet_of(green, green.register())
    confirm = green.mails("confirm")[0].link("/confirm/")
    assert GREEN in sheet_of(green, green.person.look(confirm))
    assert GREEN in sheet_of(green, green.enrol())
    green.complete_all()
    learn, serial = green.learn_url(), green.rows()["certificate"][0]["serial"]
    assert green.person.look(f"/certificates/{serial}.pdf").status == 200
    pages = (f"/courses/{SLUG}", f"{learn}/dough-1", f"{learn}/articles/flour", f"{learn}/none")
    for path in (*pages, f"{learn}/settings/address", green.unsubscribe_url(), f"/certificates/{serial}"):
        assert GREEN in sheet_of(green, green.person.look(path)), path


def test_the_sheet_has_a_tone_for_the_dark_too_and_is_cached_for_good(green: World) -> None:
    found = SHEET.search(green.person.look(f"/courses/{SLUG}").text)
    assert found is not None
    answer = green.app.test_client().get(found[1])
    light, _, dark = answer.text.partition("@media screen and (prefers-color-scheme: dark)")
    assert f"--accent: {GREEN};" in light
    assert f"--accent: {palette(GREEN).dark.accent};" in dark
    assert answer.mimetype == "text/css"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_course_without_a_colour_has_the_house_s(world: World) -> None:
    assert not SHEET.search(world.person.look(f"/courses/{SLUG}").text)


def test_a_page_of_no_course_has_a_colour_that_all_courses_share(world: World) -> None:
    course = world.lessons_dir / SLUG
    shutil.copytree(course, world.lessons_dir / "rolls")
    paint(world, GREEN)
    world.publish()
    assert not sheet_of(world, world.person.look("/lost-link"))
    shutil.copyfile(course / "course.md", world.lessons_dir / "rolls" / "course.md")
    world.publish()
    assert GREEN in sheet_of(world, world.person.look("/lost-link"))


def test_the_studio_keeps_the_house_s_colour(studio: World) -> None:
    paint(studio, GREEN)
    studio.publish()
    assert not SHEET.search(sign_in(studio, "author").look(f"/studio/courses/{SLUG}").text)


def test_what_is_no_colour_has_no_sheet(world: World) -> None:
    for digits in ("red", "2e6b4", "2E6B4F", "2e6b4f0", "};body{}"):
        assert world.person.look(f"/accents/{digits}.css").status == 404


def test_mails_have_the_colour_from_the_next_publication_on_for_the_light_and_for_the_dark(world: World) -> None:
    world.enrol()
    paint(world, GREEN)
    world.publish()
    world.next_lesson()
    before, after = (mail.html for mail in world.mails("lesson"))
    assert 'bgcolor="#b4431f"' in before
    assert f'bgcolor="{GREEN}"' in after
    assert f".card a {{ color: {palette(GREEN).dark.accent} !important; }}" in after
    assert not re.search(f"{LIGHT.default.accent}|{DARK.default.accent}", after)


def test_no_learner_meets_a_colour_that_is_too_light(world: World) -> None:
    paint(world, YELLOW)
    world.publish()
    page = world.enrol()
    assert f"--accent: {palette(YELLOW).light.accent};" in sheet_of(world, page)
    assert f'bgcolor="{palette(YELLOW).light.accent}"' in world.mails("lesson")[0].html


def test_another_colour_is_a_change_that_the_publish_page_shows(studio: World) -> None:
    studio.enrol()
    paint(studio, GREEN)
    page = sign_in(studio, "author").look(f"/studio/courses/{SLUG}/publish")
    assert "corrected: the course" in page.text
    assert "+accent: &#34;#2e6b4f&#34;" in page.text
    assert "corrected words reach everybody from their next mail on" in page.text
