"""What a learner leaves beside a lesson, has mailed again or takes back: twice, late, and with nonsense."""

import re
from itertools import product

import pytest

from course.enrolment.privacy import export
from course.reports.numbers import course_stats
from tests.support.world.sample_course import DAYS, SLUG
from tests.support.world.world import House
from tests.web.learner.test_lessons import lesson, take_all

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

VIDEO = "media/knead.mp4"


def page_without_script(house: House, deed: str, **fields: str) -> tuple[int, str]:
    page = house.person.post(f"{lesson(house)}/{deed}", fields)
    return page.status, page.text


def edition(house: House) -> str:
    """Which text of the note the page shows."""
    found = re.search(r'name="shown" value="(\w*)"', house.person.look(lesson(house)).text)
    assert found
    return found[1]


def test_a_note_is_kept_shown_exported_and_gone_when_it_is_emptied(house: House) -> None:
    house.enrol()
    page_without_script(house, "note", words="<b>Rye</b>\r\nnot wheat\0", shown=edition(house))
    assert "&lt;b&gt;Rye&lt;/b&gt;\nnot wheat</textarea>" in house.person.look(lesson(house)).text
    with house.runtime.db.read() as session:
        held = export(session, house.look_up().learner_id)
    assert held["courses"][0]["notes"][0]["words"] == "<b>Rye</b>\nnot wheat"
    page_without_script(house, "note", words="  \r\n", shown=edition(house))
    assert not house.rows()["note"]


def test_a_note_that_is_too_long_is_given_back_whole_and_the_kept_one_stays(house: House) -> None:
    house.enrol()
    page_without_script(house, "note", words="short", shown=edition(house))
    status, text = page_without_script(house, "note", words="ü" * 10_001, shown=edition(house))
    assert status == 422
    assert "10,001 characters" in text
    assert "ü" * 10_001 in text
    assert house.rows()["note"][0]["words"] == "short"


def test_of_two_windows_the_last_note_wins_and_the_other_is_shown_once(house: House) -> None:
    house.enrol()
    opened = edition(house)
    page_without_script(house, "note", words="from the first window", shown=opened)
    status, text = page_without_script(house, "note", words="from the second", shown=opened)
    assert status == 200
    assert "from the first window</pre>" in text
    assert "from the second</textarea>" in text
    _, again = page_without_script(house, "note", words="from the second", shown=opened)
    assert "It replaced this one" not in again
    assert house.rows()["note"][0]["words"] == "from the second"


def test_what_was_seen_of_a_video_adds_up_over_visits_and_counts_in_the_time_left(house: House) -> None:
    house.enrol()
    before = house.person.look(lesson(house)).text
    for stopped_at, seen in (("130", "3ffffff"), ("20", "f")):
        page_without_script(house, "watch", video=VIDEO, stopped_at=stopped_at, seen=seen)
    row = house.rows()["watch"][0]
    assert (row["stopped_at_seconds"], row["seen"]) == (20, "3ffffff")
    page = house.person.look(lesson(house)).text
    assert "Go on at 0:20" in page
    assert minutes_left(page) == minutes_left(before) - 2


def minutes_left(page: str) -> int:
    found = re.search(r"(\d+) of \d+ minutes left", page)
    assert found
    return int(found[1])


def test_nobody_has_seen_more_of_a_video_than_there_is(house: House) -> None:
    house.enrol()
    page_without_script(house, "watch", video=VIDEO, stopped_at="999999", seen="f" * 4000)
    row = house.rows()["watch"][0]
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


def test_a_nonsense_report_of_a_video_changes_nothing(house: House) -> None:
    house.enrol()
    for fields, status in NONSENSE:
        assert page_without_script(house, "watch", **fields)[0] == status
    assert not house.rows()["watch"]


