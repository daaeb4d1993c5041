"""`dayletter doctor`: each finding is true, and says what to do."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mailer.checkup.line import of_provider
from mailer.providers.registry import open_provider
from mailer.sending.patience.hold import hold_sending
from mailer.settings import load
from tests.support.servers.sendgrid_sink import SendgridSink
from tests.support.servers.smtp_client import found_at, nobody, soon
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.settings import SECRET
from tests.support.world.world import World
from web.commands import dayletter

REAL = {"SECRET_KEY": SECRET, "MAIL_FROM": "a@x.org", "MAIL_REPLY_TO": "a@x.org", "POSTAL_ADDRESS": "1 Street"}


def doctor(**settings: str) -> Result:
    return CliRunner().invoke(dayletter, ["doctor", "--json"], env=settings)


def states(result: Result) -> dict[str, str]:
    return {finding["about"]: finding["state"] for finding in json.loads(result.output)}


def settings_of(world: World) -> dict[str, str]:
    settings = world.runtime.settings
    return {
        "SECRET_KEY": SECRET,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url or "",
        "VAR_DIR": str(settings.var_dir),
        "LESSONS_DIR": str(settings.lessons_dir),
    }


def test_a_house_in_order_is_good_until_sending_is_held(world: World) -> None:
    found = states(doctor(**settings_of(world)))
    # What this machine and the servers of the tests are, others have chosen: those are built to be quick.
    assert {about for about, state in found.items() if state != "good"} <= {"Python", "time zones", "database"}
    with world.runtime.db.write() as session:
        hold_sending(session, "we are moving world", world.clock.real())
    result = doctor(**settings_of(world))
    assert states(result)["hold"] == "warning"


@pytest.mark.server
def test_all_that_is_wrong_is_told_at_once_and_nothing_is_made(tmp_path: Path) -> None:
    var = tmp_path / "var"
    settings = {"SECRET_KEY": SECRET, "VAR_DIR": str(var), "LESSONS_DIR": str(tmp_path)}
    result = doctor(**settings, REDIS_URL="redis://127.0.0.1:1")
    found = states(result)
    assert (result.exit_code, found["database"], found["Redis"], found["lessons"]) == (1, "bad", "bad", "bad")
    assert not var.exists()


def test_wrong_settings_do_not_keep_it_from_looking_at_the_lessons(tmp_path: Path) -> None:
    result = doctor(VAR_DIR=str(tmp_path), TRACKING="maybe")
    assert (result.exit_code, states(result)) == (1, {"configuration": "bad", "lessons": "good"})


def trouble(**settings: str) -> str:
    return open_provider(load(REAL | settings)).trouble()


def test_a_mail_server_is_asked_and_gets_no_mail(smtp_sink: SmtpSink) -> None:
    assert trouble(MAIL_URL=smtp_sink.url) == ""
    assert not smtp_sink.mails
    assert "cannot connect" in trouble(MAIL_URL="smtp://127.0.0.1:1")


def test_an_address_that_does_not_let_us_in_is_told_with_those_that_do(
    smtp_sink: SmtpSink,
) -> None:
    with found_at([nobody("127.0.0.2"), smtp_sink.place], soon()) as smtp:
        good, doubt = of_provider(smtp, None)
    assert (good.state, good.said) == ("good", "It lets us in at 127.0.0.1.")
    assert doubt.state == "warning"
    assert doubt.said.startswith("It does not let us in at 127.0.0.2: cannot connect: ")


def test_a_key_that_may_not_send_is_told(sendgrid_sink: SendgridSink) -> None:
    settings = {"MAIL_URL": "sendgrid:", "SENDGRID_API_URL": sendgrid_sink.url}
    assert trouble(**settings, SENDGRID_API_KEY=sendgrid_sink.key) == ""
    assert "401" in trouble(**settings, SENDGRID_API_KEY="another")
    sendgrid_sink.scopes = ["stats.read"]
    assert "Mail Send" in trouble(**settings, SENDGRID_API_KEY=sendgrid_sink.key)
    assert "cannot reach" in trouble(**settings | {"SENDGRID_API_URL": "http://127.0.0.1:1"}, SENDGRID_API_KEY="k")


@pytest.mark.parametrize("name", ["outbox", "outbox/of/mails"])
def test_a_folder_is_looked_at_and_not_made(tmp_path: Path, name: str) -> None:
    assert trouble(MAIL_URL=f"outbox:{tmp_path / name}") == ""
    assert not (tmp_path / name).exists()
    (tmp_path / "outbox").write_text("a file")
    assert "cannot write" in trouble(MAIL_URL=f"outbox:{tmp_path / name}")
