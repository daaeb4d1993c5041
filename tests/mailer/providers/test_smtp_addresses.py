"""A mail server with several addresses: each is tried, in order, and what failed is remembered for a while."""

import socket
import threading
from contextlib import closing
from dataclasses import replace
from itertools import count as count_up

import pytest

from mailer import time_limits
from mailer.providers.smtp.address import SmtpServer
from mailer.providers.smtp.channel import Endpoint
from mailer.providers.smtp.connection import Patience
from mailer.providers.smtp.names import look_up
from mailer.providers.smtp.provider import Smtp
from mailer.providers.smtp.shunned import Shunned
from tests.support.servers.smtp_client import found_at, mute, nobody, soon
from tests.support.servers.smtp_session import Fault
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.waiting import PATIENCE, wait_for
from tests.support.world.letters import letter, letters
from tests.support.world.sendings import count, outcomes

pytestmark = pytest.mark.server

PATIENT = Patience(connect=PATIENCE, reply=PATIENCE, final=PATIENCE, alone=PATIENCE)


@pytest.mark.parametrize("dead", [1, 2, 5])
def test_every_address_of_a_name_is_tried(smtp_sink: SmtpSink, dead: int) -> None:
    with found_at([*(nobody() for _ in range(dead)), smtp_sink.place], PATIENT) as smtp:
        assert count(outcomes(smtp, letters(3))) == {"accepted": 3}


@pytest.mark.parametrize("fault", [421, 554, "drop"])
def test_an_address_that_does_not_want_us_is_followed_by_the_next(smtp_sink: SmtpSink, fault: Fault) -> None:
    with SmtpSink() as unwilling:
        unwilling.plan("greeting", fault, times=3)
        with found_at([unwilling.place, smtp_sink.place], PATIENT, connections=3) as smtp:
            assert count(outcomes(smtp, letters(30))) == {"accepted": 30}
        assert (unwilling.connections, len(smtp_sink.mails)) == (1, 30), "and it is left alone"


def test_what_failed_is_tried_again_after_a_while(smtp_sink: SmtpSink) -> None:
    with SmtpSink() as first:
        first.plan("greeting", 421)
        with found_at([first.place, smtp_sink.place], Patience(idle=0, shun=0.5)) as smtp:
            assert count(outcomes(smtp, [letter(1)])) == {"accepted": 1}
            wait_for(lambda: count(outcomes(smtp, [letter(2)])) and first.mails)
        assert smtp_sink.mails, "meanwhile the other one served us"


def test_an_address_that_works_is_not_left_for_one_that_came_back(smtp_sink: SmtpSink) -> None:
    with SmtpSink() as first:
        first.plan("greeting", 421)
        with found_at([first.place, smtp_sink.place], Patience(idle=0)) as smtp:
            for number in range(3):
                assert count(outcomes(smtp, [letter(number)])) == {"accepted": 1}
        assert (len(first.mails), len(smtp_sink.mails)) == (0, 3)


def test_when_none_answers_each_has_been_tried_once_and_is_named() -> None:
    places: list[Endpoint] = [nobody(f"127.0.0.{number}") for number in range(1, 5)]
    with found_at(places, PATIENT) as smtp:
        answers = outcomes(smtp, letters(3))
    assert {(answer.outcome, answer.unreached) for answer in answers} == {("refused", True)}
    assert [part.split(": ")[0] for part in answers[0].why.split("; ")] == [place[1][0] for place in places]


def test_all_are_tried_again_in_the_next_sending(smtp_sink: SmtpSink) -> None:
    smtp_sink.plan("greeting", 421)
    with found_at([nobody(), smtp_sink.place], PATIENT) as smtp:
        assert count(outcomes(smtp, letters(2))) == {"refused": 2}
        assert count(outcomes(smtp, letters(2))) == {"accepted": 2}


def test_a_refused_password_is_tried_at_one_address_only(smtp_sink: SmtpSink) -> None:
    """No other one will think better of it, and some servers lock an account after a few."""
    smtp_sink.plan("greeting", 421)
    with SmtpSink() as second:
        for sink in (smtp_sink, second):
            sink.behaviour.users["ada"] = "secret"
        places = [smtp_sink.place, second.place, smtp_sink.place]
        with found_at(places, PATIENT, user="ada") as smtp:
            answers = outcomes(smtp, letters(2))
        assert {(answer.outcome, answer.account) for answer in answers} == {("refused", True)}
        assert (smtp_sink.connections, second.connections) == (1, 1)


