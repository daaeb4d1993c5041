"""A learner's page in German shares no words with its English twin but the course's own."""

import contextlib
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from course.content.typesetting import names
from tests.support.author.studio import fresh_person, sign_in
from tests.support.browser.page_states import LONG_NAME, PageState, broken, page_states, write_two_courses
from tests.support.servers.redis_server import RedisServer
from tests.support.world.person import AppBrowser
from tests.support.world.sample_course import SLUG
from tests.support.world.settings import SETTINGS
from tests.support.world.world import World

ALIKE = {"Name", "Pause", "Open Badge", "Dayletter", "UTC", "Ada", "Studio", "Text", "Mail", "KB", "the author"}
ALIKE |= {LONG_NAME, "Dear there, see", "Mails", SETTINGS["POSTAL_ADDRESS"]}
"""The same in both languages, names, and what only a mail's reader fills."""
OF_OTHERS = ("inbox", "error 500", "fault", "list of courses, none", "erased", "privacy, in the author's")
"""How names begin of pages for who develops, of no course, not to be had twice, and in others' words."""
NO_WORDS = re.compile(r"[\w.-]+@[\w.]+|http\S+|([0-9A-Z]{4}-){3}[0-9A-Z]{4}|[\W\d_]*")
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-copied", "data-telling")
NOT_SAID = {"script", "style", "svg", "option", "code", "textarea", "pre", "dt", "dd", "blockquote"}
"""Also what is quoted as it was said once, in the language of then."""


@pytest.fixture
def world(tmp_path: Path, redis_server: RedisServer) -> Iterator[World]:
    write_two_courses(tmp_path / "lessons")
    url = f"sqlite:///{tmp_path / 'dayletter.sqlite3'}"
    with contextlib.closing(World(tmp_path / "var", url, redis_server.url, tmp_path / "lessons")) as built:
        yield built


