"""What a domain's DNS records mean to whoever sends mail in its name."""

import pytest

from mailer.providers.sendgrid.settings import SENDER_DNS
from mailer.sender_dns import ANY_SERVER, Answers, SenderDns, judge, names_to_ask

GOOD = {
    "x.org": ["v=spf1 mx ~all", "other=1"],
    "_dmarc.x.org": ["v=DMARC1; p=none"],
    "s1._domainkey.x.org": ["k=rsa; t=s; p=MIGf"],
}


def states(given: Answers, domain: str = "x.org", expected: SenderDns = ANY_SERVER) -> dict[str, str]:
    answers = {name: given.get(name, ()) for name in names_to_ask(domain, expected)}
    return {finding.about: finding.state for finding in judge(domain, answers, expected)}


@pytest.mark.parametrize("expected", [ANY_SERVER, SENDER_DNS])
def test_a_domain_with_all_three_is_good(expected: SenderDns) -> None:
    assert states(GOOD, expected=expected) == {"SPF": "good", "DKIM": "good", "DMARC": "good"}


def test_without_records_mail_lands_in_spam_and_each_finding_says_what_to_add() -> None:
    assert states({}) == {"SPF": "bad", "DKIM": "warning", "DMARC": "bad"}
    assert states({}, expected=SENDER_DNS) == {"SPF": "warning", "DKIM": "bad", "DMARC": "bad"}
    answers: Answers = dict.fromkeys(names_to_ask("x.org", ANY_SERVER), ())
    assert all(finding.todo for finding in judge("x.org", answers, ANY_SERVER))


@pytest.mark.parametrize("records", [["v=spf1 ~all", "v=spf1 mx -all"], ["v=spf1 all"], ["v=spf1 mx +all"]])
def test_two_records_or_one_that_lets_everybody_in_are_bad(records: list[str]) -> None:
    assert states(GOOD | {"x.org": records})["SPF"] == "bad"


def test_a_key_that_was_withdrawn_is_none() -> None:
    assert states(GOOD | {"s1._domainkey.x.org": ["v=DKIM1; p="]})["DKIM"] == "warning"


def test_the_policy_of_the_domain_above_holds_below() -> None:
    assert states(GOOD, "mail.x.org")["DMARC"] == "good"


def test_where_nobody_can_be_asked_nothing_is_claimed() -> None:
    assert states(GOOD | {"x.org": None}) == {"DNS": "warning"}
