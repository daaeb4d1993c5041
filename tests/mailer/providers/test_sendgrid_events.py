"""SendGrid's signed events: checked, then said in the world's own words."""

import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from mailer.providers.events import BadWebhook, event_key
from mailer.providers.sendgrid.events import (
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    is_signed,
    read_events,
)
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
def test_what_is_no_list_of_events_is_refused(posted: bytes) -> None:
    with pytest.raises(BadWebhook):
        read_events(posted)


def test_what_is_no_event_in_the_list_does_not_spoil_the_others() -> None:
    assert len(read_events(body(None, 5, "x", [], {}, DELIVERED))) == 1
    assert read_events(b"[]\r\n") == []


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