def test_an_opinion_takes_one_tap_a_sentence_if_one_likes_and_can_be_taken_back(house: House) -> None:
    house.enrol()
    page_without_script(house, "feedback", score="2")
    page_without_script(house, "feedback", score="2", words="More on rye.")
    _, text = page_without_script(house, "feedback", score="3")
    assert 'value="3" aria-pressed="true"' in text
    row = house.rows()["feedback"][0]
    assert (row["score"], row["words"]) == (3, "More on rye.")
    page_without_script(house, "feedback", score="3", remove="1")
    assert not house.rows()["feedback"]


def test_an_opinion_that_is_none_of_the_three_is_not_taken(house: House) -> None:
    house.enrol()
    for score in ("0", "4", "", "three", "9" * 5000):
        status, text = page_without_script(house, "feedback", score=score)
        assert status == 422
        assert "Please choose one of the three." in text
    assert not house.rows()["feedback"]


def test_a_completion_can_be_taken_back_and_the_plan_follows(house: House) -> None:
    house.enrol()
    house.person.post(f"{house.learn_url()}/settings", {"pace": "on-completion"})
    page_without_script(house, "complete")
    for _ in range(2):
        status, text = page_without_script(house, "uncomplete")
        assert status == 200
        assert "Mark day 1 complete" in text
    assert not house.rows()["completion"]
    house.step()
    assert len(house.mails("lesson")) == 1


def test_a_certificate_stays_when_a_day_is_taken_back_and_comes_no_second_time(house: House) -> None:
    take_all(house)
    house.step()
    certificate = house.rows()["certificate"]
    page = house.person.post(f"{lesson(house, DAYS)}/uncomplete")
    assert "Open the certificate" in page.text
    assert f"Mark day {DAYS} complete" in page.text
    house.person.post(f"{lesson(house, DAYS)}/complete")
    house.step()
    assert house.rows()["certificate"] == certificate
    assert len(house.mails("finished")) == 1


def test_a_lesson_is_mailed_again_on_request_and_counts_as_one_lesson(house: House) -> None:
    house.enrol()
    house.next_lesson()
    before = house.look_up().due_at
    _, text = page_without_script(house, "mail")
    assert "on its way to ada@example.org" in text
    house.step()
    again = house.mails("again")
    assert len(again) == 1
    assert again[0].text.count("Day 1 of 3") == 1
    assert again[0].html.count("Day 1 of 3") == 1
    assert "Tomorrow" not in again[0].text
    assert house.look_up().due_at == before
    assert len(house.mails("lesson")) == 2
    house.next_lesson()
    assert len(house.mails("lesson")) == 3


def test_asking_twice_for_a_mail_brings_one_until_some_minutes_have_passed(house: House) -> None:
    house.enrol()
    house.next_lesson()
    assert "one copy is enough" not in page_without_script(house, "mail")[1]
    house.clock.forward(minutes=6)
    status, text = page_without_script(house, "mail")
    assert status == 200
    assert "on its way to ada@example.org" in text
    assert "one copy is enough" in text, "it still waits to be sent"
    house.step()
    house.forward(minutes=1)
    page_without_script(house, "mail")
    house.person.post(f"{lesson(house, 2)}/mail")
    house.step()
    assert [mail.day for mail in house.mails("again")] == [1, 2], "another lesson is another wish"
    house.forward(minutes=5)
    assert "one copy is enough" not in page_without_script(house, "mail")[1]
    house.step()
    assert [mail.day for mail in house.mails("again")] == [1, 2, 1]


def test_a_lesson_is_mailed_again_three_times_a_day_and_not_to_who_left(house: House) -> None:
    house.enrol()
    for _ in range(3):
        assert page_without_script(house, "mail")[0] == 200
        house.step()
        house.clock.forward(minutes=6)
    status, text = page_without_script(house, "mail")
    assert status == 422
    assert "ask again tomorrow" in text
    house.clock.forward(hours=25)
    assert page_without_script(house, "mail")[0] == 200
    house.person.post(house.unsubscribe_url())
    status, text = page_without_script(house, "mail")
    assert status == 422
    assert "You have left this course" in text
    assert len(house.rows()["delivery"]) == 2 + 1 + 4


