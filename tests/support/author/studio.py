"""Somebody of STUDIO_USERS at work, in a browser of their own without JavaScript."""

import re
from datetime import datetime

from course.ids import new_id
from course.models import StudioSession
from course.staff.signing_in import digest
from mailer import jobs
from tests.support.world.mails import Mail
from tests.support.world.person import AppBrowser, Page, Person
from tests.support.world.world import BASE_URL, World
from web.request import STUDIO_PATH
from web.studio.access.guard import COOKIE
from worker import open_worker

USERS = "olga@example.org:operator,arne@example.org:author,vera@example.org:viewer"
BY_ROLE = {"operator": "olga@example.org", "author": "arne@example.org", "viewer": "vera@example.org"}


def fresh_person(world: World) -> Person:
    return Person(AppBrowser(world.app), BASE_URL)


def work_off(world: World) -> None:
    """What waits in the queue is done by a real worker, in this process."""
    jobs.use(world.runtime)
    url = world.runtime.settings.redis_url
    assert url is not None
    open_worker(url).work(burst=True, logging_level="WARNING")


def ask(world: World, person: Person, email: str) -> Page:
    """Asks for a link, and has the mail sent if one is due."""
    page = person.submit(person.look("/studio/sign-in"), email=email)
    work_off(world)
    return page


def newest_link(world: World) -> str:
    return link_of(world.mails("sign-in")[-1])


def link_of(mail: Mail) -> str:
    return mail.link("/studio/sign-in/")


def code_on(page: Page) -> str:
    found = re.search(r"<code>(\d{3}) (\d{3})</code>", page.text)
    assert found, page.text
    return found[1] + found[2]


def session_of(world: World, role: str, now: datetime) -> dict[str, str]:
    """The cookie of somebody who has just signed in with this role; how that comes about is tested elsewhere."""
    secret = new_id()
    with world.runtime.db.write() as session:
        session.add(StudioSession(id=digest(secret), email=BY_ROLE[role], began_at=now, seen_at=now))
    return {COOKIE: secret}


def sign_in(world: World, role: str = "operator") -> Person:
    """A person who has just signed in with this role."""
    browser = AppBrowser(world.app)
    browser.client.set_cookie(COOKIE, session_of(world, role, world.clock.real())[COOKIE], path=STUDIO_PATH)
    return Person(browser, BASE_URL)
