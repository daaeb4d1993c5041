"""Whom a drop or a bounce of SendGrid's is about, for each reason and classification it documents."""

import json

import pytest

from mailer.providers.sendgrid.events import read_events
from mailer.providers.sendgrid.reasons import BOUNCES, DROPS, About
from mailer.providers.sendgrid.request import ATTEMPT
from tests.support.servers.sendgrid_events import told


def about(kind: str, **more: object) -> About:
    (event,) = read_events(json.dumps([told({ATTEMPT: "a1"}, kind, 1_774_591_200, **more)]).encode()).events
    return "address" if event.hard else "account" if event.account else "mail"


@pytest.mark.parametrize(
    ("reason", "whom"),
    [
        ("Bounced Address", "address"),
        ("Invalid", "address"),
        ("Spam Reporting Address", "address"),
        ("Unsubscribed Address", "address"),
        ("unsubscribed address ", "address"),
        ("Recipient List over Package Quota", "account"),
        ("Invalid SMTPAPI header", "mail"),
        ("Spam Content", "mail"),
        ("Duplicate message", "mail"),
        ("something that nobody has documented", "mail"),
        ("", "mail"),
        (None, "mail"),
        ({"a": []}, "mail"),
    ],
)
def test_a_drop_is_about_the_address_only_where_sendgrid_will_never_send_to_it(
    reason: object, whom: About
) -> None:
    assert about("dropped", reason=reason) == whom


@pytest.mark.parametrize(
    ("classification", "whom"),
    [
        ("Invalid Address", "address"),
        ("Mailbox Unavailable", "address"),
        ("Unclassified", "address"),
        ("", "address"),
        ("a new one", "address"),
        ("Content", "mail"),
        ("Frequency or Volume Too High", "mail"),
        ("Reputation", "mail"),
        ("Technical Failure", "mail"),
    ],
)
def test_a_bounce_for_what_we_are_or_say_is_not_about_the_address(classification: str, whom: About) -> None:
    assert about("bounce", type="bounce", bounce_classification=classification) == whom
    assert about("bounce", type="blocked", bounce_classification=classification) == "mail"


def test_every_documented_reason_has_its_row() -> None:
    assert len(DROPS) == 8
    assert len(BOUNCES) == 7, "the values of `Classification` in SendGrid's public OpenAPI file"


@pytest.mark.parametrize("kind", ["processed", "delivered", "deferred", "spamreport"])
def test_no_other_event_closes_an_address_by_its_reason(kind: str) -> None:
    assert about(kind, reason="Bounced Address") == "mail"