def test_a_forwarded_lesson_gives_nothing_of_the_learner_away(house: House) -> None:
    house.enrol(name="Ada Lovelace")
    page_without_script(house, "note", words="mine alone", shown="")
    link = re.search(r'value="(http[^"]+/read/[^"]+)"', house.person.look(lesson(house)).text)
    assert link
    page = house.person.look(link[1])
    assert page.status == 200
    article = re.search(r'href="(/read/[^"]+/articles/flour)"', page.text)
    assert article
    for shown in (page, house.person.look(article[1])):
        assert shown.status == 200
        assert f"/courses/{SLUG}" in shown.text
        for secret in ("Ada", "mine alone", "/learn/", "<form", "ada@example.org"):
            assert secret not in shown.text


def test_no_other_link_opens_a_forwarded_lesson_and_it_opens_nothing_else(house: House) -> None:
    house.enrol()
    signer, enrolment = house.runtime.signer, house.look_up()
    shared = signer.shared(1, "dough-1")
    for token in (signer.learn(enrolment.id, 0), signer.unsubscribe(1), f"{shared}x", shared[:-1]):
        assert house.person.look(f"/read/{token}").status == 404
    for place in (f"/learn/{shared}", f"/unsubscribe/{shared}", f"/read/{shared}/articles/none"):
        assert house.person.look(place).status == 404
    assert house.person.look(f"/read/{signer.shared(1, 'withdrawn-since')}").status == 404
    assert house.person.look(f"/read/{signer.shared(999, 'dough-1')}").status == 404


def test_a_withdrawn_lesson_stays_with_who_began_with_it(house: House) -> None:
    house.enrol()
    (house.lessons_dir / SLUG / "1-dough-1.md").unlink()
    house.publish()
    assert page_without_script(house, "note", words="still mine", shown="")[0] == 200
    assert page_without_script(house, "complete")[0] == 200
    assert len(house.rows()["completion"]) == 1


def test_no_deed_is_taken_for_a_lesson_that_has_not_come_or_a_link_that_is_not_ours(house: House) -> None:
    house.enrol()
    before, own = house.rows(), house.learn_url()
    places = (lesson(house, 2), f"{own}/none", f"{own}x/dough-1", "/learn/x/dough-1")
    for place, deed in product(places, ("watch", "note", "feedback", "mail", "uncomplete")):
        assert house.person.post(f"{place}/{deed}", {"words": "x", "score": "1"}).status == 404
    assert house.rows() == before


YOUTUBE = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


def test_only_a_page_with_another_sites_video_may_frame_its_player(house: House) -> None:
    house.enrol()
    client = house.app.test_client()
    assert "youtube" not in client.get(lesson(house)).headers["Content-Security-Policy"]
    file = house.lessons_dir / SLUG / "1-dough-1.md"
    file.write_text(file.read_text().replace("media/knead.mp4", YOUTUBE))
    house.publish()
    answer = client.get(lesson(house))
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-src https://www.youtube-nocookie.com https://player.vimeo.com;" in policy
    assert "<iframe" not in answer.text
    assert f'href="{YOUTUBE}"' in answer.text
    assert "youtube-nocookie.com/embed/dQw4w9WgXcQ" in answer.text


def test_authors_see_what_was_thought_without_names(house: House) -> None:
    house.enrol()
    page_without_script(house, "feedback", score="3", words="More on rye.")
    with house.runtime.db.read() as session:
        numbers = course_stats(session, SLUG)
    assert numbers["lessons"][0]["scores"] == {"1": 0, "2": 0, "3": 1}
    assert numbers["lessons"][0]["said"] == [{"on": "2026-03-23", "words": "More on rye."}]
