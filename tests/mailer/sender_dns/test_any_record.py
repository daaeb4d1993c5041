"""Whatever stands in DNS, it is judged: nothing is raised, and every fault says what to do."""

from collections.abc import Sequence
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.sender_dns.expected import ANY_SERVER, Sender
from mailer.sender_dns.judge import judge
from mailer.sender_dns.records import Answer, Kind, Question, Records
from mailer.sender_dns.spf_allows import allows

SENDER = Sender("x.org", "y.org", "z.org", ANY_SERVER)
WORDS = st.sampled_from(
    [
        *(
            "v=spf1",
            "redirect=",
            "include:",
            "include:y.org",
            "a",
            "a:x.org/",
            "mx",
            "mx/33",
            "ptr",
            "exists:",
            "exp=",
        ),
        *("all", "~all", "+all", "?all", "ip4:", "ip4:1.2.3.4/", "ip6::", "%{i}", "%{", "/", "//", ":"),
        *("v=DMARC1", "p=", "p=none", "sp=x", "rua=mailto:", "rua=,,", ";", "=", '"', "\\", "ü", "\0"),
        *("v=DKIM1", "k=rsa", "t=y"),
    ]
)
TEXTS = st.lists(WORDS | st.text(max_size=8), max_size=8).flatmap(
    lambda words: st.sampled_from([" ".join(words), "".join(words), f"v=spf1 {' '.join(words)}"])
)


class Anything(Records):
    """Every name has these records."""

    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__({})
        self._texts = tuple(texts)

    def answer(self, name: str, kind: Kind) -> Answer | None:
        return Answer({"TXT": self._texts, "MX": ("10 mx.x.org",), "A": ("192.0.2.1",)}.get(kind, ()))

    def unasked(self, name: str, kind: Kind) -> set[Question]:
        return set()


@given(st.lists(TEXTS, max_size=3))
def test_any_records_are_judged(texts: list[str]) -> None:
    found = judge(SENDER, Anything(texts))
    assert {one.about for one in found} >= {"SPF", "DKIM", "DMARC", "MX"}
    assert all(one.todo for one in found if one.state != "good")


@pytest.mark.parametrize(
    ("record", "address", "expected"),
    [
        ("v=spf1 ip4:192.0.2.0/24 -all", "192.0.2.77", True),
        ("v=spf1 -ip4:192.0.2.77 ip4:192.0.2.0/24 -all", "192.0.2.77", False),
        ("v=spf1 ~ip4:192.0.2.77 +all", "192.0.2.77", False),
        ("v=spf1 ip6:2001:db8::/32 -all", "2001:db8::25", True),
        ("v=spf1 ip4:192.0.2.0/24 -all", "2001:db8::25", False),
        ("v=spf1 a -all", "198.51.100.1", True),
        ("v=spf1 a/24 -all", "198.51.100.99", True),
        ("v=spf1 mx -all", "198.51.100.2", True),
        ("v=spf1 mx//64 -all", "2001:db8:1::99", True),
        ("v=spf1 include:in.org -all", "203.0.113.9", True),
        ("v=spf1 include:in.org -all", "203.0.113.66", False),
        ("v=spf1 redirect=in.org", "203.0.113.9", True),
        ("v=spf1 exists:%{i}.x.org -all", "192.0.2.1", None),
        ("v=spf1 ip4:192.0.2.1 exists:%{i}.x.org -all", "192.0.2.1", True),
        ("v=spf1 redirect=%{d}.org", "192.0.2.1", None),
        ("v=spf1", "192.0.2.1", False),
    ],
)
def test_who_is_allowed(record: str, address: str, expected: bool | None) -> None:
    records = Records(
        {
            Question("x.org", "TXT"): Answer((record,)),
            Question("x.org", "A"): Answer(("198.51.100.1",)),
            Question("x.org", "AAAA"): Answer(),
            Question("x.org", "MX"): Answer(("10 mx.x.org",)),
            Question("mx.x.org", "A"): Answer(("198.51.100.2",)),
            Question("mx.x.org", "AAAA"): Answer(("2001:db8:1::1",)),
            Question("in.org", "TXT"): Answer(("v=spf1 -ip4:203.0.113.66 ip4:203.0.113.0/24 +all",)),
        }
    )
    assert ip_address(address)
    assert allows("x.org", address, records) is expected
    assert not records.lacking
