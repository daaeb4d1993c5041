"""What a learner leaves beside a lesson, has mailed again or takes back: twice, late, and with nonsense."""

import re
from itertools import product

import pytest

from course.enrolment.privacy import export
from course.reports.numbers import course_stats
from tests.support.world.sample_course import DAYS, SLUG
from tests.support.world.world import World
from tests.web.learner.test_lessons import lesson, take_all

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

VIDEO = "media/knead.mp4"


def page_without_script(world: World, deed: str, **fields: str) -> tuple[int, str]:
    page = world.person.post(f"{lesson(world)}/{deed}", fields)
    return page.status, page.text


def edition(world: World) -> str:
    """Which text of the note the page shows."""
    found = re.search(r'name="shown" value="(\w*)"', world.person.look(lesson(world)).text)
    assert found
    return found[1]


def test_a_note_is_kept_shown_exported_and_gone_when_it_is_emptied(world: World) -> None:
    world.enrol()
    page_without_script(world, "note", words="<b>Rye</b>\r\nnot wheat\0", shown=edition(world))
    assert "&lt;b&gt;Rye&lt;/b&gt;\nnot wheat</textarea>" in world.person.look(lesson(world)).text
    with world.runtime.db.read() as session:
        held = export(session, world.look_up().learner_id)
    assert held["courses"][0]["notes"][0]["words"] == "<b>Rye</b>\nnot wheat"
    page_without_script(world, "note", words="  \r\n", shown=edition(world))
    assert not world.rows()["note"]


def test_a_note_that_is_too_long_is_given_back_whole_and_the_kept_one_stays(world: World) -> None:
    world.enrol()
    page_without_script(world, "note", words="short", shown=edition(world))
    status, text = page_without_script(world, "note", words="ü" * 10_001, shown=edition(world))
    assert status == 422
    assert "10,001 characters" in text
    assert "ü" * 10_001 in text
    assert world.rows()["note"][0]["words"] == "short"


def test_of_two_windows_the_last_note_wins_and_the_other_is_shown_once(world: World) -> None:
    world.enrol()
    opened = edition(world)
    page_without_script(world, "note", words="from the first window", shown=opened)
    status, text = page_without_script(world, "note", words="from the second", shown=opened)
    assert status == 200
    assert "from the first window</pre>" in text
    assert "from the second</textarea>" in text
    _, again = page_without_script(world, "note", words="from the second", shown=opened)
    assert "It replaced this one" not in again
    assert world.rows()["note"][0]["words"] == "from the second"


def test_what_was_seen_of_a_video_adds_up_over_visits_and_counts_in_the_time_left(world: World) -> None:
    world.enrol()
    before = world.person.look(lesson(world)).text
    for stopped_at, seen in (("130", "3ffffff"), ("20", "f")):
        page_without_script(world, "watch", video=VIDEO, stopped_at=stopped_at, seen=seen)
    row = world.rows()["watch"][0]
    assert (row["stopped_at_seconds"], row["seen"]) == (20, "3ffffff")
    page = world.person.look(lesson(world)).text
    assert "Go on at 0:20" in page
    assert minutes_left(page) == minutes_left(before) - 2


def minutes_left(page: str) -> int:
    found = re.search(r"(\d+) of \d+ minutes left", page)
    assert found
    return int(found[1])


def test_nobody_has_seen_more_of_a_video_than_there_is(world: World) -> None:
    world.enrol()
    page_without_script(world, "watch", video=VIDEO, stopped_at="999999", seen="f" * 4000)
    row = world.rows()["watch"][0]
    assert (row["stopped_at_seconds"], int(row["seen"], 16).bit_count()) == (270, 54)


NONSENSE: tuple[tuple[dict[str, str], int], ...] = (
    ({"video": VIDEO, "stopped_at": "-1", "seen": "1"}, 422),
    ({"video": VIDEO, "stopped_at": "1.5", "seen": "1"}, 422),
    ({"video": VIDEO, "stopped_at": "1", "seen": "0x1"}, 422),
    ({"video": VIDEO, "stopped_at": "1", "seen": "f" * 9000}, 422),
    ({"video": VIDEO}, 422),
    ({"video": "media/edited-away.mp4", "stopped_at": "1", "seen": "1"}, 404),
    ({}, 404),
)


