"""SendGrid's signed events: checked, then said in the world's own words."""

import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from mailer.providers.events import Heard, ProviderEvent, event_key
from mailer.providers.posted import storable
from mailer.providers.sendgrid.events import (
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    is_signed,
)
from mailer.providers.sendgrid.events import read_events as heard_in
from mailer.providers.sendgrid.request import ATTEMPT
from tests.support.servers.sendgrid_events import ITS_OWN, EventSigner, told

SIGNER = EventSigner()
AT = 1_774_591_200
DELIVERED = {
    "event": "delivered",
    ATTEMPT: "a1",
    "timestamp": AT,
    "sg_event_id": "x",
    "email": "ada@example.org",
}


def body(*events: object) -> bytes:
    return json.dumps(events).encode()


def read_events(posted: bytes) -> list[ProviderEvent]:
    return heard_in(posted).events


def signed() -> tuple[bytes, str, str]:
    posted, headers = SIGNER.signed_events([DELIVERED], AT)
    return posted, headers[SIGNATURE_HEADER], headers[TIMESTAMP_HEADER]


def test_what_the_keys_owner_signed_is_taken() -> None:
    assert is_signed(SIGNER.public_key, *signed())


def test_a_body_altered_at_any_position_is_not_signed() -> None:
    posted, signature, timestamp = signed()
    for position in range(len(posted)):
        altered = posted[:position] + bytes([posted[position] ^ 1]) + posted[position + 1 :]
        assert not is_signed(SIGNER.public_key, altered, signature, timestamp)
    for other in (b"", posted.strip(), posted + b"\n"):
        assert not is_signed(SIGNER.public_key, other, signature, timestamp)


def test_a_signature_altered_at_any_position_is_not_one() -> None:
    posted, signature, timestamp = signed()
    data = b64decode(signature)
    for position in range(len(data)):
        altered = data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]
        assert not is_signed(SIGNER.public_key, posted, b64encode(altered).decode(), timestamp)


@pytest.mark.parametrize("timestamp", ["", "0", str(AT + 1), f"{AT} ", f" {AT}", "é"])
def test_another_timestamp_than_the_signed_one_is_refused(timestamp: str) -> None:
    posted, signature, _ = signed()
    assert not is_signed(SIGNER.public_key, posted, signature, timestamp)


@pytest.mark.parametrize("signature", ["", "x", "é", "AAAA", "MEUCIQ==", "=" * 20])
def test_what_is_no_signature_is_refused(signature: str) -> None:
    posted, _, timestamp = signed()
    assert not is_signed(SIGNER.public_key, posted, signature, timestamp)


def test_another_owners_signature_is_refused() -> None:
    assert not is_signed(EventSigner().public_key, *signed())


def test_a_key_of_another_kind_or_none_at_all_verifies_nothing() -> None:
    public = Ed25519PrivateKey.generate().public_key()
    ed25519 = b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    for key in (ed25519, "", "nonsense", "AAAA", "é"):
        assert not is_signed(key, *signed())


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("processed", "processed"),
        ("delivered", "delivered"),
        ("deferred", "deferred"),
        ("bounce", "bounced"),
        ("dropped", "dropped"),
        ("spamreport", "complained"),
    ],
)
def test_an_event_is_said_in_our_words(theirs: str, ours: str) -> None:
    (event,) = read_events(body(DELIVERED | {"event": theirs}))
    assert event.kind == ours
    assert event.attempt == "a1"
    assert event.at == datetime.fromtimestamp(AT, UTC)
    assert event.raw["sg_event_id"] == "x"


@pytest.mark.parametrize(
    "kind", ["open", "click", "unsubscribe", "group_resubscribe", "new_thing", "", None, 5, ["x"]]
)
def test_a_kind_we_do_not_count_by_is_passed_over(kind: object) -> None:
    assert read_events(body(DELIVERED | {"event": kind})) == []


@pytest.mark.parametrize("attempt", [None, 5, ["a"], {"a": "b"}])
def test_an_event_that_is_not_of_our_attempts_is_passed_over(attempt: object) -> None:
    assert read_events(body(DELIVERED | {ATTEMPT: attempt})) == []
    without = {name: value for name, value in DELIVERED.items() if name != ATTEMPT}
    assert read_events(body(without)) == []