class Said(HTMLParser):
    """What a page says, to the eye or to the ear."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: set[str] = set()
        self._within = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within = tag
        self.texts |= {value for name, value in attrs if name in SPOKEN and value}

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within not in NOT_SAID:
            self.texts |= {part.strip(" :.,;\n") for part in data.split(" · ")}


def speak(world: World, language: str, courses: str = "*") -> None:
    """Publishes these courses once more, as ones of that language."""
    for course_md in world.lessons_dir.glob(f"{courses}/course.md"):
        lines = [line for line in course_md.read_text().split("\n") if not line.startswith("language:")]
        course_md.write_text("\n".join([lines[0], f"language: {language}", *lines[1:]]))
    world.publish()


def said(world: World, state: PageState) -> set[str]:
    page = world.person.look(state.path) if state.fields is None else world.person.post(state.path, state.fields)
    assert page.status == state.status
    return Said(page.text).texts


def test_a_german_page_has_no_words_in_common_with_its_english_twin_but_the_courses_own(world: World) -> None:
    states = [state for state in page_states(world) if not state.name.startswith(OF_OTHERS)]
    english = {state.name: said(world, state) for state in states}
    speak(world, "de")
    files = [path.read_text() for path in world.lessons_dir.rglob("*.md")]
    written = plain(" ".join((*files, *(names.said(text, "left out") for text in files))))
    left = {
        state.name: [text for text in english[state.name] & said(world, state) if is_ours(text, written)]
        for state in states
    }
    assert {name: texts for name, texts in left.items() if texts} == {}


def test_a_page_of_no_course_speaks_what_the_browser_asks_for(world: World) -> None:
    speak(world, "de", "sourdough")
    world.app.add_url_rule("/broken", view_func=broken)
    client = world.app.test_client()
    for asked, language, heading in (
        ("fr-CA,fr;q=0.9,en;q=0.5", "fr", "Des cours par e-mail"),
        ("fi,pt;q=0.3", "pt", "Cursos por e-mail"),
        ("fi", "en", "Courses by e-mail"),
        ("", "en", "Courses by e-mail"),
        ("*;q=x,,", "en", "Courses by e-mail"),
    ):
        listed = client.get("/", headers={"Accept-Language": asked}).text
        assert f'<html lang="{language}" dir="ltr">' in listed
        assert f"<h1>{heading}</h1>" in listed
        assert '<li class="card" lang="de"' in listed and '<li class="card" lang="en"' in listed
        assert f'<html lang="{language}"' in client.get("/nowhere", headers={"Accept-Language": asked}).text
        assert f'<html lang="{language}"' in client.get("/broken", headers={"Accept-Language": asked}).text


AT_THE_DESK = (
    *("", "/media", "/calendar?from=2026-03-26", "/publish", "/history", "/history/1", "/history/2", "/nowhere"),
    *(
        "/edit/course.md",
        "/edit/2-dough-2.md",
        "/preview/1-dough-1.md",
        "/preview/articles/flour.md",
        "/edit/x.md",
    ),
)


FOR_OPERATORS = ("/numbers", "/learners", "/learners?words=nobody", "/learners/1", "/learners/2")


def test_the_studio_speaks_what_the_authors_browser_asks_for(studio: World) -> None:
    folder = studio.lessons_dir / SLUG
    for words in ("More words.\n", "See [nothing](articles/none.md).\n"):
        studio.publish()
        (folder / "2-dough-2.md").write_text((folder / "2-dough-2.md").read_text() + words)
    _some_learners(studio)
    person, operator, stranger = sign_in(studio, "author"), sign_in(studio, "operator"), fresh_person(studio)
    names = [str(path.relative_to(studio.lessons_dir)) for path in folder.rglob("*")]
    written = plain(" ".join([*names, *(path.read_text() for path in folder.rglob("*.md"))]))

    def told(language: str) -> dict[str, set[str]]:
        for browser in (person.browser, operator.browser, stranger.browser):
            assert isinstance(browser, AppBrowser)
            browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
        course = f"/studio/courses/{SLUG}"
        pages = [
            person.look(path) for path in ("/studio", "/studio/you", *(course + path for path in AT_THE_DESK))
        ]
        pages += [person.post(f"{course}/edit/2-dough-2.md"), person.submit(person.look(f"{course}/media"))]
        pages += [operator.look(path) for path in ("/studio/log", "/studio/release", "/studio/log?before=1")]
        pages += [operator.look(course + path) for path in FOR_OPERATORS]
        form = {"csrf_token": operator.look("/studio/you").form_fields()[1]["csrf_token"]}
        pages += [operator.post("/studio/hold", form), operator.post("/studio/hold", form | {"why": "Ada"})]
        pages += [operator.look(f"{course}/numbers"), operator.post("/studio/release", form)]
        pages += [stranger.look("/studio/sign-in/cut-off"), stranger.submit(stranger.look("/studio"), email="?")]
        pages += [stranger.submit(stranger.look("/studio"), email="ada@example.org")]
        assert [page.url for page in pages if f'<html lang="{language}"' not in page.text] == []
        return {f"{at} {page.url}": Said(page.text).texts for at, page in enumerate(pages)}

    english, german = told("en"), told("de")
    left = {url: [text for text in english[url] & german[url] if is_ours(text, written)] for url in english}
    assert {url: texts for url, texts in left.items() if texts} == {}


def _some_learners(world: World) -> None:
    """One who has come far and said something, and one who has not confirmed."""
    world.enrol()
    world.person.submit(world.person.look(f"{world.learn_url()}/dough-1"))
    world.person.post(f"{world.learn_url()}/dough-1/feedback", {"score": "3", "words": "Ada"})
    world.forward(days=2)
    world.register("bob@example.org")


def is_ours(text: str, written: str) -> bool:
    return not (NO_WORDS.fullmatch(text) or text in ALIKE or plain(text) in written)


def plain(text: str) -> str:
    """Without what Markdown and its setting add or take away."""
    return " ".join(re.sub(r"[\W_]+", " ", text).split())