def test_a_nonsense_report_of_a_video_changes_nothing(world: World) -> None:
    world.enrol()
    for fields, status in NONSENSE:
        assert page_without_script(world, "watch", **fields)[0] == status
    assert not world.rows()["watch"]


def test_an_opinion_takes_one_tap_a_sentence_if_one_likes_and_can_be_taken_back(world: World) -> None:
    world.enrol()
    page_without_script(world, "feedback", score="2")
    page_without_script(world, "feedback", score="2", words="More on rye.")
    _, text = page_without_script(world, "feedback", score="3")
    assert 'value="3" aria-pressed="true"' in text
    row = world.rows()["feedback"][0]
    assert (row["score"], row["words"]) == (3, "More on rye.")
    page_without_script(world, "feedback", score="3", remove="1")
    assert not world.rows()["feedback"]


def test_an_opinion_that_is_none_of_the_three_is_not_taken(world: World) -> None:
    world.enrol()
    for score in ("0", "4", "", "three", "9" * 5000):
        status, text = page_without_script(world, "feedback", score=score)
        assert status == 422
        assert "Please choose one of the three." in text
    assert not world.rows()["feedback"]


def test_a_completion_can_be_taken_back_and_the_plan_follows(world: World) -> None:
    world.enrol()
    world.person.post(f"{world.learn_url()}/settings", {"pace": "on-completion"})
    page_without_script(world, "complete")
    for _ in range(2):
        status, text = page_without_script(world, "uncomplete")
        assert status == 200
        assert "Mark day 1 complete" in text
    assert not world.rows()["completion"]
    world.step()
    assert len(world.mails("lesson")) == 1


def test_a_certificate_stays_when_a_day_is_taken_back_and_comes_no_second_time(world: World) -> None:
    take_all(world)
    world.step()
    certificate = world.rows()["certificate"]
    page = world.person.post(f"{lesson(world, DAYS)}/uncomplete")
    assert "Open the certificate" in page.text
    assert "You have finished the course" not in page.text
    assert f"Mark day {DAYS} complete" in page.text
    world.person.post(f"{lesson(world, DAYS)}/complete")
    world.step()
    assert world.rows()["certificate"] == certificate
    assert len(world.mails("finished")) == 1


def test_a_lesson_is_mailed_again_on_request_and_counts_as_one_lesson(world: World) -> None:
    world.enrol()
    world.next_lesson()
    before = world.look_up().due_at
    _, text = page_without_script(world, "mail")
    assert "on its way to ada@example.org" in text
    world.step()
    again = world.mails("again")
    assert len(again) == 1
    assert again[0].text.count("Day 1 of 3") == 1
    assert again[0].html.count("Day 1 of 3") == 1
    assert "Tomorrow" not in again[0].text
    assert world.look_up().due_at == before
    assert len(world.mails("lesson")) == 2
    world.next_lesson()
    assert len(world.mails("lesson")) == 3


def test_asking_twice_for_a_mail_brings_one_until_some_minutes_have_passed(world: World) -> None:
    world.enrol()
    world.next_lesson()
    assert "one copy is enough" not in page_without_script(world, "mail")[1]
    world.clock.forward(minutes=6)
    status, text = page_without_script(world, "mail")
    assert status == 200
    assert "on its way to ada@example.org" in text
    assert "one copy is enough" in text, "it still waits to be sent"
    world.step()
    world.forward(minutes=1)
    page_without_script(world, "mail")
    world.person.post(f"{lesson(world, 2)}/mail")
    world.step()
    assert [mail.day for mail in world.mails("again")] == [1, 2], "another lesson is another wish"
    world.forward(minutes=5)
    assert "one copy is enough" not in page_without_script(world, "mail")[1]
    world.step()
    assert [mail.day for mail in world.mails("again")] == [1, 2, 1]


