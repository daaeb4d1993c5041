"""The development inbox: there with an outbox only, and nothing in a mail runs in it."""

from pathlib import Path

from tests.support.servers.redis_server import RedisServer
from tests.support.world.sample_course import write_sample
from tests.support.world.world import World


def test_each_mail_is_shown_in_every_view(world: World) -> None:
    assert "Nothing has been sent yet" in world.person.look("/inbox").text
    world.enrol(name="Zoë <script>alert(1)</script>")
    listed = world.person.look("/inbox").text
    for mail in world.mails():
        assert f"/inbox/{mail.delivery}" in listed
        for view in ("", "?view=html", "?width=phone", "?view=text", "?view=source", "?view=%00", "?view=none"):
            page = world.person.look(f"/inbox/{mail.delivery}{view}")
            assert page.status == 200
            assert "<script>alert" not in page.text


def test_the_list_shows_a_mails_first_words_and_not_the_lines_under_its_headings(world: World) -> None:
    world.enrol()
    listed = world.person.look("/inbox").text
    assert "Day 1 of" in listed
    assert "===" not in listed


def test_a_mails_html_may_run_nothing_and_be_framed_by_us_only(world: World) -> None:
    world.enrol()
    policy = world.person.look(f"/inbox/{world.mails('lesson')[0].delivery}/html").headers[
        "content-security-policy"
    ]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy


NO_MAILS: tuple[str, ...] = (
    "x",
    "..",
    "%2e%2e%2fsecret",
    "%00",
    "A" * 32,
    "0" * 32,
    "0" * 5000,
    "💌",
)


def test_only_names_of_mails_open_anything(world: World) -> None:
    world.enrol()
    for name in NO_MAILS:
        for place in (f"/inbox/{name}", f"/inbox/{name}/html"):
            assert world.app.test_client().get(place).status_code == 404


def test_where_mails_really_leave_there_is_no_inbox(
    tmp_path: Path, database_url: str, redis_server: RedisServer
) -> None:
    write_sample(tmp_path / "lessons")
    url = "smtp://127.0.0.1:1?tls=none"
    world = World(tmp_path / "var", database_url, redis_server.url, tmp_path / "lessons", MAIL_URL=url)
    assert world.person.look("/inbox").status == 404
    assert world.person.look(f"/inbox/{'0' * 32}").status == 404
    world.close()
