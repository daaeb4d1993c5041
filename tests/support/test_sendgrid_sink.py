"""The SendGrid sink refuses what SendGrid refuses, and sends what SendGrid would send."""

import json
import time
from copy import deepcopy
from email import message_from_bytes, policy
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from typing import Any
from urllib.parse import urlsplit

import pytest
from sendgrid.helpers.eventwebhook import EventWebhook

from tests.support.servers.sendgrid_schema import problems
from tests.support.servers.sendgrid_sink import (
    BROKEN_AFTER_ACCEPTING,
    BROKEN_BEFORE_ACCEPTING,
    HANG_AFTER_ACCEPTING,
    RATE_LIMITED,
    RESET_AFTER_ACCEPTING,
    UNAUTHORIZED,
    Fault,
    SendgridSink,
    rate_limited_until,
)
from tests.support.waiting import PATIENCE, slowness

OFF = {"enable": False}
REQUEST: dict[str, Any] = {
    "from": {"email": "course@example.org", "name": "The Course"},
    "subject": "-name-, Day 1",
    "personalizations": [
        {
            "to": [{"email": "ada@example.org", "name": "Ada"}],
            "substitutions": {"-name-": "Ada", "-link-": "https://x.example/a"},
            "headers": {"List-Unsubscribe": "<https://x.example/u/a>"},
            "custom_args": {"attempt": "a1"},
        },
        {
            "to": [{"email": "bob@example.org"}],
            "substitutions": {"-name-": "Bob -link-", "-link-": "https://x.example/b"},
            "custom_args": {"attempt": "b1"},
        },
    ],
    "content": [
        {"type": "text/plain", "value": "Dear -name-\n"},
        {"type": "text/html", "value": "<p>Dear -name-</p>\n"},
    ],
    "headers": {"X-Day": "1"},
    "tracking_settings": {
        "click_tracking": OFF,
        "open_tracking": OFF,
        "subscription_tracking": OFF,
        "ganalytics": OFF,
    },
    "mail_settings": {"footer": OFF},
}


def post(
    sink: SendgridSink, request: object, key: str | None = None, timeout: float = PATIENCE
) -> tuple[HTTPResponse, Any]:
    connection = HTTPConnection(urlsplit(sink.url).netloc, timeout=timeout)
    headers = {"Authorization": f"Bearer {key or sink.key}", "Content-Type": "application/json"}
    try:
        connection.request("POST", "/v3/mail/send", json.dumps(request), headers)
        response = connection.getresponse()
        return response, json.loads(response.read() or b"null")
    finally:
        connection.close()


def changed(path: str, value: object) -> dict[str, Any]:
    """A good request with one thing wrong; None takes it away."""
    request = deepcopy(REQUEST)
    *way, last = path.split(".")
    place: Any = request
    for step in way:
        place = place[int(step) if step.isdigit() else step]
    if value is None:
        del place[last]
    else:
        place[int(last) if last.isdigit() else last] = value
    return request


def test_an_accepted_request_becomes_a_mail_to_each_learner(sendgrid_sink: SendgridSink) -> None:
    response, _ = post(sendgrid_sink, REQUEST)
    ada, bob = sendgrid_sink.mails
    assert (response.status, response.headers["X-Message-Id"]) == (202, ada.message_id)
    assert (ada.to, ada.subject, ada.text) == ("ada@example.org", "Ada, Day 1", "Dear Ada\n")
    assert ada.headers == {"X-Day": "1", "List-Unsubscribe": "<https://x.example/u/a>"}
    assert (ada.custom_args, bob.custom_args) == ({"attempt": "a1"}, {"attempt": "b1"})


def test_a_value_that_holds_a_tag_is_filled_in_its_turn(sendgrid_sink: SendgridSink) -> None:
    post(sendgrid_sink, REQUEST)
    assert sendgrid_sink.mails[1].html == "<p>Dear Bob https://x.example/b</p>\n"


