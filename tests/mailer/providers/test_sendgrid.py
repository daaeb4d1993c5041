"""SendGrid: a thousand learners a request, each of them answered for."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.compose.message import Letter
from mailer.providers.sendgrid.provider import SendGrid
from mailer.providers.sendgrid.request import ATTEMPT, MOST_REQUEST_BYTES, requests
from tests.support.servers.ports import free_port
from tests.support.servers.sendgrid_mail import expand
from tests.support.servers.sendgrid_schema import problems
from tests.support.servers.sendgrid_sink import (
    BROKEN_AFTER_ACCEPTING,
    BROKEN_BEFORE_ACCEPTING,
    HANG_AFTER_ACCEPTING,
    RATE_LIMITED,
    RESET_AFTER_ACCEPTING,
    Fault,
    SendgridSink,
    rate_limited_until,
)
from tests.support.waiting import PATIENCE, slowness
from tests.support.world.letters import TEMPLATE, letter, letters
from tests.support.world.sendings import count, outcomes

GZIP = {"Content-Encoding": "gzip"}
NOW = 1_800_000_000.0


def provider(sink: SendgridSink, key: str | None = None) -> SendGrid:
    return SendGrid(key or sink.key, sink.url, timeout=PATIENCE, clock=lambda: NOW)


def sizes(sink: SendgridSink) -> list[int]:
    return [len(request["personalizations"]) for request in sink.requests]


def payloads(sent: Sequence[Letter]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [json.loads(json.dumps(request.payload)) for request in requests(TEMPLATE, sent)]
    return found


def test_a_thousand_learners_share_a_request(sendgrid_sink: SendgridSink) -> None:
    assert count(outcomes(provider(sendgrid_sink), letters(2001))) == {"accepted": 2001}
    assert sizes(sendgrid_sink) == [1000, 1000, 1]
    assert len({mail.to for mail in sendgrid_sink.mails}) == 2001


def test_the_attempts_id_and_nothing_else_is_kept_by_sendgrid(sendgrid_sink: SendgridSink) -> None:
    outcomes(provider(sendgrid_sink), letters(3))
    assert [mail.custom_args for mail in sendgrid_sink.mails] == [{ATTEMPT: f"attempt-{n}"} for n in range(3)]
    (request,) = sendgrid_sink.requests
    assert request.keys() == {
        "from",
        "reply_to",
        "content",
        "tracking_settings",
        "mail_settings",
        "personalizations",
    }
    assert request["personalizations"][0].keys() == {"to", "headers", "subject", "substitutions", "custom_args"}


def test_no_address_stands_twice_in_a_request(sendgrid_sink: SendgridSink) -> None:
    sent = [letter(n, f"{'ada' if n % 2 else 'ADA'}@example.org") for n in range(4)] + [letter(9)]
    assert count(outcomes(provider(sendgrid_sink), sent)) == {"accepted": 5}
    assert sorted(sizes(sendgrid_sink)) == [1, 1, 1, 2]


def test_a_request_stays_under_its_size() -> None:
    sent = [letter(n, note="<" + "ü" * 2000, link="𝄞" * 100) for n in range(1000)]
    made = payloads(sent)
    assert 1 < len(made) < 4
    assert sum(len(one["personalizations"]) for one in made) == 1000
    assert all(len(json.dumps(one)) <= MOST_REQUEST_BYTES for one in made)


def test_one_tag_serves_both_parts_where_no_value_needs_escaping(sendgrid_sink: SendgridSink) -> None:
    sent = [letter(1), letter(2, name="<Ada>")]
    outcomes(provider(sendgrid_sink), sent)
    (request,) = sendgrid_sink.requests
    assert [len(person["substitutions"]) for person in request["personalizations"]] == [4, 4]
    assert [("<Ada>" in mail.text, "&lt;Ada&gt;" in mail.html) for mail in sendgrid_sink.mails] == [
        (False, False),
        (True, True),
    ]


def test_values_too_long_for_substitutions_leave_filled_and_alone(sendgrid_sink: SendgridSink) -> None:
    sent = [letter(1), letter(2, note="<" * 6000), letter(3)]
    assert count(outcomes(provider(sendgrid_sink), sent)) == {"accepted": 3}
    assert sorted(sizes(sendgrid_sink)) == [1, 2]
    (long,) = [mail for mail in sendgrid_sink.mails if mail.to == "learner2@example.org"]
    assert "&lt;" * 6000 in long.html
    assert "<" * 6000 in long.text


@given(st.text('-<&"{}[]%ab1t0\n ü', max_size=40), st.text(max_size=60))
def test_a_value_never_becomes_another_slot(name: str, note: str) -> None:
    name, note = (value.encode("utf-8", "replace").decode() for value in (name, note))
    sent = letter(1, name=name, note=note)
    (payload,) = payloads([sent])
    assert problems(payload) == []
    (mail,) = expand(payload, "id")
    assert mail.text == TEMPLATE.text.filled(sent.slots)


def test_a_value_that_holds_the_tags_of_this_template_gets_others() -> None:
    tags = list(payloads([letter(1)])[0]["personalizations"][0]["substitutions"])
    sent = letter(1, name="".join(tags))
    (mail,) = expand(payloads([sent])[0], "id")
    assert mail.text == TEMPLATE.text.filled(sent.slots)


def test_a_bad_address_costs_only_itself(sendgrid_sink: SendgridSink) -> None:
    sent = letters(50)
    sent[17] = letter(17, "bob@nowhere")
    sent[31] = letter(31, "eve@nowhere")
    answers = outcomes(provider(sendgrid_sink), sent)
    assert count(answers) == {"accepted": 48, "refused": 2}
    assert (answers[17].permanent, answers[17].account) == (True, False)
    assert answers[17].why == "400 personalizations.17.to.0.email Does not contain a valid address."
    assert sizes(sendgrid_sink) == [50, 48]


def test_a_problem_with_something_else_of_one_learner_is_not_for_good(sendgrid_sink: SendgridSink) -> None:
    sent = letters(3)
    sent[1] = replace(sent[1], message_id="<1\r\n@example.org>")
    answers = outcomes(provider(sendgrid_sink), sent)
    assert [answer.outcome for answer in answers] == ["accepted", "refused", "accepted"]
    assert not answers[1].permanent


@pytest.mark.parametrize("status", [400, 413])
def test_a_request_refused_without_a_name_is_halved(sendgrid_sink: SendgridSink, status: int) -> None:
    sendgrid_sink.plan(Fault(status), times=2)
    assert count(outcomes(provider(sendgrid_sink), letters(8))) == {"accepted": 8}
    assert sizes(sendgrid_sink) == [8, 4, 2, 2, 4]


@pytest.mark.parametrize("status", [400, 413])
def test_halving_ends_with_single_letters(sendgrid_sink: SendgridSink, status: int) -> None:
    sendgrid_sink.plan(Fault(status), times=100)
    answers = outcomes(provider(sendgrid_sink), letters(4))
    assert {(answer.outcome, answer.permanent) for answer in answers} == {("refused", False)}
    assert sizes(sendgrid_sink) == [4, 2, 1, 1, 2, 1, 1]


def test_a_batch_that_is_all_wrong_does_not_cost_a_request_each(sendgrid_sink: SendgridSink) -> None:
    sendgrid_sink.plan(Fault(400), times=5000)
    assert count(outcomes(provider(sendgrid_sink), letters(1000))) == {"refused": 1000}
    assert len(sendgrid_sink.requests) == 65


@pytest.mark.parametrize(
    "field", ["from.email", "content.1.value", "reply_to", "tracking_settings.click_tracking", "mail_settings"]
)
def test_what_the_template_is_blamed_for_refuses_all_its_letters_at_once(
    sendgrid_sink: SendgridSink, field: str
) -> None:
    sendgrid_sink.plan(Fault(400, field=field, message="is not right"), times=5000)
    answers = outcomes(provider(sendgrid_sink), letters(2500))
    assert {(answer.outcome, answer.lasting, answer.permanent) for answer in answers} == {("refused", True, False)}
    assert len(answers) == 2500
    assert answers[0].why == f"400 {field} is not right"
    assert len(sendgrid_sink.requests) == 1


def test_a_letter_that_goes_alone_is_blamed_alone(sendgrid_sink: SendgridSink) -> None:
    sendgrid_sink.plan(Fault(400, field="content.0.value", message="is not right"))
    answers = outcomes(provider(sendgrid_sink), [letter(0, name="x" * 12_000), *letters(3)[1:]])
    assert [answer.outcome for answer in answers] == ["refused", "accepted", "accepted"]


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_stops_everything(sendgrid_sink: SendgridSink, status: int) -> None:
    sendgrid_sink.plan(Fault(status))
    answers = outcomes(provider(sendgrid_sink), letters(1200))
    assert {(answer.outcome, answer.account, answer.permanent) for answer in answers} == {("refused", True, False)}
    assert len(sendgrid_sink.requests) == 1


def test_a_wrong_key_is_refused(sendgrid_sink: SendgridSink) -> None:
    (answer,) = outcomes(provider(sendgrid_sink, "SG.guess"), letters(1))
    assert (answer.outcome, answer.account) == ("refused", True)
    assert "authorization" in answer.why


@pytest.mark.parametrize(
    ("fault", "retry_after"),
    [
        (RATE_LIMITED, None),
        (rate_limited_until(int(NOW) + 42), 42.0),
        (rate_limited_until(int(NOW) - 42), 0.0),
        (rate_limited_until((int(NOW) + 42) * 1000), 42.0),
        (Fault(429, {"Retry-After": "7"}), 7.0),
        (Fault(429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}), None),
        (Fault(429, {"X-RateLimit-Reset": "soon"}), None),
    ],
)
def test_a_rate_limit_refuses_for_as_long_as_it_says(
    sendgrid_sink: SendgridSink, fault: Fault, retry_after: float | None
) -> None:
    sendgrid_sink.plan(fault)
    answers = outcomes(provider(sendgrid_sink), letters(1001))
    assert {(answer.outcome, answer.retry_after) for answer in answers} == {("refused", retry_after)}
    assert len(sendgrid_sink.requests) == 1


@pytest.mark.parametrize(
    "fault",
    [
        BROKEN_BEFORE_ACCEPTING,
        BROKEN_AFTER_ACCEPTING,
        Fault(503),
        Fault(then="reset"),
        RESET_AFTER_ACCEPTING,
        Fault(then="hang"),
        HANG_AFTER_ACCEPTING,
    ],
)
def test_where_the_answer_is_lost_the_letters_are_unknown(sendgrid_sink: SendgridSink, fault: Fault) -> None:
    sendgrid_sink.plan(fault)
    sendgrid = SendGrid(
        sendgrid_sink.key, sendgrid_sink.url, timeout=0.5 * slowness() if fault.then == "hang" else PATIENCE
    )
    answers = outcomes(sendgrid, letters(1005))
    # What was not tried is known not to have been taken.
    assert [answer.outcome for answer in answers] == ["unknown"] * 1000 + ["refused"] * 5
    assert answers[0].why
    assert count(outcomes(sendgrid, letters(2))) == {"accepted": 2}


@pytest.mark.parametrize("status", [301, 302, 307, 404, 405, 415])
def test_other_answers_are_no(sendgrid_sink: SendgridSink, status: int) -> None:
    sendgrid_sink.plan(Fault(status))
    assert count(outcomes(provider(sendgrid_sink), letters(2))) == {"refused": 2}


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_redirection_is_not_followed_to_a_page_that_answers_well(
    sendgrid_sink: SendgridSink, status: int
) -> None:
    sendgrid_sink.plan(Fault(status, {"Location": f"{sendgrid_sink.url}/v3/scopes"}))
    assert count(outcomes(provider(sendgrid_sink), letters(2))) == {"refused": 2}


def test_a_compressed_answer_is_understood(sendgrid_sink: SendgridSink) -> None:
    sendgrid_sink.odd_answer = (200, GZIP, gzip.compress(b'{"scopes": ["mail.send"]}'))
    assert provider(sendgrid_sink).trouble() == ""


def test_the_letters_that_a_compressed_answer_names_are_found(sendgrid_sink: SendgridSink) -> None:
    sendgrid_sink.plan(Fault(400, GZIP, field="personalizations.1.to.0.email", message="not valid"))
    answers = outcomes(provider(sendgrid_sink), letters(3))
    assert [answer.outcome for answer in answers] == ["accepted", "refused", "accepted"]
    assert len(sendgrid_sink.requests) == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_key_is_taken_to_no_other_host_by_a_redirection(sendgrid_sink: SendgridSink, status: int) -> None:
    with SendgridSink() as other:
        sendgrid_sink.odd_answer = (status, {"Location": f"{other.url}/v3/scopes"}, b"")
        assert "redirection" in provider(sendgrid_sink).trouble()
        assert other.connections == 0


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, {}, b""), "not SendGrid"),
        ((200, {}, b"<html>It works!</html>"), "not SendGrid"),
        ((200, {}, b"\xff\xfe"), "not SendGrid"),
        ((200, {}, b"null"), "not SendGrid"),
        ((200, {}, b'["mail.send"]'), "not SendGrid"),
        ((200, {}, b'{"scopes": null}'), "not SendGrid"),
        ((200, {}, b'{"scopes": 7}'), "not SendGrid"),
        ((200, {}, b'{"scopes": "mail.send"}'), "not SendGrid"),
        ((200, {}, b"[" * 100_000), "not SendGrid"),
        ((200, {}, b'{"scopes": [[], null, 7]}'), "Mail Send"),
        ((200, GZIP, gzip.compress(b'{"scopes": ["stats.read"]}')), "Mail Send"),
        ((200, GZIP, b'{"scopes": ["mail.send"]}'), "not SendGrid"),
        ((200, {"Content-Encoding": "br"}, b"x"), "not SendGrid"),
        ((204, {}, b""), "not SendGrid"),
        ((418, {}, b"\xff"), "418"),
        ((503, {}, b"<html>"), "503"),
        ((200, {"Transfer-Encoding": "chunked"}, b"zz"), "SendGrid"),
    ],
)
def test_an_odd_answer_is_said(
    sendgrid_sink: SendgridSink, answer: tuple[int, dict[str, str], bytes], said: str
) -> None:
    sendgrid_sink.odd_answer = answer
    assert said in provider(sendgrid_sink).trouble()


@pytest.mark.server
@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}", "https://127.0.0.1:{port}", "http://api.invalid"])
def test_nobody_listens(url: str) -> None:
    sendgrid = SendGrid("SG.x", url.format(port=free_port()), timeout=2)
    answers = outcomes(sendgrid, letters(3))
    assert {(answer.outcome, answer.account) for answer in answers} == {("refused", False)}
    assert "cannot reach SendGrid" in answers[0].why


def test_a_server_without_a_certificate_gets_nothing(sendgrid_sink: SendgridSink) -> None:
    sendgrid = SendGrid(sendgrid_sink.key, sendgrid_sink.url.replace("http:", "https:"), timeout=2)
    assert count(outcomes(sendgrid, letters(1))) == {"refused": 1}


def test_no_header_of_one_request_reaches_the_next(sendgrid_sink: SendgridSink) -> None:
    sendgrid = provider(sendgrid_sink)
    outcomes(sendgrid, letters(1))
    before = dict(sendgrid._client.client.request_headers)
    outcomes(sendgrid, letters(2))
    assert sendgrid._client.client.request_headers == before
