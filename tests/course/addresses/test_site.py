"""Addresses of sites, and names of hosts, as operators write them."""

import pytest

from course.addresses.hosts import ascii_host
from course.addresses.site import read_site

SITES = (
    ("https://example.org", "https://example.org"),
    ("https://example.org/", "https://example.org"),
    ("HTTPS://Example.ORG:8443", "https://example.org:8443"),
    ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ("http://[::1]:8000", "http://[::1]:8000"),
    ("http://localhost:8000", "http://localhost:8000"),
    ("http://my_app:8000", "http://my_app:8000"),
    ("https://kurs.bücher.example", "https://kurs.xn--bcher-kva.example"),
    ("https://kurs.BÜCHER.example:8443/", "https://kurs.xn--bcher-kva.example:8443"),
    ("https://kurs.xn--bcher-kva.example", "https://kurs.xn--bcher-kva.example"),
    ("https://straße.example", "https://xn--strae-oqa.example"),
    ("https://例え。jp", "https://xn--r8jz45g.jp"),
)

NO_SITES = (
    "courses.example.org", "ftp://example.org", "https://", "https:example.org", "https:///example.org",
    "https://exa mple.org", " https://example.org", "https://exam\tple.org", "https://exam\nple.org",
    "https://exam\u00a0ple.org", "https://b%C3%BCcher.example", "https://example..org", "https://.org",
    "https://-example.org", "https://example.org\\evil", "https://☃.example", "https://" + "a" * 64 + ".org",
    "https://me:secret@example.org", "https://@example.org", "http://[::1", "http://example.org:http",
    "http://example.org:0", "http://example.org:99999", "https://exa<mple.org", 'https://exa"mple.org',
)  # fmt: skip

BELOW = (
    "https://example.org/courses",
    "https://example.org/?a=b",
    "https://example.org#a",
    "https://b.example//x",
)


@pytest.mark.parametrize(("written", "kept"), SITES)
def test_a_site_is_kept_as_links_begin_with_it(written: str, kept: str) -> None:
    assert read_site(written) == kept
    assert kept.isascii()


@pytest.mark.parametrize("written", NO_SITES)
def test_what_is_no_site_is_told_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match=r"`https://courses\.example\.org`\.$"):
        read_site(written)


@pytest.mark.parametrize("written", BELOW)
def test_nothing_may_follow_a_site(written: str) -> None:
    with pytest.raises(ValueError, match="nothing may follow"):
        read_site(written)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("Mail.Example.org", "mail.example.org"),
        ("example.org.", "example.org."),
        ("::1", "::1"),
        ("127.1", "127.1"),
    ],
)
def test_names_and_addresses_are_hosts(host: str, name: str) -> None:
    assert ascii_host(host) == name


@pytest.mark.parametrize("host", ["", ".", "a b", "a\n", "1::2::3", "a:b", ".".join(["a" * 60] * 5), "ü" * 100])
def test_what_no_name_server_could_know_is_no_host(host: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        ascii_host(host)