def test_a_mail_can_be_read_as_any_other(sendgrid_sink: SendgridSink) -> None:
    post(sendgrid_sink, REQUEST)
    mail = message_from_bytes(sendgrid_sink.mails[0].raw, policy=policy.default)
    assert (mail["To"], mail["Subject"], mail["X-Day"]) == ("Ada <ada@example.org>", "Ada, Day 1", "1")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("from", None, "from.email"),
        ("personalizations", [], "personalizations"),
        ("personalizations.0.to", None, "personalizations.0.to"),
        ("personalizations.1.to.0.email", "bob@", "personalizations.1.to.0.email"),
        ("personalizations.1.to.0.email", "bób@example.org", "personalizations.1.to.0.email"),
        ("personalizations.1.to.0.email", "ADA@example.org", "personalizations.1"),
        ("subject", "", "subject"),
        ("content", [], "content"),
        ("content", REQUEST["content"][::-1], "content"),
        ("content.0.value", "", "content.0"),
        ("personalizations.0.custom_args.attempt", 7, "personalizations.0.custom_args.attempt"),
        ("headers.Reply-To", "a@example.org", "headers.Reply-To"),
        ("personalizations.0.headers.subject", "Hi", "personalizations.0.headers.subject"),
        ("headers.X-Day", "1\r\nBcc: eve@example.org", "headers.X-Day"),
        ("personalizations.0.substitutions.-name-", "x" * 10_000, "personalizations.0.substitutions"),
        ("tracking_settings.click_tracking", {"enable": True}, "tracking_settings.click_tracking"),
        ("tracking_settings", None, "tracking_settings.open_tracking"),
        ("tracking_settings", None, "tracking_settings.ganalytics"),
        ("mail_settings", None, "mail_settings.footer"),
    ],
)
def test_a_broken_rule_refuses_the_whole_request(
    sendgrid_sink: SendgridSink, path: str, value: object, field: str
) -> None:
    response, body = post(sendgrid_sink, changed(path, value))
    assert response.status == 400
    assert field in [error["field"] for error in body["errors"]]
    assert set(body["errors"][0]) == {"message", "field", "help"}
    assert sendgrid_sink.mails == []


def test_a_thousand_learners_fit_and_one_more_does_not() -> None:
    people = [{"to": [{"email": f"learner{number}@example.org"}]} for number in range(1001)]
    assert problems(changed("personalizations", people[:1000])) == []
    assert [problem.field for problem in problems(changed("personalizations", people))] == ["personalizations"]


def test_a_wrong_key_is_refused(sendgrid_sink: SendgridSink) -> None:
    response, body = post(sendgrid_sink, REQUEST, key="SG.guess")
    assert (response.status, sendgrid_sink.requests) == (401, [])
    assert "authorization" in body["errors"][0]["message"]


@pytest.mark.parametrize(
    ("fault", "mails"),
    [
        (UNAUTHORIZED, 0),
        (RATE_LIMITED, 0),
        (BROKEN_BEFORE_ACCEPTING, 0),
        (BROKEN_AFTER_ACCEPTING, 2),
    ],
)
def test_a_planned_answer_comes_once(sendgrid_sink: SendgridSink, fault: Fault, mails: int) -> None:
    sendgrid_sink.plan(fault)
    assert post(sendgrid_sink, REQUEST)[0].status == fault.status
    assert len(sendgrid_sink.mails) == mails
    assert post(sendgrid_sink, REQUEST)[0].status == 202


def test_a_rate_limit_can_tell_its_end(sendgrid_sink: SendgridSink) -> None:
    sendgrid_sink.plan(rate_limited_until(1_800_000_000))
    assert post(sendgrid_sink, REQUEST)[0].headers["X-RateLimit-Reset"] == "1800000000"


def test_a_mail_may_be_accepted_although_the_answer_never_comes(sendgrid_sink: SendgridSink) -> None:
    sendgrid_sink.plan(RESET_AFTER_ACCEPTING)
    sendgrid_sink.plan(HANG_AFTER_ACCEPTING)
    with pytest.raises((ConnectionResetError, RemoteDisconnected)):
        post(sendgrid_sink, REQUEST)
    with pytest.raises(TimeoutError):
        post(sendgrid_sink, REQUEST, timeout=0.5 * slowness())
    assert len(sendgrid_sink.mails) == 4


def test_sendgrids_own_verifier_accepts_our_signature_and_no_other(sendgrid_sink: SendgridSink) -> None:
    began = int(time.time())
    body, headers = sendgrid_sink.signed_events([{"event": "delivered", "attempt": "a1"}])
    signature = headers["X-Twilio-Email-Event-Webhook-Signature"]
    timestamp = headers["X-Twilio-Email-Event-Webhook-Timestamp"]
    verifier = EventWebhook(sendgrid_sink.public_key)
    assert verifier.verify_signature(body.decode(), signature, timestamp)
    assert not verifier.verify_signature(body.decode() + " ", signature, timestamp)
    assert not verifier.verify_signature(body.decode(), signature, str(int(timestamp) + 1))
    assert began <= int(timestamp) <= time.time()
