"""The learner's pace: a lesson a day, or the next one when this one is complete."""

from tests.support.world.person import Page
from tests.support.world.world import World


def lessons_of(world: World) -> list[int | None]:
    return [mail.day for mail in world.mails("lesson")]


def complete_newest(world: World) -> Page:
    link = world.mails("lesson")[-1].link("/learn/")
    return world.person.submit(world.person.look(link))


def choose(world: World, page: Page, pace: str) -> Page:
    return world.person.post(f"{page.url.partition('?')[0]}/settings", {"pace": pace})


def test_on_completion_the_next_lesson_comes_with_the_deed_and_not_with_the_day(world: World) -> None:
    page = choose(world, world.enrol(), "on-completion")
    assert 'value="on-completion" selected' in page.text
    world.forward(days=5)
    assert lessons_of(world) == [1]
    complete_newest(world)
    world.step()
    assert lessons_of(world) == [1, 2]


def test_going_back_to_a_lesson_a_day_takes_up_the_rhythm(world: World) -> None:
    page = choose(world, world.enrol(), "on-completion")
    world.forward(days=5)
    choose(world, page, "daily")
    assert lessons_of(world) == [1]
    world.forward(hours=2)
    assert lessons_of(world) == [1, 2]
    world.forward(days=1)
    assert lessons_of(world) == [1, 2, 3]


def test_a_pace_that_does_not_exist_changes_nothing(world: World) -> None:
    page = world.enrol()
    answer = choose(world, page, "twice a day")
    assert answer.status == 422
    assert world.look_up().pace == "daily"
