"""Networks of proxies, as operators write them."""

import pytest

from course.addresses.networks import parse_networks

READ: tuple[tuple[str, list[str]], ...] = (
    ("", []),
    ("none", []),
    ("loopback", ["127.0.0.0/8", "::1/128"]),
    ("10.0.0.0/8", ["10.0.0.0/8"]),
    ("10.1.2.3", ["10.1.2.3/32"]),
    ("10.1.2.3/8", ["10.0.0.0/8"]),
    ("2001:db8::1", ["2001:db8::1/128"]),
    (" Loopback,198.51.100.0/24 , 2001:db8::/32,", ["127.0.0.0/8", "::1/128", "198.51.100.0/24", "2001:db8::/32"]),
)

REFUSED = (
    ("everybody", "`private`"),
    ("10.0.0.0/33", "10.0.0.0/8"),
    ("10.0.0", "10.0.0.0/8"),
    ("10.0.0.1:80", "10.0.0.0/8"),
    ("[2001:db8::1]", "10.0.0.0/8"),
    ("10.0.0.1 10.0.0.2", "10.0.0.0/8"),
    ("proxy.example.org", "10.0.0.0/8"),
    ("*", "10.0.0.0/8"),
    ("0.0.0.0/0", "pass for anyone"),
    ("loopback, ::/0", "pass for anyone"),
)


@pytest.mark.parametrize(("text", "networks"), READ)
def test_networks_addresses_and_words_are_read(text: str, networks: list[str]) -> None:
    assert [str(network) for network in parse_networks(text)] == networks


@pytest.mark.parametrize("inside", ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"])
def test_private_is_what_no_stranger_comes_from(inside: str) -> None:
    assert inside in [str(network) for network in parse_networks("private")]


@pytest.mark.parametrize(("text", "advice"), REFUSED)
def test_what_is_no_network_is_named_with_what_to_write(text: str, advice: str) -> None:
    with pytest.raises(ValueError, match=r"`") as refused:
        parse_networks(text)
    assert advice in str(refused.value)
