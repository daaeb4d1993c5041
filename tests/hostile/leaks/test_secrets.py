"""Each secret has words that stand nowhere else: in no log, page, metric, error, job in Redis, nor what a command
says."""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from course.errors import SettingsError
from mailer.settings import load
from tests.hostile.ground.people import ADA, House, move_in
from tests.hostile.ground.routes import ENDS_IT, routes
from tests.hostile.scale import note
from tests.support.author.studio import USERS, ask, newest_link, sign_in, work_off
from tests.support.servers.ports import free_port
from tests.support.servers.redis_server import RedisServer
from tests.support.world.person import FIREFOX, AppBrowser
from tests.support.world.sample_course import write_sample
from tests.support.world.settings import SETTINGS
from tests.support.world.world import ALREADY_PUBLISHED, World
from web.commands import dayletter

SECRET, PASSWORD = "canary-of-the-secret-key-0123456789", "canary-of-the-mail-password"
KEY = "SG.canary-of-the-api-key"
DATABASE_PASSWORD = "canary-of-the-database-password"
COMMANDS = (
    ("doctor",), ("doctor", "--json"), ("stats", "bread-at-home", "--json"), ("explain", ADA),
    ("hold", "--why", "a"), ("release",),
    ("learners", "export", "bread-at-home"), ("export", ADA), ("plan",), ("lint",),
    ("--version",),
    ("publish", "--dry-run"), ("history", "bread-at-home"), ("--help",), ("status",), ("purge", "--dry-run"),
)  # fmt: skip


@pytest.fixture
def marked(tmp_path: Path, sqlite_url: str, redis_server: RedisServer) -> Iterator[World]:
    """A house whose every secret is a canary; its mail goes to a server that is not there."""
    write_sample(tmp_path / "lessons")
    place = tmp_path / "var", sqlite_url, redis_server.url, tmp_path / "lessons"
    with closing(World(*place, ALREADY_PUBLISHED, SECRET_KEY=SECRET, STUDIO_USERS=USERS)) as world:
        yield world


def own_secrets(house: House) -> dict[str, str]:
    """What only its holder may see, by what it is. A learner's page shows their own links: those are left out."""
    return {"the secret key": SECRET, "its half": SECRET[:24], "the other half": SECRET[-24:]}


def held_in_redis(world: World) -> str:
    redis = world.runtime.queue.redis
    return "\n".join(repr((key, redis.dump(key))) for key in redis.scan_iter())


@contextmanager
def without(world: World, table: str) -> Iterator[None]:
    """So that every statement about it fails with all its parameters."""
    with world.runtime.db.write() as session:
        session.execute(text(f"ALTER TABLE {table} RENAME TO away"))
    try:
        yield
    finally:
        with world.runtime.db.write() as session:
            session.execute(text(f"ALTER TABLE away RENAME TO {table}"))