DOCUMENTED = frozenset(
    {
        *("email", "timestamp", "event", "sg_event_id", "sg_message_id", "smtp-id", "category", "type", "from"),
        *("reason", "status", "response", "attempt", "tls", "cert_err", "bounce_classification", "pool", "domain"),
        *("useragent", "ip", "url", "url_offset", "asm_group_id", "sg_machine_open", "sg_content_type"),
        *("unique_args", "custom_args", "newsletter", "send_at", "post_type", "sg_user_id"),
        *("marketing_campaign_id", "marketing_campaign_name", "marketing_campaign_version"),
        *("marketing_campaign_split_id", "singlesend_id", "singlesend_name", "mc_auto_id", "mc_auto_name"),
        *("mc_stats", "phase_id", "template_id", "template_hash", "template_name", "template_version_id"),
    }
)
"""The keys of events and their parameters, by SendGrid's event webhook reference."""


def test_our_argument_is_called_like_no_key_of_sendgrids_own() -> None:
    assert ATTEMPT not in DOCUMENTED
    assert DOCUMENTED.issuperset(key for own in ITS_OWN.values() for key in own)


@pytest.mark.parametrize("kind", sorted(ITS_OWN))
def test_an_event_of_any_kind_names_its_attempt_among_sendgrids_own_keys(kind: str) -> None:
    (event,) = read_events(body(told({ATTEMPT: "a1"}, kind, AT)))
    assert event.attempt == "a1"


def test_events_of_mails_from_before_are_heard_but_for_the_deferred_whose_attempt_is_a_number_of_tries() -> None:
    heard = {kind: read_events(body(told({"attempt": "a1"}, kind, AT))) for kind in ITS_OWN}
    assert heard.pop("deferred") == []
    assert {event.attempt for events in heard.values() for event in events} == {"a1"}
    assert all(heard.values())


@pytest.mark.parametrize("timestamp", ["noon", None, [], {}, 1e30, -1e30, "nan", "inf"])
def test_an_event_of_no_known_moment_is_passed_over(timestamp: object) -> None:
    assert read_events(body(DELIVERED | {"timestamp": timestamp})) == []


@pytest.mark.parametrize(("kind", "hard"), [("bounce", True), ("blocked", False), (None, False)])
def test_a_block_is_a_bounce_that_may_pass(kind: str | None, hard: bool) -> None:
    (event,) = read_events(body(DELIVERED | {"event": "bounce", "type": kind}))
    assert (event.kind, event.hard) == ("bounced", hard)


def test_a_bounce_without_a_type_is_hard_and_no_other_event_is() -> None:
    hard = {
        kind: read_events(body(DELIVERED | {"event": kind}))[0].hard
        for kind in ("bounce", "delivered", "deferred", "spamreport", "processed")
    }
    assert hard == {
        "bounce": True,
        "delivered": False,
        "deferred": False,
        "spamreport": False,
        "processed": False,
    }


def test_the_reason_is_kept_and_short() -> None:
    events = read_events(
        body(
            DELIVERED | {"reason": "550 no such user"},
            DELIVERED | {"response": "250 OK"},
            DELIVERED | {"reason": "x" * 9_000, "url": None},
            DELIVERED,
        )
    )
    assert [event.why for event in events] == ["550 no such user", "250 OK", "x" * 500, ""]
    assert {event.link for event in events} == {""}


@pytest.mark.parametrize(
    "posted",
    [b"", b"{", b"[" * 100_000, b"\xff\xfe\x00", b"\x80", b'{"event": "delivered"}', b'"x"', b"null", b"5"],
)
def test_what_is_no_list_of_events_tells_nothing_and_is_counted(posted: bytes) -> None:
    assert heard_in(posted) == Heard([], 1)


DEEP = "[" * 100_000 + "]" * 100_000
GOOD = json.dumps(DELIVERED)
ODD_ENTRIES = {
    "deep": DEEP,
    "deep and open": "[" * 100_000,
    "half an object": '{"event": "delivered"',
    "a text without end": '{"event": "' + '\\"' * 50_000,
    "no moment": GOOD.replace(str(AT), '"noon"'),
    "no number": GOOD.replace(str(AT), "NaN"),
    "no end of time": GOOD.replace(str(AT), "-Infinity"),
    "beyond all years": GOOD.replace(str(AT), "253402300800"),
    "before all years": GOOD.replace(str(AT), "-62135596801"),
    "a number of 5,000 digits": GOOD.replace(str(AT), "9" * 5000),
    "no JSON": "{delivered}",
    "a number": "7",
    "nothing": "",
}