def test_a_lesson_is_mailed_again_three_times_a_day_and_not_to_who_left(world: World) -> None:
    world.enrol()
    for _ in range(3):
        assert page_without_script(world, "mail")[0] == 200
        world.step()
        world.clock.forward(minutes=6)
    status, text = page_without_script(world, "mail")
    assert status == 422
    assert "ask again tomorrow" in text
    world.clock.forward(hours=25)
    assert page_without_script(world, "mail")[0] == 200
    world.person.post(world.unsubscribe_url())
    status, text = page_without_script(world, "mail")
    assert status == 422
    assert "You have left this course" in text
    assert len(world.rows()["delivery"]) == 2 + 1 + 4


def test_a_forwarded_lesson_gives_nothing_of_the_learner_away(world: World) -> None:
    world.enrol(name="Ada Lovelace")
    page_without_script(world, "note", words="mine alone", shown="")
    link = re.search(r'value="(http[^"]+/read/[^"]+)"', world.person.look(lesson(world)).text)
    assert link
    page = world.person.look(link[1])
    assert page.status == 200
    article = re.search(r'href="(/read/[^"]+/articles/flour)"', page.text)
    assert article
    for shown in (page, world.person.look(article[1])):
        assert shown.status == 200
        assert f"/courses/{SLUG}" in shown.text
        for secret in ("Ada", "mine alone", "/learn/", "<form", "ada@example.org"):
            assert secret not in shown.text


def test_no_other_link_opens_a_forwarded_lesson_and_it_opens_nothing_else(world: World) -> None:
    world.enrol()
    signer, enrolment = world.runtime.signer, world.look_up()
    shared = signer.shared(1, "dough-1")
    for token in (signer.learn(enrolment.id, 0), signer.unsubscribe(1), f"{shared}x", shared[:-1]):
        assert world.person.look(f"/read/{token}").status == 404
    for place in (f"/learn/{shared}", f"/unsubscribe/{shared}", f"/read/{shared}/articles/none"):
        assert world.person.look(place).status == 404
    assert world.person.look(f"/read/{signer.shared(1, 'withdrawn-since')}").status == 404
    assert world.person.look(f"/read/{signer.shared(999, 'dough-1')}").status == 404


def test_a_withdrawn_lesson_stays_with_who_began_with_it(world: World) -> None:
    world.enrol()
    (world.lessons_dir / SLUG / "1-dough-1.md").unlink()
    world.publish()
    assert page_without_script(world, "note", words="still mine", shown="")[0] == 200
    assert page_without_script(world, "complete")[0] == 200
    assert len(world.rows()["completion"]) == 1


def test_no_deed_is_taken_for_a_lesson_that_has_not_come_or_a_link_that_is_not_ours(world: World) -> None:
    world.enrol()
    before, own = world.rows(), world.learn_url()
    places = (lesson(world, 2), f"{own}/none", f"{own}x/dough-1", "/learn/x/dough-1")
    for place, deed in product(places, ("watch", "note", "feedback", "mail", "uncomplete")):
        assert world.person.post(f"{place}/{deed}", {"words": "x", "score": "1"}).status == 404
    assert world.rows() == before


YOUTUBE = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


def test_only_a_page_with_another_sites_video_may_frame_its_player(world: World) -> None:
    world.enrol()
    client = world.app.test_client()
    assert "youtube" not in client.get(lesson(world)).headers["Content-Security-Policy"]
    file = world.lessons_dir / SLUG / "1-dough-1.md"
    file.write_text(file.read_text().replace("media/knead.mp4", YOUTUBE))
    world.publish()
    answer = client.get(lesson(world))
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-src https://www.youtube-nocookie.com https://player.vimeo.com;" in policy
    assert "<iframe" not in answer.text
    assert f'href="{YOUTUBE}"' in answer.text
    assert "youtube-nocookie.com/embed/dQw4w9WgXcQ" in answer.text


def test_authors_see_what_was_thought_without_names(world: World) -> None:
    world.enrol()
    page_without_script(world, "feedback", score="3", words="More on rye.")
    with world.runtime.db.read() as session:
        numbers = course_stats(session, SLUG)
    assert numbers["lessons"][0]["scores"] == {"1": 0, "2": 0, "3": 1}
    assert numbers["lessons"][0]["said"] == [{"on": "2026-03-23", "words": "More on rye."}]
