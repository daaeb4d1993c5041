"""Broken zones, served by a real name server: each fault is told with the record it is in, and what to write."""

import pytest

from mailer.sender_dns.asking import look_up
from mailer.sender_dns.judge import judge
from tests.mailer.sender_dns.zones import Case, cases
from tests.support.names.dns_server import DnsServer


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_zone_is_judged_as_mailbox_providers_judge_it(case: Case, dns_server: DnsServer) -> None:
    dns_server.zone = case.zone
    found = look_up(lambda records: judge(case.sender, records), dns_server.resolver())
    told = [(one.about, one.state, f"{one.said} {one.todo}") for one in found]
    faults = [each for each in told if each[1] != "good"]
    assert [each[:2] for each in faults] == [each[:2] for each in case.found], told
    for (_, _, said), (_, _, words) in zip(faults, case.found, strict=True):
        assert words in said
    for about, words in case.good:
        assert any(each[:2] == (about, "good") and words in each[2] for each in told), told
    assert all(one.todo for one in found if one.state != "good")


def test_there_are_many_of_them() -> None:
    broken = [case for case in cases() if case.found]
    assert len(broken) >= 80
    assert {about for case in broken for about, _, _ in case.found} == {"SPF", "DKIM", "DMARC", "alignment", "MX"}
