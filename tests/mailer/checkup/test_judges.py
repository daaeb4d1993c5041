"""What was seen, judged: tables of values, with the state and a word of what is said or to be done."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from course.checkup import Finding
from mailer.certificates import Seen, of_certificate, of_no_certificate
from mailer.checkup.judges.clocks import of_clock
from mailer.checkup.judges.machine import GIB, ZoneData, of_disk, of_python, of_zones
from mailer.checkup.judges.mails import MailsNow, of_mails
from mailer.checkup.judges.sites import Answered, of_answer
from mailer.checkup.judges.stores import of_postgresql, of_redis, of_sqlite

TODAY = date(2026, 12, 1)
NOW = datetime(2026, 12, 1, tzinfo=UTC)
SAFE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "server_encoding": "UTF8"}


def told(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    """What is not good, with all its words; each of them says what to do."""
    found = [one for one in findings if one.state != "good"]
    assert all(one.todo for one in found)
    return [(one.state, f"{one.said} {one.todo}") for one in found]


def assert_told(findings: Iterable[Finding], *expected: tuple[str, str]) -> None:
    found = told(findings)
    assert [state for state, _ in found] == [state for state, _ in expected], found
    assert all(words in said for (_, said), (_, words) in zip(found, expected, strict=True)), found


@pytest.mark.parametrize(
    ("number", "setting", "expected"),
    [
        (170_006, {}, ()),
        (140_012, {}, (("warning", "PostgreSQL 14 gets no mends"),)),
        (90_600, {}, (("warning", "PostgreSQL 9 gets no mends"),)),
        (190_000, {}, ()),
        (160_004, {"fsync": "off"}, (("bad", "Set `fsync = on`"),)),
        (160_004, {"full_page_writes": "off"}, (("warning", "`full_page_writes = on`"),)),
        (160_004, {"synchronous_commit": "off"}, (("warning", "`synchronous_commit = on`"),)),
        (160_004, {"synchronous_commit": "remote_apply"}, ()),
        (160_004, {"default_transaction_read_only": "on"}, (("bad", "only lets us read"),)),
        (160_004, {"in_recovery": "on"}, (("bad", "only lets us read"),)),
        (160_004, {"server_encoding": "SQL_ASCII"}, (("bad", "ENCODING 'UTF8'"),)),
    ],
)
def test_postgresql(number: int, setting: dict[str, str], expected: tuple[tuple[str, str], ...]) -> None:
    assert_told(of_postgresql(number, SAFE | setting, TODAY), *expected)


@pytest.mark.parametrize(
    ("version", "journal", "expected"),
    [
        ((3, 51, 3), "wal", ()),
        ((3, 53, 0), "wal", ()),
        ((3, 51, 2), "wal", (("warning", "3.51.3"),)),
        ((3, 40, 1), "wal", (("warning", "back up daily"),)),
        ((3, 34, 1), "wal", (("bad", "too old"),)),
        ((3, 53, 0), "delete", (("warning", "disk of this machine"),)),
    ],
)
def test_sqlite(version: tuple[int, int, int], journal: str, expected: tuple[tuple[str, str], ...]) -> None:
    assert_told(of_sqlite(version, journal), *expected)


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        ({"redis_version": "7.2.4", "maxmemory_policy": "noeviction", "maxmemory": "0", "role": "master"}, ()),
        (
            {"redis_version": "7.2.4", "maxmemory_policy": "allkeys-lru", "maxmemory": "9"},
            (("warning", "thrown out"),),
        ),
        (
            {"redis_version": "7.2.4", "maxmemory_policy": "volatile-ttl", "maxmemory": "0"},
            (("warning", "noevict"),),
        ),
        ({"redis_version": "4.0.14"}, (("bad", "too old"),)),
        ({"redis_version": "7.2.4", "role": "slave"}, (("bad", "copy"),)),
        ({"redis_version": "unstable"}, ()),
    ],
)
def test_redis(info: Mapping[str, str], expected: tuple[tuple[str, str], ...]) -> None:
    assert_told(of_redis(info), *expected)


@pytest.mark.parametrize(
    ("ahead", "within", "state"),
    [
        (0.2, 0.01, "good"),
        (-4, 0, "good"),
        (6.2, 1.5, "good"),
        (12, 0, "warning"),
        (-61, 0, "bad"),
        (86_400, 1.5, "bad"),
    ],
)
def test_the_clock(ahead: float, within: float, state: str) -> None:
    found = of_clock(ahead, "a time server", within)
    assert found.state == state
    assert state == "good" or ("ahead" if ahead > 0 else "behind") in found.said


@pytest.mark.parametrize(
    ("free", "total", "entries", "state"),
    [
        (80 * GIB, 250 * GIB, None, "good"),
        (1.5 * GIB, 4 * GIB, 10**6, "good"),
        (1.5 * GIB, 250 * GIB, 10**6, "warning"),
        (0.2 * GIB, 4 * GIB, 10**6, "bad"),
        (80 * GIB, 250 * GIB, 12, "bad"),
    ],
)
def test_the_disk(free: float, total: float, entries: int | None, state: str) -> None:
    assert of_disk("/var/dayletter", int(free), int(total), entries).state == state


def test_a_python_with_holes_names_each_and_where_it_is_mended() -> None:
    found = of_python((3, 11, 7), ["CVE-2024-6923", "CVE-2026-1299"], TODAY)
    assert_told(found, ("warning", "mended in 3.11.10"), ("warning", "mended in 3.11.15"))
    assert_told(of_python((3, 11, 18), [], TODAY))
    assert_told(of_python((3, 11, 18), [], date(2028, 1, 1)), ("warning", "3.14"))


@pytest.mark.parametrize(
    ("used", "unknown", "expected"),
    [
        ("2026b", [], ()),
        ("2025c", [], (("warning", "older than 2026b"),)),
        ("2026b", ["Mars/Olympus"], (("bad", "Mars/Olympus"),)),
        ("", [], ()),
    ],
)
def test_time_zones(used: str, unknown: list[str], expected: tuple[tuple[str, str], ...]) -> None:
    packaged = ZoneData("2026b", "the package tzdata")
    assert_told(of_zones(ZoneData(used, "the system's"), packaged, unknown, TODAY), *expected)


def test_time_zones_that_both_are_old() -> None:
    old = ZoneData("2026b", "the package tzdata")
    assert_told(of_zones(old, old, [], date(2028, 3, 1)), ("warning", "Update"))


WELL = MailsNow("", 0, 0, 0, 0, addresses=1000, closed=12, complained=1)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ()),
        ({"hold": "we are moving"}, (("warning", "dayletter release"),)),
        ({"late": 299.0}, ()),
        ({"late": 1200.0}, (("bad", "20 minutes late"),)),
        ({"late": 90_000.0}, (("bad", "25 hours late"),)),
        ({"late": 1200.0, "hold": "moving"}, (("warning", "moving"), ("warning", "hold to end"))),
        ({"failed": 1}, (("warning", "1 lesson could not"),)),
        ({"failed": 3}, (("warning", "dayletter resend"),)),
        ({"closed": 60}, (("warning", "60 of 1000 addresses"),)),
        ({"closed": 60, "addresses": 80}, ()),
        ({"uncertain": 4, "set_aside": 2}, ()),
    ],
)
def test_mails(changed: dict[str, object], expected: tuple[tuple[str, str], ...]) -> None:
    assert_told(of_mails(replace(WELL, **changed)), *expected)  # type: ignore[arg-type]


ALIVE = b'{"alive": true, "version": "1.2.0"}'


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        (Answered(200, ALIVE, ""), ()),
        (Answered(200, b'{"alive": true, "version": "1.1.0"}', ""), (("warning", "this is 1.2.0"),)),
        (Answered(301, b"", "", "https://www.x.org/healthz"), (("bad", "https://www.x.org/healthz"),)),
        (Answered(200, b"<html>parked", ""), (("warning", "not as a Dayletter"),)),
        (Answered(200, b"[]", ""), (("warning", "not as a Dayletter"),)),
        (Answered(404, ALIVE, ""), (("warning", "answers 404"),)),
        (Answered(502, b"", ""), (("warning", "answers 502"),)),
    ],
)
def test_the_site(answered: Answered, expected: tuple[tuple[str, str], ...]) -> None:
    assert_told([of_answer("https://x.org", answered, "1.2.0")], *expected)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (Seen("TLSv1.3", NOW + timedelta(days=60)), ()),
        (Seen("TLSv1.3", NOW + timedelta(days=20)), (("warning", "ends in 20 days"),)),
        (Seen("TLSv1.2", NOW + timedelta(days=3)), (("bad", "ends in 3 days"),)),
        (Seen("TLSv1.1", NOW + timedelta(days=60)), (("warning", "TLSv1.1"),)),
    ],
)
def test_a_certificate(seen: Seen, expected: tuple[tuple[str, str], ...]) -> None:
    assert_told(of_certificate("TLS", "mail.x.org", seen, NOW), *expected)


@pytest.mark.parametrize(
    ("why", "todo"),
    [
        ("Hostname mismatch, certificate is not valid for 'mail.x.org'.", "another name"),
        ("IP address mismatch, certificate is not valid for '192.0.2.1'.", "another name"),
        ("certificate has expired", "Renew"),
        ("self-signed certificate in certificate chain", "authority"),
        ("unable to get local issuer certificate", "certificates between"),
        ("unsupported protocol", "TLS 1.2"),
    ],
)
def test_tls_that_does_not_come_about_says_what_to_do(why: str, todo: str) -> None:
    found = of_no_certificate("TLS", "mail.x.org", why)
    assert (found.state, why in found.said, todo in found.todo) == ("bad", True, True)