def test_beside_an_address_that_keeps_us_waiting_another_is_tried(smtp_sink: SmtpSink) -> None:
    """Patience with a greeting is five minutes: letters wait for it only where there is no other way."""
    with mute() as silent, found_at([silent, smtp_sink.place], replace(PATIENT, alone=0.1)) as smtp:
        for _ in range(2):
            assert count(outcomes(smtp, letters(5))) == {"accepted": 5}


def test_where_there_is_no_other_way_the_late_one_is_waited_for(smtp_sink: SmtpSink) -> None:
    smtp_sink.behaviour.greeting_delay = 0.5
    with found_at([nobody(), smtp_sink.place], replace(PATIENT, alone=0.1)) as smtp:
        assert count(outcomes(smtp, letters(3))) == {"accepted": 3}
    assert smtp_sink.connections == 1


def test_the_one_that_is_first_in_order_is_used_when_both_answer(smtp_sink: SmtpSink) -> None:
    with SmtpSink() as second, found_at([smtp_sink.place, second.place], PATIENT, connections=3) as smtp:
        assert count(outcomes(smtp, letters(30))) == {"accepted": 30}
        assert second.connections == 0


def test_each_address_says_whether_it_lets_us_in(smtp_sink: SmtpSink) -> None:
    with found_at([nobody("127.0.0.2"), smtp_sink.place], soon()) as smtp:
        assert smtp.trouble() == ""
        ways = smtp.ways()
    assert (ways["127.0.0.1"], list(ways)) == ("", ["127.0.0.2", "127.0.0.1"])
    assert ways["127.0.0.2"].startswith("cannot connect: ")
    assert smtp_sink.mails == []


def test_a_name_is_looked_up_for_both_kinds_of_addresses() -> None:
    six, four = look_up(SmtpServer("::1", 25, "none")), look_up(SmtpServer("127.0.0.1", 25, "none"))
    assert [family for family, _ in (*six, *four)] == [socket.AF_INET6, socket.AF_INET]


def test_what_failed_lately_comes_last_and_what_failed_first_comes_first_of_these() -> None:
    places = ["a", "b", "c", "d"]
    shunned = Shunned[str](seconds=60)
    assert shunned.in_order(places, 0) == places
    shunned.failed("c", 10)
    shunned.failed("a", 20)
    assert shunned.in_order(places, 30) == ["b", "d", "c", "a"]
    assert shunned.fresh(places, 30) == ["b", "d"]
    assert shunned.in_order(places, 75) == ["b", "c", "d", "a"]
    shunned.served("a")
    assert shunned.in_order(places, 30) == ["a", "b", "d", "c"]


def test_a_resolver_that_hangs_stops_no_connection(smtp_sink: SmtpSink) -> None:
    asked, goes_on = count_up(), threading.Event()

    def look(_server: SmtpServer) -> list[Endpoint]:
        if next(asked) > 0:
            goes_on.wait(PATIENCE)
        return [smtp_sink.place]

    server = SmtpServer("mail.example.org", 25, "none", 3)
    try:
        with closing(Smtp(server, patience=PATIENT, addresses=look)) as smtp:
            assert count(outcomes(smtp, letters(30))) == {"accepted": 30}
            assert not goes_on.is_set()
            assert next(asked) >= 2, "it was asked again, and is still at it"
    finally:
        goes_on.set()


def test_a_resolver_that_hangs_from_the_start_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_limits, "SMTP_LOOK", 0.05)
    goes_on = threading.Event()

    def look(_server: SmtpServer) -> list[Endpoint]:
        goes_on.wait(PATIENCE)
        return [nobody()]

    try:
        with closing(Smtp(SmtpServer("mail.example.org", 25, "none", 2), addresses=look)) as smtp:
            assert count(outcomes(smtp, letters(3))) == {"refused": 3}
            assert smtp.trouble() == "cannot find mail.example.org: the resolver does not answer"
    finally:
        goes_on.set()
