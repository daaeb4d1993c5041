"""A pause in typing: from the draft of a long lesson to its findings and its mail, through the application."""

import re
import shutil
import time

from flask.testing import FlaskClient

from benchmarks.authoring import SHIPPED
from benchmarks.bench import Bench
from benchmarks.rows import Result, limited, repeated
from benchmarks.runtimes import sqlite_runtime
from course.ids import new_secret
from course.models import StudioSession
from course.staff.signing_in import digest
from mailer.runtime import Runtime
from web.app import create_app
from web.request import STUDIO_PATH
from web.studio.access.guard import COOKIE

WORDS = 3000
AUTHOR = "author@example.org"
EDITOR = f"{STUDIO_PATH}/courses/{SHIPPED.name}"


def run(bench: Bench) -> list[Result]:
    lessons = bench.folder()
    shutil.copytree(SHIPPED, lessons / SHIPPED.name)
    lesson = sorted((lessons / SHIPPED.name).glob("[1-9]-*.md"))[0]
    text = _long(lesson.read_text())
    with sqlite_runtime(bench, LESSONS_DIR=str(lessons), STUDIO_USERS=f"{AUTHOR}:author") as runtime:
        browser = _signed_in(runtime)
        page = browser.get(f"{EDITOR}/edit/{lesson.name}").get_data(as_text=True)
        found = re.search(r'data-token="([^"]+)"', page)
        headers = {"X-CSRFToken": found[1] if found else ""}

        def pause(number: int) -> float:
            fields = {"text": f"{text}\nAnd one more word, {number}.\n", "view": "desktop"}
            began = time.perf_counter()
            answer = browser.post(f"{EDITOR}/draft/{lesson.name}", data=fields, headers=headers)
            taken = (time.perf_counter() - began) * 1000
            if answer.status_code != 200 or f"one more word, {number}" not in answer.get_json()["html"]:
                raise RuntimeError(f"the draft was not shown: {answer.status}")
            return taken

        numbers = iter(range(10_000))
        pause(next(numbers))
        taken = repeated(10 * bench.rounds, lambda: pause(next(numbers)))
    return [limited(f"findings and mail of a draft of {WORDS:,} words", "ms", taken, "at most", 150)]


def _long(text: str) -> str:
    """The lesson, its own paragraphs repeated until it has so many words."""
    matter, body = text.rsplit("---\n", 1)
    times = -(-WORDS // len(body.split()))
    return f"{matter}---\n{body * times}"


def _signed_in(runtime: Runtime) -> FlaskClient:
    secret, now = new_secret(), runtime.clock.real()
    with runtime.db.write() as session:
        session.add(StudioSession(id=digest(secret), email=AUTHOR, began_at=now, seen_at=now))
    browser = create_app(runtime).test_client()
    browser.set_cookie(COOKIE, secret, path=STUDIO_PATH)
    return browser
