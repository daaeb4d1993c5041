"""Texts that ask for all the machine has: they end a process of their own, their author is told, readers go on."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from tests.support.author.studio import sign_in
from tests.support.world.person import Person
from tests.support.world.sample_course import SLUG
from tests.support.world.world import World
from web.studio.writing import open_draft, pasting
from web.studio.writing.apart import Apart, TooMuch

pytestmark = pytest.mark.server

COURSE = f"/studio/courses/{SLUG}"
EDIT = f"{COURSE}/edit/2-dough-2.md"
MOST_SECONDS = 0.3
TOO_LONG: Callable[[], Any] = partial(re.search, "(a|a)+$", "a" * 60 + "b")
"""Would take longer than the sun lasts, inside one call into C."""

TOO_BIG: Callable[[], Any] = partial(bytearray, 1 << 34)


HUGE = "---\ntitle: Dough\n---\n" + '\'a "b" ... -- ' * 70_000
"""As much as a file may hold, and read in a second or two."""


def kill_yourself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def apart() -> Iterator[Apart]:
    process = Apart(most_seconds=MOST_SECONDS)
    yield process
    process.end()


def test_a_deed_is_done_elsewhere_and_its_result_comes_back(apart: Apart) -> None:
    assert apart.do(sorted, [3, 1, 2], reverse=True) == [3, 2, 1]


def test_what_a_deed_raises_is_raised_here(apart: Apart) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        apart.do(int, "five")


@pytest.mark.parametrize("deed", [TOO_LONG, TOO_BIG], ids=["too long", "too big"])
def test_a_deed_that_takes_too_much_is_ended_and_the_next_is_done(apart: Apart, deed: Callable[[], Any]) -> None:
    with pytest.raises(TooMuch):
        apart.do(deed)
    assert apart.do(len, "well") == 4


def test_a_process_that_was_killed_is_replaced(apart: Apart) -> None:
    apart.do(len, "begin")
    with pytest.raises(TooMuch):
        apart.do(kill_yourself)
    assert apart.do(len, "again") == 5


def test_many_who_ask_at_once_wait_for_their_turn(apart: Apart) -> None:
    with ThreadPoolExecutor(8) as many:
        assert list(many.map(lambda number: apart.do(pow, number, 2), range(40))) == [n * n for n in range(40)]


@pytest.fixture
def author(studio: World, apart: Apart, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.setattr(open_draft, "apart", apart)
    monkeypatch.setattr(pasting, "apart", apart)
    return sign_in(studio, "author")


def test_a_draft_that_takes_too_much_is_told_and_can_still_be_mended(studio: World, author: Person) -> None:
    file = studio.lessons_dir / SLUG / "2-dough-2.md"
    written = file.read_text()
    file.write_text(HUGE)
    assert "DL013" in author.look(COURSE).text
    page = author.look(EDIT)
    assert (page.status, "DL013" in page.text, "... -- &#39;a" in page.text) == (200, True, True)
    _, fields = page.form_fields()
    saved = author.post(EDIT, fields | {"text": written})
    assert ("Saved." in saved.text, "DL013" in saved.text) == (True, False)
    assert "DL013" not in author.look(COURSE).text


def test_a_draft_that_takes_too_much_cannot_be_published(studio: World, author: Person) -> None:
    (studio.lessons_dir / SLUG / "2-dough-2.md").write_text(HUGE)
    assert "DL013" in author.look(f"{COURSE}/publish").text


def test_what_is_typed_and_takes_too_much_is_told_while_it_is_typed(author: Person) -> None:
    _, fields = author.look(EDIT).form_fields()
    answer = author.post(f"{COURSE}/draft/2-dough-2.md", fields | {"text": HUGE})
    assert (answer.status, "DL013" in answer.text) == (200, True)


def test_what_is_pasted_and_takes_too_much_is_told(author: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pasting, "pasted", partial(re.search, "(a|a)+$"))
    _, fields = author.look(EDIT).form_fields()
    answer = author.post(f"{COURSE}/paste", fields | {"html": "a" * 60 + "b"})
    assert (answer.status, "Paste it in smaller parts" in answer.text) == (422, True)
