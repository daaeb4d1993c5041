"""A site whose names are in another script sends mails that every server and every mail program takes."""

from contextlib import closing
from pathlib import Path

from tests.support.servers.redis_server import RedisServer
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.sample_course import write_sample
from tests.support.world.world import ALREADY_PUBLISHED, World

NAMES = {
    "BASE_URL": "https://kurs.bücher.example",
    "MAIL_FROM": "Bücher, Kurse <kurs@bücher.example>",
    "MAIL_REPLY_TO": "hallo@bücher.example",
}


def test_a_site_in_another_script_sends_headers_that_every_server_takes(
    tmp_path: Path, sqlite_url: str, redis_server: RedisServer, smtp_sink: SmtpSink
) -> None:
    write_sample(tmp_path / "lessons")
    place = tmp_path / "var", sqlite_url, redis_server.url, tmp_path / "lessons"
    with closing(World(*place, ALREADY_PUBLISHED, MAIL_URL=smtp_sink.url, **NAMES)) as world:
        world.register()
    mail = smtp_sink.mails[0]
    head = mail.raw.partition(b"\r\n\r\n")[0].decode("ascii")
    host = "xn--bcher-kva.example"
    assert mail.sender == f"kurs@{host}"
    assert f"Reply-To: hallo@{host}\r\n" in head
    assert f"<kurs@{host}>" in head
    assert f"List-Unsubscribe: <https://kurs.{host}/unsubscribe/" in head.replace("\r\n ", " ")
    assert f".{host}>" in head
    assert "=?" not in head, "the sample course has a sender in ASCII"
