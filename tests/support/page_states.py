"""Every page a learner can come to, each in the states it has."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.house import House
from tests.support.sample_course import write_sample
from tests.support.site import LESSONS

SLUG = "career-mobility"


@dataclass(frozen=True, slots=True)
class PageState:
    """How to come to it: look at `path`, or post `fields` there; `status` is what the site answers with."""

    name: str
    path: str
    fields: Mapping[str, str] | None = None
    status: int = 200


def write_two_courses(lessons_dir: Path) -> None:
    """The course as shipped, and a second one so that there is something to choose."""
    shutil.copytree(LESSONS / SLUG, lessons_dir / SLUG)
    write_sample(lessons_dir).rename(lessons_dir / "sourdough")


def page_states(house: House) -> list[PageState]:
    """Fills an empty house of two courses with learners in every state. The last page erases one of them."""
    house.app.add_url_rule("/broken", view_func=broken)
    first, *_, last = (lesson.slug for lesson in house.course.lessons)
    _one_who_is_waited_for(house)
    serial = _one_who_finished(house)
    house.forward(days=8)
    for name in ("new", "waiting", "paused", "left", "again", "erased"):
        house.enrol(_email(name))
    _post(house, "waiting", f"{first}/complete")
    _post(house, "waiting", f"{first}/feedback", score="2")
    _post(house, "paused", "pause", days="7")
    house.person.post(house.unsubscribe_url(_email("left")))
    _post(house, "again", f"{first}/complete")
    _post(house, "again", "restart")
    house.register(_email("pending"))
    house.step()
    new = _learn(house, "new")
    shared = f"/read/{house.runtime.signer.shared(house.look_up(_email('new')).course_id, first)}"
    article = next(iter(house.course.lessons[0].articles))
    confirm = {mail.message["To"]: mail.link("/confirm/") for mail in house.mails("confirm")}
    return [
        PageState("list of courses", "/"),
        PageState("landing", f"/courses/{SLUG}"),
        PageState("landing, refused", f"/courses/{SLUG}/enrol", {"email": "ada@", "hour": "25"}, 422),
        PageState("check your inbox", f"/courses/{SLUG}/check-your-inbox"),
        PageState("confirm", _path(confirm[_email("pending")])),
        PageState("confirm, already", _path(confirm[_email("new")])),
        *(
            PageState(f"course page, {name}", _learn(house, name))
            for name in ("pending", "new", "waiting", "paused", "held", "finished", "left", "again")
        ),
        PageState(
            "course page, told", f"{_learn(house, 'waiting')}/settings", {"hour": "21", "zone": "Asia/Tokyo"}
        ),
        PageState("course page, refused", f"{new}/settings", {"hour": "25", "zone": "Mars"}, 422),
        PageState("lesson", f"{new}/{first}"),
        PageState("lesson, complete", f"{_learn(house, 'waiting')}/{first}"),
        PageState("last lesson", f"{_learn(house, 'finished')}/{last}"),
        PageState("article", f"{new}/articles/{article}"),
        PageState("lesson, not yet", f"{new}/{last}"),
        PageState("shared lesson", shared),
        PageState("shared article", f"{shared}/articles/{article}"),
        PageState("lost link", "/lost-link"),
        PageState("my links", f"{new}/settings/links"),
        PageState("my address", f"{new}/settings/address"),
        PageState("certificate", f"/certificates/{serial}"),
        PageState("unsubscribe", house.unsubscribe_url(_email("new"))),
        PageState("unsubscribed", house.unsubscribe_url(_email("left"))),
        PageState("inbox", "/inbox"),
        PageState("inbox, a mail", f"/inbox/{house.mails('lesson')[0].delivery}"),
        PageState("error 404", "/learn/cut-off", status=404),
        PageState("error 405", f"/courses/{SLUG}/enrol", status=405),
        PageState("error 413", f"{new}/settings", {"zone": "x" * 300_000}, 413),
        PageState("error 500", "/broken", status=500),
        PageState("erased", f"{_learn(house, 'erased')}/erase", {}),
    ]


def _one_who_is_waited_for(house: House) -> None:
    house.enrol(_email("held"))
    _post(house, "held", "settings", max_open="1")


def _one_who_finished(house: House) -> str:
    """The serial of the certificate."""
    house.enrol(_email("finished"))
    _post(house, "finished", "settings", pace="on-completion")
    for lesson in house.course.lessons:
        _post(house, "finished", f"{lesson.slug}/complete")
    return str(house.rows()["certificate"][0]["serial"])


def _post(house: House, name: str, deed: str, **fields: str) -> None:
    house.person.post(f"{_learn(house, name)}/{deed}", fields)
    house.step()


def _learn(house: House, name: str) -> str:
    return house.learn_url(_email(name))


def _email(name: str) -> str:
    return f"{name}@example.org"


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def broken() -> str:
    raise RuntimeError("as a fault of ours would")