@pytest.mark.parametrize("odd", ODD_ENTRIES)
def test_an_entry_that_cannot_be_read_is_counted_and_those_before_it_are_heard(odd: str) -> None:
    heard = heard_in(f"[{GOOD}, {ODD_ENTRIES[odd]}]".encode())
    assert ([event.attempt for event in heard.events], heard.unread) == (["a1"], 1)


@pytest.mark.parametrize("odd", [name for name in ODD_ENTRIES if "open" not in name and "without end" not in name])
def test_those_after_it_are_heard_too_as_long_as_it_ends(odd: str) -> None:
    if odd != "half an object":
        heard = heard_in(f"[{ODD_ENTRIES[odd]}, {GOOD}]".encode())
        assert ([event.attempt for event in heard.events], heard.unread) == (["a1"], 1)


ODD_MEMBERS = {
    "deep": DEEP,
    "no number": "NaN",
    "no end": "Infinity",
    "half a letter": '"\\ud800"',
    "no letter": '"\\u0000"',
    "long": f'"{"x" * 10_000_000}"',
    "a number of 5,000 digits": "9" * 5000,
    "a number too large": "1e400",
    "no JSON": "soon",
    "twice": '1, "extra": 2',
    "many": f"[{'1, ' * 10_000}1]",
}


@pytest.mark.parametrize("odd", ODD_MEMBERS)
def test_an_event_with_an_odd_member_is_heard_by_the_others(odd: str) -> None:
    (event,) = read_events(f'[{GOOD[:-1]}, "extra": {ODD_MEMBERS[odd]}}}]'.encode())
    assert (event.attempt, event.kind, event.at) == ("a1", "delivered", datetime.fromtimestamp(AT, UTC))
    kept = json.dumps(storable(event.raw), allow_nan=False)
    assert len(kept) < 10_000
    assert "\\u0000" not in kept
    assert "ud800" not in kept


@pytest.mark.parametrize("seconds", [AT + 0.25, str(AT), f"{AT}.5", float(AT)])
def test_a_moment_may_be_a_fraction_or_a_text(seconds: float | str) -> None:
    (event,) = read_events(body(DELIVERED | {"timestamp": seconds}))
    assert int(event.at.timestamp()) == AT


def test_what_is_no_event_in_the_list_does_not_spoil_the_others() -> None:
    assert heard_in(body(None, 5, "x", [], {}, DELIVERED)).unread == 4
    assert len(read_events(body(None, 5, "x", [], {}, DELIVERED))) == 1
    assert heard_in(b"[]\r\n") == Heard([])


def test_copies_of_an_event_have_one_key_whatever_id_they_come_with() -> None:
    copies = read_events(body(DELIVERED, DELIVERED | {"sg_event_id": "y", "reason": "z", "timestamp": AT + 0.9}))
    assert copies[0].key == copies[1].key
    assert len(copies[0].key) == 64


@pytest.mark.parametrize("change", [{"event": "deferred"}, {ATTEMPT: "a2"}, {"timestamp": AT + 1}, {"url": "x"}])
def test_another_event_has_another_key(change: dict[str, object]) -> None:
    one, other = read_events(body(DELIVERED, DELIVERED | change))
    assert one.key != other.key


def test_the_parts_of_a_key_do_not_run_into_each_other() -> None:
    assert event_key("ab", "c") != event_key("a", "bc")


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)


@settings(max_examples=200)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["event", ATTEMPT, "attempt", "timestamp", "type", "url"]), JSON),
        max_size=3,
    )
)
def test_whatever_is_in_the_list_is_read_without_a_crash(events: list[dict[str, object]]) -> None:
    for event in read_events(body(*events, *(DELIVERED | event for event in events))):
        assert event.at.tzinfo is UTC
        assert len(event.key) == 64


@settings(max_examples=200)
@given(st.text(alphabet='[]{}",:\\\\a1', max_size=40))
def test_whatever_is_signed_is_read_without_a_crash_and_accounted_for(text: str) -> None:
    heard = heard_in(f"[{GOOD}, {text}".encode())
    assert len(heard.events) + heard.unread >= 1


@given(JSON)
def test_whatever_is_kept_is_json_that_any_database_takes(value: object) -> None:
    kept = json.dumps(storable(value), allow_nan=False, ensure_ascii=False)
    assert "\0" not in kept
    kept.encode()
