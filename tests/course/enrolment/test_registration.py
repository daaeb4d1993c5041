"""What people, and those who are not, put into the form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.enrolment.registration import MAX_NAME, available_zones, read_registration, zones
from course.errors import Invalid

GOOD = {"email": "ada@example.org", "name": "Ada", "zone": "Europe/Berlin", "hour": "8"}


def errors(**changes: str) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        read_registration(GOOD | changes)
    return {field: str(why) for field, why in refused.value.errors.items()}


def test_a_good_form_is_taken() -> None:
    form = read_registration(GOOD | {"tracking": "1"})
    assert (form.email, form.name, form.zone, form.hour, form.tracking) == (
        "ada@example.org",
        "Ada",
        "Europe/Berlin",
        8,
        True,
    )


def test_an_address_alone_is_enough() -> None:
    form = read_registration({"email": "ada@example.org"})
    assert (form.name, form.zone, form.hour, form.tracking) == ("", "UTC", 8, False)


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = errors(email="nobody", name="x" * 81, zone="Mars/Base", hour="25")
    assert set(found) == {"email", "name", "zone", "hour"}
    assert all(why.endswith(".") and why[0].isupper() for why in found.values())


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("ADA@Example.ORG", "ada@example.org"),
        ("  ada@example.org \n", "ada@example.org"),
        ("ada+courses@example.org", "ada+courses@example.org"),
        ("ada.b_c-d@mail.example.org", "ada.b_c-d@mail.example.org"),
        ("o'neil@example.org", "o'neil@example.org"),
        ("ada@bücher.example.org", "ada@xn--bcher-kva.example.org"),
        ("ada@BÜCHER.example.org", "ada@xn--bcher-kva.example.org"),
        ("ada@xn--bcher-kva.example.org", "ada@xn--bcher-kva.example.org"),
        ("ada@例え.jp", "ada@xn--r8jz45g.jp"),
        ("\u00a0ada@example.org\u00a0", "ada@example.org"),
        ("\ufeffada@example.org", "ada@example.org"),
        ("ada@example.org\u200b \u200b", "ada@example.org"),
        ("\u202aada@example.org\u202c", "ada@example.org"),
        ("\u200e\u2068ada@example.org\u2069\u200f", "ada@example.org"),
        ("\u00ad ada@example.org\u00ad\n", "ada@example.org"),
        ("\u200b" * 500 + "ada@example.org", "ada@example.org"),
    ],
)
def test_an_address_is_kept_in_the_one_form_it_is_mailed_to(written: str, kept: str) -> None:
    assert read_registration(GOOD | {"email": written}).email == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "ada",
        "ada@",
        "@example.org",
        "ada@example",
        "ada@@example.org",
        "ada@exam ple.org",
        "ada b@example.org",
        ".ada@example.org",
        "ada..b@example.org",
        "ada@-example.org",
        "ada@example..org",
        '"ada lovelace"@example.org',
        '"ada"@example.org',
        "ada@[127.0.0.1]",
        "Ada <ada@example.org>",
        "ada@example.org,eve@example.org",
        "ada@example.org\r\nBcc: all@example.org",
        "ada@example.org\0",
        "ada\u200b@example.org",
        "a" * 65 + "@example.org",
        "ada@" + "a" * 64 + ".org",
        "a" * 64 + "@" + ".".join(["a" * 60] * 4) + ".org",
        "a" * 10_000 + "@example.org",
        "ada@localhost",
        "jürgen@example.org",
        "用户@example.org",
    ],
)
def test_an_address_that_cannot_be_mailed_to_is_refused_with_a_reason(written: str) -> None:
    why = errors(email=written)["email"]
    assert len(why) > 20
    assert "\n" not in why


def test_letters_before_the_at_that_mail_cannot_carry_are_named_as_the_reason() -> None:
    assert "do not work before the @" in errors(email="jürgen@example.org")["email"]


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("ada@exam\u00adple.org", "a soft hyphen that cannot be seen, after “ada@exam”"),
        ("ada@example\u00a0.org", "a no-break space that cannot be seen, after “ada@example”"),
        ("ada\u202flovelace@example.org", "a no-break space"),
        ("ada\u200b@example.org", "a space without width that cannot be seen, after “ada”"),
        ("ada@\ufeffexample.org", "a space without width"),
        ("\u202aada@\u202cexample.org", "a mark of the reading direction that cannot be seen, after “ada@”"),
        ("ada@\u200fexample.org", "a mark of the reading direction"),
        ("ada@exa\u2063mple.org", "an unusual sign (U+2063)"),
        ("a\x1bda\u200d@example.org", "after “ada”"),
        ("a" * 50 + "\u200b@example.org", f"after “{'a' * 20}”"),
        ("a\u200bb", "a space without width"),
    ],
)
def test_what_nobody_sees_inside_an_address_is_named(written: str, named: str) -> None:
    assert named in errors(email=written)["email"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [("\u200bAda\ufeff", "Ada"), ("\u00a0Ada\u200e", "Ada"), ("\u2800", ""), ("❤\ufe0f", "❤\ufe0f")],
)
def test_what_nobody_sees_around_a_name_is_taken_off(written: str, kept: str) -> None:
    assert read_registration(GOOD | {"name": written}).name == kept


@pytest.mark.parametrize(
    "name", ["", "Ada", "Žofie Ó Brien", "李小龍", "محمد", "A" * MAX_NAME, "👩🏽‍💻 Ada", "<b>Ada</b>", "=1+1"]
)
def test_any_name_people_have_is_taken(name: str) -> None:
    assert read_registration(GOOD | {"name": f"  {name} "}).name == name


def test_a_name_of_ten_thousand_letters_is_refused_with_its_length() -> None:
    assert "10,000" in errors(name="x" * 10_000)["name"]


@pytest.mark.parametrize(
    "character", ["\0", "\r", "\n", "\t", "\x1b", "\x7f", "\x85", "\u2028", "\u202e", "\u2066", "\ud800"]
)
def test_a_name_with_a_control_character_is_refused(character: str) -> None:
    assert "cannot be shown" in errors(name=f"Ada{character}Bcc: all@example.org")["name"]


@pytest.mark.parametrize("hour", ["25", "24", "-1", "abc", "", "8.5", "8:00", "1e1", "٨٨", "008", "²", "8\n8"])
def test_an_hour_that_is_none_is_refused(hour: str) -> None:
    assert errors(hour=hour)["hour"] == "Please choose an hour from 0 to 23."


@pytest.mark.parametrize(("written", "hour"), [("0", 0), ("23", 23), ("08", 8), (" 7 ", 7)])
def test_an_hour_of_the_day_is_taken(written: str, hour: int) -> None:
    assert read_registration(GOOD | {"hour": written}).hour == hour


@pytest.mark.parametrize(
    "zone", ["Mars/Base", "europe/berlin", "../etc/passwd", "/etc/localtime", "GMT+1", "\0", "UTC\n\nX"]
)
def test_an_unknown_zone_is_refused(zone: str) -> None:
    assert "choose one from the list" in errors(zone=zone)["zone"]


def test_people_choose_from_zones_that_are_taken() -> None:
    offered = zones()
    assert offered[0] == "UTC"
    assert {"Europe/Berlin", "America/New_York", "Asia/Kathmandu"} < set(offered)
    assert set(offered) <= available_zones()
    assert not [zone for zone in offered if zone.startswith("Etc/")]


@pytest.mark.parametrize(
    ("written", "counted"), [("1", True), ("on", True), ("", False), ("0", False), ("no", False)]
)
def test_tracking_counts_only_if_it_was_ticked(written: str, counted: bool) -> None:
    assert read_registration(GOOD | {"tracking": written}).tracking is counted
    assert not read_registration(GOOD).tracking


@given(st.dictionaries(st.sampled_from(["email", "name", "zone", "hour", "tracking", "x"]), st.text(max_size=40)))
def test_whatever_comes_in_is_taken_or_refused(form: dict[str, str]) -> None:
    try:
        taken = read_registration(form)
    except Invalid as refused:
        assert refused.errors.keys() <= {"email", "name", "zone", "hour"}
    else:
        assert taken.email.isascii()
        assert taken.email == taken.email.lower()
        assert taken.zone in available_zones()
        assert 0 <= taken.hour <= 23