def test_no_log_page_or_job_tells_a_key_a_token_or_a_cookie(
    marked: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    house = move_in(marked)
    olga = sign_in(marked, "operator")
    browser = olga.browser
    assert isinstance(browser, AppBrowser)
    cookie = browser.client.get_cookie("dayletter_studio", path="/studio")
    assert cookie is not None
    ask(marked, olga, "olga@example.org")
    link = newest_link(marked).rpartition("/")[2]
    tokens = {f"a token to {kind}": token for kind, all_ in house.keys[ADA].items() for token in all_}
    secrets = own_secrets(house) | {"a studio session": cookie.value, "a link into the studio": link}
    told: list[str] = []
    answers = 0
    for table in ("", "learner", "enrolment", "delivery", "event", "studio_session"):
        with without(marked, table) if table else closing(open("/dev/null")):  # noqa: PTH123
            for route in routes(marked.app):
                if (
                    route.endpoint in (ENDS_IT, "inbox.mail", "inbox.html", "inbox.inbox")
                    or ".leave" in route.endpoint
                ):
                    continue
                token = house.keys[ADA].get(route.way.opener, ["none"])[-1] if route.way else link
                path = house.path(route, ADA, token)
                answer = browser.client.open(path, method=route.method, headers=FIREFOX)
                answers += 1
                page = answer.get_data(as_text=False).decode("utf-8", "replace") + str(answer.headers)
                # The way in carries its own token from the page to its button; a session may be given anew.
                own = secrets if "signing_in" not in route.endpoint else own_secrets(house)
                told += [f"{route.endpoint} shows {what}" for what, word in own.items() if word in page]
                answer.close()
    work_off(marked)
    logs, jobs = caplog.text, held_in_redis(marked)
    journals = "".join(file.read_text() for file in marked.runtime.journals.glob("*") if file.is_file())
    for place, words in (("a log", logs), ("Redis", jobs), ("a journal", journals)):
        told += [f"{place} tells {what}" for what, word in (secrets | tokens).items() if word in words]
    note("canaries of keys, tokens and cookies", tries=answers, findings=len(told))
    assert told == []


@pytest.mark.parametrize(
    "mail",
    [
        {"MAIL_URL": f"smtp://user:{PASSWORD}@127.0.0.1:{{port}}?tls=none"},
        {"MAIL_URL": "sendgrid:", "SENDGRID_API_KEY": KEY, "SENDGRID_API_URL": "http://127.0.0.1:{port}"},
    ],
    ids=["smtp", "sendgrid"],
)
def test_no_command_tells_a_password_or_a_key(
    house: House, mail: dict[str, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    settings, port = house.world.runtime.settings, free_port()
    environment = {
        **SETTINGS,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": f"redis://:{DATABASE_PASSWORD}@127.0.0.1:{free_port()}/0",
        "VAR_DIR": str(settings.var_dir),
        "LESSONS_DIR": str(house.world.lessons_dir),
        "SECRET_KEY": SECRET,
        "STUDIO_USERS": USERS,
        "BASE_URL": "http://127.0.0.1:8000",
        **{name: value.format(port=port) for name, value in mail.items()},
    }
    for name in ("CLOCK", "TRACKING"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    told, secrets = [], {"SECRET_KEY": SECRET, "password": PASSWORD, "key": KEY, "database": DATABASE_PASSWORD}
    for command in COMMANDS:
        result = CliRunner().invoke(dayletter, command)
        said = result.output + repr(result.exception) + repr(getattr(result.exception, "__cause__", ""))
        told += [f"{' '.join(command)} tells {name}" for name, word in secrets.items() if word in said]
    told += [f"a log tells {name}" for name, word in secrets.items() if word in caplog.text]
    note("canaries in commands", tries=len(COMMANDS), findings=len(told))
    assert told == []


OF_A_SITE = {"BASE_URL": "https://courses.example.org", "STUDIO_USERS": USERS}
WRONG = (
    {"MAIL_URL": f"smtp://user:{PASSWORD}@mail.example.org:port?tls=starttls"},
    {"MAIL_URL": f"smtp://user:{PASSWORD}@mail.example.org:25?tls=never"},
    {"MAIL_URL": f"smtps://user:{PASSWORD}@mail.example.org"},
    {"MAIL_URL": f"smtp://user:{PASSWORD}/with/slashes@mail.example.org:25"},
    {"MAIL_URL": f"smtp://user:{PASSWORD}#hash@mail.example.org:25"},
    {"DATABASE_URL": f"mysql://u:{DATABASE_PASSWORD}@db.example.org/x"},
    {"DATABASE_URL": f"postgresql://u:{DATABASE_PASSWORD}@db.example.org:port/x"},
    {"DATABASE_URL": f"postgresql://u:{DATABASE_PASSWORD}@[::1/x"},
    {"DATABASE_URL": f"u:{DATABASE_PASSWORD}@db.example.org/x"},
    {"REDIS_URL": f"http://:{DATABASE_PASSWORD}@redis.example.org"},
    {"REDIS_URL": f"redis://:{DATABASE_PASSWORD}@redis.example.org:port/0"},
    {"SECRET_KEY": "canary-short"},
    {"SECRET_KEY": f"canary-short,{SECRET}"},
    {"MAIL_URL": "sendgrid:", "SENDGRID_API_KEY": f"{KEY}\n"},
    {"MAIL_URL": "sendgrid:", "SENDGRID_API_KEY": KEY, "SENDGRID_API_URL": f"ftp://u:{PASSWORD}@x"},
    {"MAIL_BOUNCES": f"imap://user:{PASSWORD}@mail.example.org:port"},
    {"MAIL_BOUNCES": f"pop://user:{PASSWORD}@mail.example.org"},
    {"DKIM_KEY": "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----", "DKIM_SELECTOR": "a"},
    {"BASE_URL": f"https://u:{PASSWORD}@courses.example.org"},
    # These are right, and shown by mistake.
    {"DATABASE_URL": f"postgresql://u:{DATABASE_PASSWORD}@db.example.org/x", "SECRET_KEY": SECRET},
    {"REDIS_URL": f"redis://:{DATABASE_PASSWORD}@redis.example.org/0"},
    {"MAIL_URL": f"smtp://user:{PASSWORD}@mail.example.org:587", **OF_A_SITE},
)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_setting_is_told_without_its_secret(wrong: dict[str, str], tmp_path: Path) -> None:
    try:
        settings = load({**SETTINGS, "VAR_DIR": str(tmp_path), "LESSONS_DIR": str(tmp_path), **wrong})
    except SettingsError as problem:
        said = f"{problem!s} {problem!r} {json.dumps([str(part) for part in problem.args])}"
    else:
        said = repr(settings)
    assert re.findall(r"canary[\w-]*", said) == []
