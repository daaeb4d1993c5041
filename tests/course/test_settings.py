"""The environment: every variable, right and wrong."""

import re
from contextlib import closing
from pathlib import Path

import pytest

from course.db import Database
from course.errors import SettingsError
from course.migrations.schema import migrate_database
from course.settings import Settings, environment, lessons_folder, var_folder
from mailer.settings import load

SECRET = "x" * 32
SMTP = {
    "SECRET_KEY": SECRET,
    "MAIL_URL": "smtp://u:p@mail.example.org:587?tls=starttls",
    "MAIL_FROM": "Courses <courses@example.org>",
    "MAIL_REPLY_TO": "answers@example.org",
    "POSTAL_ADDRESS": "1 Street",
}


def settings(**given: str) -> Settings:
    return load({"SECRET_KEY": SECRET} | given)


def problems(given: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        load(given)
    return refused.value.problems


def named(given: dict[str, str]) -> list[str]:
    return [problem.partition(":")[0] for problem in problems(given)]


def test_with_a_secret_alone_the_defaults_are_those_of_the_contract() -> None:
    found = settings()
    var = Path("var").absolute()
    assert found.database_url == f"sqlite:///{var / 'dayletter.sqlite'}"
    assert found.redis_url is None
    assert found.base_url == "http://127.0.0.1:8000"
    assert found.secrets == (SECRET,)
    assert (found.mail.url, found.outbox) == ("outbox:", var / "outbox")
    assert found.uncertain_after == 1800
    assert (found.lessons_dir, found.var_dir) == (Path("lessons").absolute(), var)
    assert (found.clock, found.tracking) == (None, "on")
    assert [str(network) for network in found.trusted_proxies] == ["127.0.0.0/8", "::1/128"]
    assert found.studio_users == {"operator@example.org": "operator"}
    assert "@" in found.mail_from
    assert "@" in found.mail_reply_to
    assert found.postal_address


def test_everything_that_is_wrong_is_told_at_once() -> None:
    wrong = {
        "DATABASE_URL": "mysql://x",
        "REDIS_URL": "http://x",
        "BASE_URL": "example.org",
        "SECRET_KEY": "short",
        "MAIL_URL": "pigeon:",
        "MAIL_FROM": "nobody",
        "MAIL_REPLY_TO": "nobody",
        "SENDGRID_API_URL": "api.sendgrid.com",
        "SENDGRID_WEBHOOK_KEY": "-----BEGIN",
        "UNCERTAIN_AFTER": "soon",
        "STUDIO_USERS": "a@x.org:king",
        "CLOCK": "noon",
        "TRACKING": "maybe",
        "TRUSTED_PROXIES": "everybody",
    }
    found = named(wrong)
    assert set(found) == {*wrong, "POSTAL_ADDRESS"}
    # The clock is wrong twice: what it says, and where mail would go.
    assert len(found) == len(wrong) + 2


def test_every_message_names_the_variable_and_says_what_to_write() -> None:
    wrong = {"MAIL_URL": "sendgrid:", "BASE_URL": "", "DATABASE_URL": "x", "STUDIO_USERS": "a", "TRACKING": "x"}
    for problem in problems(wrong):
        name, _, advice = problem.partition(": ")
        assert re.fullmatch("[A-Z_]+", name)
        assert "write" in advice or "is needed" in advice or "must be" in advice
        assert len(advice) > 20
        assert advice.endswith(".")


def test_an_error_of_settings_shows_a_line_for_each_problem() -> None:
    with pytest.raises(SettingsError) as refused:
        load({"TRACKING": "x"})
    assert len(str(refused.value).splitlines()) == 2


def test_blanks_count_as_missing() -> None:
    blank = dict.fromkeys(
        ("DATABASE_URL", "REDIS_URL", "BASE_URL", "MAIL_URL", "CLOCK", "TRACKING", "VAR_DIR"), "  "
    )
    assert settings(**blank) == settings()


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("postgres://u:p@h/n", "postgresql://u:p@h/n"),
        ("postgresql://u:p@h:5432/n", "postgresql://u:p@h:5432/n"),
        ("postgresql+psycopg://h/n", "postgresql+psycopg://h/n"),
        ("postgresql://postgres@/n?host=/run/pg", "postgresql://postgres@/n?host=/run/pg"),
        ("sqlite:////tmp/a.sqlite", "sqlite:////tmp/a.sqlite"),
    ],
)
def test_a_database_may_be_sqlite_or_postgresql(written: str, used: str) -> None:
    assert settings(DATABASE_URL=written).database_url == used


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://h:port/n"),
        ("DATABASE_URL", "postgresql+asyncpg://h/n"),
        ("DATABASE_URL", "var/dayletter.sqlite"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "redis://h:port"),
        ("REDIS_URL", "redis://:12#34@h"),
        ("DATABASE_URL", "postgresql://u:12#34@h/n"),
        ("BASE_URL", "courses.example.org"),
        ("BASE_URL", "ftp://example.org"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "https://example.org/courses"),
        ("BASE_URL", "https://example.org/?a=b"),
        ("BASE_URL", "https://example.org/#a"),
        ("BASE_URL", "http://[::1"),
        ("BASE_URL", "https://exa mple.org"),
        ("BASE_URL", "http://example.org:http"),
        ("SECRET_KEY", "x" * 15),
        ("SECRET_KEY", f"{SECRET},short"),
        ("SECRET_KEY", " , "),
        ("MAIL_FROM", "Dayletter"),
        ("MAIL_FROM", "A <a@b.org>\r\nBcc: c@d.org"),
        ("MAIL_FROM", "a b@x"),
        ("MAIL_FROM", "a@x.org, b@x.org"),
        ("MAIL_REPLY_TO", "replies"),
        ("MAIL_REPLY_TO", "A <a@x.org>, B <b@x.org>"),
        ("SENDGRID_API_URL", "ftp://x"),
        ("SENDGRID_API_URL", "http://[x"),
        ("SENDGRID_WEBHOOK_KEY", "not a key"),
        ("UNCERTAIN_AFTER", "-1"),
        ("UNCERTAIN_AFTER", "1.5"),
        ("UNCERTAIN_AFTER", "½"),
        ("UNCERTAIN_AFTER", "²"),
        ("UNCERTAIN_AFTER", "9" * 5000),
        ("STUDIO_USERS", "a@x.org"),
        ("STUDIO_USERS", "ada:operator"),
        ("STUDIO_USERS", "ada b@x.org:operator"),
        ("STUDIO_USERS", "a@x.org:Operator"),
        ("CLOCK", "2026-03-27T06:00:00@60"),
        ("CLOCK", "2026-03-27T06:00:00Z@0"),
        ("CLOCK", "2026-03-27T06:00:00Z@-5"),
        ("CLOCK", "2026-03-27T06:00:00Z@nan"),
        ("CLOCK", "2026-03-27T06:00:00Z@inf"),
        ("CLOCK", "2026-03-27T06:00:00Z@2000000"),
        ("CLOCK", "9999-12-31T23:59:59-12:00@1"),
        ("CLOCK", "tomorrow"),
        ("TRACKING", "ON"),
        ("TRUSTED_PROXIES", "proxy.example.org"),
    ],
)
def test_a_wrong_value_is_told_and_nothing_else(name: str, value: str) -> None:
    assert named({"SECRET_KEY": SECRET, name: value}) == [name]


