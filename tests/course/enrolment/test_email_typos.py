"""A slip in a domain is noticed; what may be right is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.enrolment.email_typos import NO_SUCH_ENDINGS, PROVIDERS, SHORTEST, one_slip, suggested

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-."
LONG = st.sampled_from([known for known in PROVIDERS if len(known) >= SHORTEST])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gamil.com", "gmail.com"),
        ("gmal.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmail.cm", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmial.con", "gmail.com"),
        ("gogglemail.com", "googlemail.com"),
        ("hotmial.com", "hotmail.com"),
        ("hotmail.cmo", "hotmail.com"),
        ("hotmil.co.uk", "hotmail.co.uk"),
        ("outlok.com", "outlook.com"),
        ("iclould.com", "icloud.com"),
        ("yahooo.com", "yahoo.com"),
        ("yaho.de", "yahoo.de"),
        ("t-onlin.de", "t-online.de"),
        ("protonmial.com", "protonmail.com"),
        ("web.ed", None),
        ("example.con", "example.com"),
        ("example.ogr", "example.org"),
        ("gmail.com", None),
        ("mail.com", None),
        ("email.com", None),
        ("ymail.com", None),
        ("yahoo.dk", None),
        ("live.dk", None),
        ("gmx.fr", None),
        ("we.com", None),
        ("example.org", None),
        ("xn--bcher-kva.example.org", None),
        ("university.example.edu", None),
    ],
)
def test_what_is_suggested_for_a_domain(typed: str, meant: str | None) -> None:
    assert suggested(f"ada+courses@{typed}") == (f"ada+courses@{meant}" if meant else None)


@given(st.sampled_from(PROVIDERS))
def test_no_provider_is_suspected(known: str) -> None:
    assert suggested(f"ada@{known}") is None


@given(LONG, st.data())
def test_any_single_slip_is_noticed_as_one(known: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(known) - 1))
    letter = data.draw(st.sampled_from(LETTERS))
    slips = {
        known[:at] + known[at + 1 :],
        known[:at] + letter + known[at:],
        known[:at] + letter + known[at + 1 :],
        known[:at] + known[at : at + 2][::-1] + known[at + 2 :],
    } - {known}
    assert all(one_slip(typed, known) and one_slip(known, typed) for typed in slips)


@given(st.text(LETTERS, max_size=12), st.text(LETTERS, max_size=12))
def test_a_slip_never_changes_more_than_two_places(typed: str, meant: str) -> None:
    if one_slip(typed, meant):
        assert typed != meant
        assert abs(len(typed) - len(meant)) <= 1
        assert len(set(typed) ^ set(meant)) <= 2


@given(st.text(LETTERS + "@", max_size=40))
def test_what_is_suggested_is_never_suspected_again(email: str) -> None:
    found = suggested(email)
    if found is not None:
        assert found != email
        assert found.rpartition("@")[0] == email.rpartition("@")[0]
        assert suggested(found) is None or found.rpartition(".")[2] in NO_SUCH_ENDINGS.values()
