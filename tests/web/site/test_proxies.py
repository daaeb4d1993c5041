"""Who asks, behind each kind of proxy; nobody can pass for somebody else."""

import pytest

from course.addresses.networks import parse_networks
from web.site.proxies import hops, network_of, read_address, who_asks

NODES = (
    ("203.0.113.6", "203.0.113.6"),
    ("203.0.113.6:41234", "203.0.113.6"),  # Azure's gateway, IIS
    (' "203.0.113.6:41234" ', "203.0.113.6"),
    ("203.0.113.6:_port", "203.0.113.6"),
    ("2001:db8::1", "2001:db8::1"),
    ("[2001:db8::1]", "2001:db8::1"),
    ("[2001:db8::1]:443", "2001:db8::1"),
    ('"[2001:DB8::1]:443"', "2001:db8::1"),
    ("2001:db8::1:443", "2001:db8::1:443"),
    ("::ffff:203.0.113.6", "203.0.113.6"),
    ("[::ffff:203.0.113.6]:41234", "203.0.113.6"),
    ("fe80::1%eth0", "fe80::1"),
    ("[fe80::1%25eth0]:80", "fe80::1"),
    *((unreadable, None) for unreadable in (
        "", " ", "unknown", "_hidden", "_SEVKISEK:80", "localhost", "203.0.113", "203.0.113.256", "203.0.113.006",
        "203.0.113.6:", "203.0.113.6:123456", "203.0.113.6 203.0.113.7", "203.0.113.6/24", "203.0.113.6\0",
        "[203.0.113.6", "[]", "[]:80", "[2001:db8::1]443", "2001:db8:::1", "2001:db8::1]", "http://203.0.113.6",
        "2130706433", "0x7f000001", "127.1", "١٢٧.0.0.1", "." * 5000, ":" * 5000,
    )),
)  # fmt: skip

CHAINS = (
    (None, None, ()),
    ("203.0.113.6", None, ("203.0.113.6",)),
    ("203.0.113.6, 10.0.0.1:80,::1", None, ("203.0.113.6", "10.0.0.1:80", "::1")),
    (" , 203.0.113.6 ,, ", None, ("203.0.113.6",)),
    ("", None, ("",)),
    (" , ", None, ("",)),
    (None, "", ("",)),
    (None, "for=203.0.113.6", ("203.0.113.6",)),
    (None, "for=203.0.113.6;proto=https;by=10.0.0.1, for=10.0.0.2", ("203.0.113.6", "10.0.0.2")),
    (None, 'proto=https; FOR = "[2001:db8::1]:4711"', ('"[2001:db8::1]:4711"',)),
    (None, "for=203.0.113.6, proto=https", ("203.0.113.6", "unknown")),
    (None, "for=", ("unknown",)),
    (None, "203.0.113.6", ("unknown",)),
    (None, 'for="8.8.8.8, for=203.0.113.6', ('"8.8.8.8', "203.0.113.6")),
    ("203.0.113.6", "for=8.8.8.8", ("203.0.113.6",)),
    ("", "for=8.8.8.8", ("",)),
)

ROUTER, CDN = "10.0.0.1", "198.51.100.7"
BEHIND = (
    # Nobody in between.
    ("203.0.113.6", (), "203.0.113.6"),
    ("127.0.0.1", (), "127.0.0.1"),
    ("::ffff:127.0.0.1", (), "127.0.0.1"),
    # A stranger who says so.
    ("203.0.113.6", ("8.8.8.8",), "203.0.113.6"),
    ("203.0.113.6", ("unknown",), "203.0.113.6"),
    ("192.168.0.9", ("8.8.8.8",), "192.168.0.9"),
    # One proxy, on this machine or near by.
    ("127.0.0.1", ("203.0.113.6",), "203.0.113.6"),
    ("::1", ("203.0.113.6:41234",), "203.0.113.6"),
    ("", ("203.0.113.6",), "203.0.113.6"),
    ("::ffff:10.0.0.1", ("[2001:db8::1]:443",), "2001:db8::1"),
    # What the client sent stands before what the proxy added.
    (ROUTER, ("8.8.8.8", "203.0.113.6"), "203.0.113.6"),
    (ROUTER, ("127.0.0.1", "203.0.113.6"), "203.0.113.6"),
    (ROUTER, ("garbage", "203.0.113.6"), "203.0.113.6"),
    # Several proxies.
    ("127.0.0.1", ("203.0.113.6", ROUTER), "203.0.113.6"),
    ("127.0.0.1", ("8.8.8.8", "203.0.113.6", CDN, ROUTER), "203.0.113.6"),
    ("127.0.0.1", ("8.8.8.8", "198.51.101.7", ROUTER), "198.51.101.7"),
    # All are ours: the farthest one asks.
    ("127.0.0.1", ("127.0.0.1",), "127.0.0.1"),
    ("127.0.0.1", (CDN, ROUTER), CDN),
    # Whom nobody can tell.
    ("127.0.0.1", ("unknown",), None),
    ("127.0.0.1", ("",), None),
    ("127.0.0.1", ("203.0.113.6", "unknown"), None),
    (ROUTER, ("203.0.113.6", "_hidden", CDN), None),
    ("nonsense", ("203.0.113.6",), None),
)  # fmt: skip


@pytest.mark.parametrize(("node", "address"), NODES)
def test_a_node_is_read_as_proxies_write_it(node: str, address: str | None) -> None:
    found = read_address(node)
    assert (found and str(found)) == address


@pytest.mark.parametrize(("x_forwarded_for", "forwarded", "expected"), CHAINS)
def test_both_headers_name_each_hop(
    x_forwarded_for: str | None, forwarded: str | None, expected: tuple[str, ...]
) -> None:
    assert hops(x_forwarded_for, forwarded) == expected


@pytest.mark.parametrize(("peer", "said", "asks"), BEHIND)
def test_the_first_who_is_no_proxy_of_ours_asks(peer: str, said: tuple[str, ...], asks: str | None) -> None:
    found = who_asks(peer, said, parse_networks("loopback, 10.0.0.0/8, 198.51.100.0/24"))
    assert (found and str(found)) == asks


def test_whom_nobody_trusts_is_not_believed() -> None:
    assert str(who_asks("127.0.0.1", ("203.0.113.6",), parse_networks("none"))) == "127.0.0.1"
    assert str(who_asks("10.0.0.1", ("203.0.113.6",), parse_networks("loopback"))) == "10.0.0.1"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.6", "203.0.113.6"),
        ("2a02:8000:1:2:3:4:5:6", "2a02:8000:1:2::"),
        ("2a02:8000:1:2:ffff::", "2a02:8000:1:2::"),
        ("2a02:8000:1:3::", "2a02:8000:1:3::"),
    ],
)
def test_a_household_counts_as_one(address: str, network: str) -> None:
    found = read_address(address)
    assert found
    assert network_of(found) == network
