"""A report that came back by mail does to a learner's lessons what the same words over SMTP would have done."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from course.models import Delivery, Suppression
from mailer.bounces.hear import Hearing, hear
from mailer.runtime import own_mailbox
from tests.mailer.bounces.conftest import Open
from tests.mailer.bounces.test_reports import BY_NAME
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.mails import read_mail
from tests.support.world.world import World

PIPED = "mailto:bounces@example.org"
ADA = "ada@example.net"


def lesson(world: World) -> Delivery:
    with world.runtime.db.read() as session:
        return session.scalars(select(Delivery).where(Delivery.kind == "lesson")).one()


def lesson_sent(world: World) -> Delivery:
    """To Ada, whose welcome went too."""
    world.admit(ADA)
    while not world.forward(minutes=1):
        pass
    world.step()
    return lesson(world)


def report(name: str, delivery: Delivery) -> bytes:
    """One of the table, about this delivery."""
    mail = BY_NAME[name].mail.replace("{id}", delivery.attempt_id or "").replace("{mail}", delivery.id)
    return mail.encode()


def heard(world: World, raw: bytes) -> str:
    runtime = world.runtime
    by = Hearing(runtime.db, runtime.shelf, runtime.signer, own_mailbox(runtime.settings))
    return hear(by, raw, world.clock.times())


def struck_off(world: World) -> list[str]:
    with world.runtime.db.read() as session:
        return list(session.scalars(select(Suppression.email)))


def test_each_mail_leaves_with_a_return_path_of_its_own(open_world: Open, smtp_sink: SmtpSink) -> None:
    world = open_world(PIPED)
    world.admit(ADA, "eve@example.net")
    for _ in range(3):
        world.forward(minutes=1)
    with world.runtime.db.read() as session:
        attempts = list(session.scalars(select(Delivery.attempt_id).where(Delivery.state == "accepted")))
    assert sorted(mail.sender for mail in smtp_sink.mails) == sorted(f"bounces+{a}@example.org" for a in attempts)
    assert len(set(attempts)) == len(attempts) >= 4


@pytest.mark.parametrize(
    "name", ["Postfix, no such user", "No return path anywhere, but the mail itself came back"]
)
def test_an_address_that_is_not_there_is_struck_off_once(open_world: Open, name: str) -> None:
    world = open_world(PIPED)
    mail = report(name, lesson_sent(world))
    assert "recorded" in heard(world, mail)
    assert struck_off(world) == [ADA]
    before = world.rows()
    assert "known already" in heard(world, b"Received: once more\n" + mail)
    assert world.rows() == before
    assert lesson(world).fate == "bounced"


@pytest.mark.parametrize(
    "name", ["Postfix, behind a blocklist", "Postfix, gave up after five days", "Full mailbox"]
)
def test_what_is_not_about_the_address_is_sent_again_later(open_world: Open, name: str) -> None:
    world = open_world(PIPED)
    heard(world, report(name, lesson_sent(world)))
    assert struck_off(world) == []
    assert lesson(world).state == "queued"
    assert lesson(world).returns == 1


def test_a_delay_changes_nothing_for_the_learner(open_world: Open) -> None:
    world = open_world(PIPED)
    assert "recorded" in heard(world, report("Postfix, tries for four hours already", lesson_sent(world)))
    assert (lesson(world).state, struck_off(world)) == ("accepted", [])


def test_a_complaint_ends_all_mail(open_world: Open) -> None:
    world = open_world(PIPED)
    heard(world, report("Complaint, with the whole mail", lesson_sent(world)))
    assert (lesson(world).fate, struck_off(world)) == ("complained", [ADA])


def test_nobody_who_does_not_know_an_id_changes_anything(open_world: Open) -> None:
    world = open_world(PIPED)
    delivery = lesson_sent(world)
    before = world.rows()
    known = report("Postfix, no such user", delivery)
    guessed = known.replace((delivery.attempt_id or "").encode(), b"0123456789abcdef" * 2)
    for mail in (guessed, report("Forged, without any id", delivery), report("On holiday (RFC 3834)", delivery)):
        assert "nothing was changed" in heard(world, mail)
    assert world.rows() == before


def test_a_bounce_proves_that_a_mail_in_doubt_was_taken(open_world: Open, smtp_sink: SmtpSink) -> None:
    world = open_world(PIPED)
    smtp_sink.plan("reply", "drop")
    world.register(ADA)
    with world.runtime.db.read() as session:
        delivery = session.scalars(select(Delivery)).one()
    assert delivery.state == "uncertain"
    heard(world, report("Postfix, no such user", delivery))
    assert struck_off(world) == [ADA]


def way_by_mail(mail: bytes) -> bytes:
    """What a mail program sends to the second address of List-Unsubscribe."""
    ways = str(read_mail(mail).message["List-Unsubscribe"]).split(",")
    way = urlsplit(ways[1].strip().strip("<>"))
    (subject,) = parse_qs(way.query)["subject"]
    return f"From: Ada <{ADA}>\r\nTo: {way.path}\r\nSubject: {subject}\r\n\r\n".encode()


def states(world: World) -> list[object]:
    return [row["state"] for row in world.rows()["enrolment"]]


def test_who_leaves_by_mail_has_left_once_however_often_it_comes(open_world: Open, smtp_sink: SmtpSink) -> None:
    world = open_world(PIPED)
    lesson_sent(world)
    wish = way_by_mail(smtp_sink.mails[-1].raw)
    assert b"\r\nTo: bounces@example.org\r\n" in wish
    assert heard(world, wish) == "a wish to leave a course; they have left the course"
    assert states(world) == ["left"]
    before = world.rows()
    assert "nothing was changed" in heard(world, wish)
    assert (world.rows(), world.forward(days=3)) == (before, 0)


def test_no_answer_of_a_machine_and_no_forged_token_makes_anybody_leave(
    open_world: Open, smtp_sink: SmtpSink
) -> None:
    world = open_world(PIPED)
    lesson_sent(world)
    wish = way_by_mail(smtp_sink.mails[-1].raw)
    before = world.rows()
    for odd in (
        b"Auto-Submitted: auto-replied\r\n" + wish,
        b"Precedence: auto_reply\r\n" + wish,
        b"X-Autoreply: yes\r\n" + wish,
        b"Return-Path: <>\r\n" + wish,
        wish.replace(b"From: Ada <", b"From: MAILER-DAEMON <mailer-daemon@example.net> <"),
        wish.replace(b"Subject: ", b"Subject: Re: "),
        wish.replace(b"\r\n\r\n", b"A\r\n\r\n"),
        wish.replace(b"\r\n\r\n", b"\r\nContent-Type: multipart/report; boundary=x\r\n\r\n"),
        re.sub(rb"unsubscribe \S+", b"unsubscribe AAAAAAAAAAEAAAAAAAAAAAAAAAAAAAAA", wish),
        re.sub(rb"unsubscribe \S+", b"unsubscribe", wish),
    ):
        assert "nothing was changed" in heard(world, odd), odd
        assert world.rows() == before


def test_where_no_mailbox_is_ours_one_leaves_by_the_link_alone(open_world: Open, smtp_sink: SmtpSink) -> None:
    lesson_sent(open_world(""))
    assert "mailto:" not in str(read_mail(smtp_sink.mails[-1].raw).message["List-Unsubscribe"])
