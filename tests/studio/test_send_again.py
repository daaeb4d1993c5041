"""An operator sends a lesson again whose mail failed: one from the learner's page, many by a command."""

import pytest

from tests.support.author.studio import sign_in
from tests.support.failing import WHY, fail_next_lesson
from tests.support.world.command_line import command_line
from tests.support.world.world import World

NAMES = ("ada@example.org", "eve@example.org")


def test_one_is_sent_again_from_the_learners_page_and_logged(studio: World) -> None:
    studio.enrol()
    slug = fail_next_lesson(studio)
    person = sign_in(studio)
    page = person.look(f"/studio/courses/bread-at-home/learners/{studio.look_up().id}")
    assert WHY in page.text
    roster = "/studio/courses/bread-at-home/learners"
    assert all("Cannot be reached" in text for text in (page.text, person.look(roster).text))
    person.submit(page, lesson=slug)
    assert "Cannot be reached" not in person.look(roster).text
    studio.step()
    assert [mail.day for mail in studio.mails("lesson")] == [1, 2]
    assert "sent lessons again" in person.look("/studio/log").text


def test_to_a_closed_address_none_is_sent_and_the_operator_is_told(studio: World) -> None:
    studio.enrol()
    slug = fail_next_lesson(studio, closed=True)
    person = sign_in(studio)
    page = person.look(f"/studio/courses/bread-at-home/learners/{studio.look_up().id}")
    refused = person.submit(page, lesson=slug)
    assert "none is sent there" in refused.text
    assert studio.step() == 0


def test_the_command_tells_the_reasons_and_sends_those_again_that_failed_for_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NAMES:
        world.enrol(name)
        fail_next_lesson(world, name)
    run = command_line(world, monkeypatch)
    assert f"2  {WHY}" in run("resend", "bread-at-home").output
    assert "0 lessons go out again" in run("resend", "bread-at-home", "--because", "mailbox full").output
    assert "2 lessons go out again" in run("resend", "bread-at-home", "--because", "554").output
    before = len(world.mails("lesson"))
    world.step()
    assert [mail.day for mail in world.mails("lesson")[before:]] == [2, 2]
    assert "no course stands still" in run("resend", "bread-at-home").output
    assert "0 lessons go out again" in run("resend", "bread-at-home", "--all").output
