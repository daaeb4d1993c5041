"""Several tabs, one learner: whatever is pressed at the same moment, nothing breaks and nothing comes twice."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.support.world.world import World

DEEDS = (
    *("next", "restart", "resume", "pause", "settings", "export"),
    *("dough-1/complete", "dough-1/uncomplete", "dough-1/note", "dough-2/complete"),
)
FIELDS = {"zone": "Asia/Tokyo", "hour": "9", "days": "3", "pace": "on-completion", "weekdays": "1", "note": "n"}


def press_together(world: World, deeds: Sequence[str]) -> list[int]:
    learn = world.learn_url()

    def press(deed: str) -> int:
        return world.app.test_client().post(f"{learn}/{deed}", data=FIELDS).status_code

    with ThreadPoolExecutor(8) as tabs:
        return list(tabs.map(press, deeds))


def test_one_button_in_eight_tabs_is_pressed_once(world: World) -> None:
    world.enrol()
    assert set(press_together(world, ["next"] * 8)) == {303}
    world.step()
    assert sorted(mail.day or 0 for mail in world.mails("lesson")) == [1, 2]


def test_a_lesson_asked_for_in_eight_tabs_is_mailed_again_once(world: World) -> None:
    world.enrol()
    assert set(press_together(world, ["dough-1/mail"] * 8)) == {303}
    world.step()
    assert len(world.mails("again")) == 1


def test_all_buttons_at_once_break_nothing_and_send_no_lesson_twice(world: World) -> None:
    world.enrol()
    assert max(press_together(world, DEEDS * 4)) < 500
    world.step()
    rows = world.rows()
    sent = Counter((row["enrolment_id"], row["kind"], row["occasion"]) for row in rows["delivery"])
    assert max(sent.values()) == 1
    assert sum(row["state"] != "restarted" for row in rows["enrolment"]) == 1