@pytest.mark.parametrize(
    "name", ["a b", "a#b", "a?b", "100%", "a%20b", "a+b&c=d", "'ü'", "a/b c", f"{'very ' * 40}long"], ids=repr
)
def test_the_database_lies_in_var_dir_whatever_that_is_called(name: str, tmp_path: Path) -> None:
    folder = tmp_path / name
    with closing(Database(settings(VAR_DIR=str(folder)).database_url)) as database:
        migrate_database(database)
    assert (folder / "dayletter.sqlite").stat().st_size
    assert [path.name for path in tmp_path.iterdir()] == [name.partition("/")[0]]


def test_names_of_other_scripts_become_those_that_mail_and_links_can_hold() -> None:
    given = {"MAIL_FROM": "Bücher <kurs@bücher.example>", "MAIL_REPLY_TO": "hallo@bücher.example"}
    found = settings(BASE_URL="https://kurs.bücher.example/", STUDIO_USERS="Ada@Bücher.example:author", **given)
    assert found.base_url == "https://kurs.xn--bcher-kva.example"
    assert found.mail_from == "Bücher <kurs@xn--bcher-kva.example>"
    assert found.mail_reply_to == "hallo@xn--bcher-kva.example"
    assert found.studio_users == {"ada@xn--bcher-kva.example": "author"}


@pytest.mark.parametrize(
    "url",
    [
        "smtp://",
        "smtp:mail.example.org",
        "mail.example.org",
        "pigeon:",
        "smtp://[::1",
        "smtp://h:port",
        "smtp://h:99999",
        "smtp://user:12#34@host:587",
    ],
)
def test_a_mail_server_that_cannot_be_called_is_told(url: str) -> None:
    assert named(SMTP | {"MAIL_URL": url}) == ["MAIL_URL"]


def test_each_wrong_studio_user_is_told() -> None:
    assert named({"SECRET_KEY": SECRET, "STUDIO_USERS": "a@x.org:author, b, c@x.org:king"}) == ["STUDIO_USERS"] * 2


