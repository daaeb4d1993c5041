"""The learner's pace: a lesson a day, or the next one when this one is complete."""

from tests.support.world.person import Page
from tests.support.world.world import House


def lessons_of(house: House) -> list[int | None]:
    return [mail.day for mail in house.mails("lesson")]


def complete_newest(house: House) -> Page:
    link = house.mails("lesson")[-1].link("/learn/")
    return house.person.submit(house.person.look(link))


def choose(house: House, page: Page, pace: str) -> Page:
    return house.person.post(f"{page.url.partition('?')[0]}/settings", {"pace": pace})


def test_on_completion_the_next_lesson_comes_with_the_deed_and_not_with_the_day(house: House) -> None:
    page = choose(house, house.enrol(), "on-completion")
    assert 'value="on-completion" selected' in page.text
    house.forward(days=5)
    assert lessons_of(house) == [1]
    complete_newest(house)
    house.step()
    assert lessons_of(house) == [1, 2]


def test_going_back_to_a_lesson_a_day_takes_up_the_rhythm(house: House) -> None:
    page = choose(house, house.enrol(), "on-completion")
    house.forward(days=5)
    choose(house, page, "daily")
    house.forward(days=1, hours=2)
    assert lessons_of(house) == [1, 2]
    house.forward(days=1)
    assert lessons_of(house) == [1, 2, 3]


def test_a_pace_that_does_not_exist_changes_nothing(house: House) -> None:
    page = house.enrol()
    answer = choose(house, page, "twice a day")
    assert answer.status == 422
    assert house.look_up().pace == "daily"
