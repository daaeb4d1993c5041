"""The mailbox, read for real: every mail is heard once, whatever breaks off in between."""

import logging
import socket
import threading
from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy.exc import OperationalError

from mailer.bounces import hear as hearing
from mailer.bounces import reading
from mailer.bounces.imap import Mailbox, MailboxAway, opened, trouble
from mailer.bounces.reading import Reader, begin_reading, read_unread
from mailer.bounces.understand import Understood, understand
from mailer.return_path import BounceMailbox, parse_mailbox
from mailer.runtime import own_mailbox
from tests.mailer.bounces.conftest import Open
from tests.mailer.bounces.imap_server import ImapServer
from tests.mailer.bounces.test_heard import ADA, lesson_sent, report, struck_off
from tests.mailer.bounces.test_reports import CASES
from tests.support.waiting import wait_for
from tests.support.world.world import World


@pytest.fixture
def world(open_world: Open, imap_server: ImapServer) -> World:
    return open_world(imap_server.url)


def mailbox_of(world: World) -> BounceMailbox:
    mailbox = own_mailbox(world.runtime.settings)
    assert mailbox is not None
    return mailbox


def read(world: World) -> list[str]:
    return read_unread(world.runtime, mailbox_of(world))


def test_all_there_is_is_read_and_then_no_more(world: World, imap_server: ImapServer) -> None:
    delivery = lesson_sent(world)
    imap_server.put(*(report(case.who, delivery) for case in CASES if case.mail.strip()))
    assert len(read(world)) == len(CASES) - 1
    assert struck_off(world) == [ADA]
    before = world.rows()
    assert (imap_server.unread(), read(world), world.rows()) == (0, [], before)


def test_a_pass_ends_after_a_number_and_the_next_goes_on(
    world: World, imap_server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_MAILS", 2)
    imap_server.put(*[b"Subject: hello\n\nhello\n"] * 5)
    assert [len(read(world)) for _ in range(4)] == [2, 2, 1, 0]


def test_a_mail_that_cannot_be_dealt_with_stops_no_other(
    world: World, imap_server: ImapServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumbling(raw: bytes, mailbox: BounceMailbox | None, now: datetime) -> Understood:
        if b"poison" in raw:
            raise RecursionError(ADA)
        return understand(raw, mailbox, now)

    monkeypatch.setattr(hearing, "understand", stumbling)
    imap_server.put(b"Subject: poison\n\n", report("qmail", lesson_sent(world)))
    assert "could not be dealt with" in read(world)[0]
    assert (struck_off(world), imap_server.unread()) == ([ADA], 0)
    assert "RecursionError" in caplog.text
    assert ADA not in caplog.text


def test_what_was_not_recorded_is_read_again(
    world: World, imap_server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    imap_server.put(report("qmail", lesson_sent(world)))
    with monkeypatch.context() as patched:

        def away(*_: object) -> None:
            raise OperationalError("", {}, Exception("away"))

        patched.setattr(hearing, "record_events", away)
        with pytest.raises(OperationalError):
            read(world)
    assert imap_server.unread() == 1
    assert "recorded" in read(world)[0]
    assert (struck_off(world), imap_server.unread()) == ([ADA], 0)


def test_what_was_recorded_and_not_marked_changes_nothing_again(
    world: World, imap_server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    imap_server.put(report("qmail", lesson_sent(world)))

    def cut_off(self: Mailbox, number: str) -> None:
        raise ConnectionResetError

    with monkeypatch.context() as patched:
        patched.setattr(Mailbox, "mark", cut_off)
        with pytest.raises(MailboxAway):
            read(world)
    before = world.rows()
    assert "known already" in read(world)[0]
    assert (world.rows(), imap_server.unread()) == (before, 0)


def test_a_mailbox_that_is_away_is_said_once_and_once_that_it_is_back(
    world: World, imap_server: ImapServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    reader = Reader(world.runtime, mailbox_of(world))
    imap_server.stop()
    for _ in range(3):
        reader.look()
    assert caplog.text.count("cannot be read") == 1
    imap_server.start()
    imap_server.put(report("qmail", lesson_sent(world)))
    for _ in range(2):
        reader.look()
    assert caplog.text.count("can be read again") == 1
    assert struck_off(world) == [ADA]


def test_a_thread_beside_the_clock_reads_until_it_is_stopped(world: World, imap_server: ImapServer) -> None:
    imap_server.put(report("qmail", lesson_sent(world)))
    stop = threading.Event()
    begin_reading(world.runtime, stop)
    [thread] = [one for one in threading.enumerate() if one.name == "bounces"]
    wait_for(lambda: imap_server.unread() == 0)
    stop.set()
    thread.join()
    assert struck_off(world) == [ADA]


def test_only_one_reads_at_a_time(world: World) -> None:
    queue = world.runtime.queue
    with queue.alone("bounces", 60) as first, queue.alone("bounces", 60) as second:
        assert (first, second) == (True, False)
    with queue.alone("bounces", 60) as third:
        assert third


def test_a_wrong_password_is_told_and_none_is_shown(imap_server: ImapServer) -> None:
    wrong = parse_mailbox(imap_server.url.replace("secret", "wr0ng"), "")
    assert trouble(parse_mailbox(imap_server.url, "")) == ""
    assert trouble(wrong)
    assert "wr0ng" not in trouble(wrong)
    assert "wr0ng" not in repr(wrong)
    assert "SELECT" in trouble(parse_mailbox(f"{imap_server.url}/none", ""))


@pytest.fixture
def mute(servers: None) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(mute: int) -> None:
    mailbox = parse_mailbox(f"imap://bounces:x@127.0.0.1:{mute}", "example.org")
    with pytest.raises(MailboxAway), opened(mailbox, patience=0.2):
        pass