def test_studio_users_are_read_in_small_letters() -> None:
    found = settings(STUDIO_USERS="A@X.org:operator, b@x.org:author,c@x.org:viewer,")
    assert found.studio_users == {"a@x.org": "operator", "b@x.org": "author", "c@x.org": "viewer"}


def test_real_mail_needs_a_sender_a_place_for_answers_and_a_postal_address() -> None:
    needed = {"MAIL_FROM", "MAIL_REPLY_TO", "POSTAL_ADDRESS"}
    assert set(named({"SECRET_KEY": SECRET, "MAIL_URL": "smtp://h"})) == needed
    needed.add("SENDGRID_API_KEY")
    assert set(named({"SECRET_KEY": SECRET, "MAIL_URL": "sendgrid:"})) == needed


def test_real_mail_with_all_it_needs_is_taken() -> None:
    found = load(SMTP)
    assert (found.mail_from, found.postal_address, found.outbox) == (SMTP["MAIL_FROM"], "1 Street", None)


def test_a_secret_is_needed_and_read_from_where_up_keeps_it(tmp_path: Path) -> None:
    assert named({"VAR_DIR": str(tmp_path)}) == ["SECRET_KEY"]
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    assert load({"VAR_DIR": str(tmp_path)}).secrets == (SECRET,)
    assert load({"VAR_DIR": str(tmp_path), "SECRET_KEY": "y" * 32}).secrets == ("y" * 32,)


def test_other_commands_know_the_address_of_the_site_that_up_runs(tmp_path: Path) -> None:
    (tmp_path / "site.url").write_text("http://127.0.0.1:8123\n")
    assert settings(VAR_DIR=str(tmp_path)).base_url == "http://127.0.0.1:8123"
    assert settings(VAR_DIR=str(tmp_path), BASE_URL="https://x.org").base_url == "https://x.org"


def test_a_list_of_secrets_rotates() -> None:
    assert settings(SECRET_KEY=f" {'n' * 32} ,{'o' * 32},").secrets == ("n" * 32, "o" * 32)


def test_the_outbox_may_be_elsewhere() -> None:
    assert settings(MAIL_URL="outbox:/tmp/mails").outbox == Path("/tmp/mails")
    assert settings(VAR_DIR="/tmp/v").outbox == Path("/tmp/v/outbox")


def test_the_sites_address_ends_without_a_slash() -> None:
    assert settings(BASE_URL="https://example.org/").base_url == "https://example.org"


CLOCK = "2026-03-27T06:00:00Z@1440"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"MAIL_URL": "outbox:/tmp/x"},
        SMTP | {"MAIL_URL": "smtp://127.0.0.1:2525"},
        SMTP | {"MAIL_URL": "smtp://localhost"},
        SMTP | {"MAIL_URL": "smtp://[::1]:25"},
        SMTP | {"MAIL_URL": "sendgrid:", "SENDGRID_API_KEY": "k", "SENDGRID_API_URL": "http://127.0.0.1:9"},
    ],
)
def test_a_virtual_clock_goes_with_mail_that_stays_here(given: dict[str, str]) -> None:
    assert settings(CLOCK=CLOCK, **{k: v for k, v in given.items() if k != "SECRET_KEY"}).clock == CLOCK


@pytest.mark.parametrize(
    "given",
    [
        {"MAIL_URL": "smtp://mail.example.org"},
        {"MAIL_URL": "smtp://127.0.0.1.example.org"},
        {"MAIL_URL": "smtp://localhost@mail.example.org"},
        {"MAIL_URL": "sendgrid:", "SENDGRID_API_KEY": "k"},
        {"MAIL_URL": "sendgrid:", "SENDGRID_API_KEY": "k", "SENDGRID_API_URL": "https://localhost.example.org"},
    ],
)
def test_a_virtual_clock_is_refused_where_mail_would_go_out(given: dict[str, str]) -> None:
    assert named(SMTP | {"CLOCK": CLOCK} | given) == ["CLOCK"]


def test_the_environment_is_read_when_nothing_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.setenv("LESSONS_DIR", "/tmp/l")
    monkeypatch.setenv("VAR_DIR", "/tmp/v")
    assert (load().lessons_dir, load().var_dir) == (Path("/tmp/l"), Path("/tmp/v"))
    assert (lessons_folder(), var_folder()) == (Path("/tmp/l"), Path("/tmp/v"))
    assert environment()["SECRET_KEY"] == SECRET
    monkeypatch.delenv("LESSONS_DIR")
    monkeypatch.delenv("VAR_DIR")
    assert (lessons_folder(), var_folder()) == (Path("lessons"), Path("var"))
