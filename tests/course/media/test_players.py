"""Addresses of films on other sites, as their own pages offer them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.media.players import encrypted, player, site_name, site_of, start_of

YOUTUBE = "https://www.youtube-nocookie.com/embed/"
KEY = "dQw4w9WgXcQ"


@pytest.mark.parametrize(
    ("address", "plays"),
    [
        (f"https://youtu.be/{KEY}?si=abc&t=90", f"{KEY}?autoplay=1&rel=0&start=90"),
        (f"https://www.youtube.com/watch?v={KEY}&t=1m30s", f"{KEY}?autoplay=1&rel=0&start=90"),
        (f"https://www.youtube.com/watch?v={KEY}&start=90", f"{KEY}?autoplay=1&rel=0&start=90"),
        (f"https://youtu.be/{KEY}#t=90", f"{KEY}?autoplay=1&rel=0&start=90"),
        (f"https://www.youtube.com/watch?v={KEY}&list=PLx&index=2", f"{KEY}?autoplay=1&rel=0"),
        (f"https://www.youtube.com/watch?app=desktop&v={KEY}", f"{KEY}?autoplay=1&rel=0"),
        (f"http://m.youtube.com/watch?v={KEY}", f"{KEY}?autoplay=1&rel=0"),
        (f"HTTPS://WWW.YouTube.com/watch?v={KEY}", f"{KEY}?autoplay=1&rel=0"),
        (f"https://music.youtube.com/watch?v={KEY}", f"{KEY}?autoplay=1&rel=0"),
        (f"https://www.youtube.com/shorts/{KEY}", f"{KEY}?autoplay=1&rel=0"),
        (f"https://www.youtube.com/live/{KEY}?feature=share", f"{KEY}?autoplay=1&rel=0"),
        (f"https://www.youtube-nocookie.com/embed/{KEY}?rel=0", f"{KEY}?autoplay=1&rel=0"),
        (
            "https://www.youtube.com/playlist?list=PLabcdefghijk",
            "videoseries?list=PLabcdefghijk&autoplay=1&rel=0",
        ),
        (
            "https://www.youtube.com/embed/videoseries?list=PLabcdefghijk",
            "videoseries?list=PLabcdefghijk&autoplay=1&rel=0",
        ),
    ],
)
def test_a_film_of_youtube_has_its_player(address: str, plays: str) -> None:
    assert player(address) == YOUTUBE + plays
    assert site_name(address) == "YouTube"


@pytest.mark.parametrize(
    ("address", "plays"),
    [
        ("https://vimeo.com/123456789", "123456789?autoplay=1&dnt=1"),
        ("https://vimeo.com/123456789/abcdef0123", "123456789?autoplay=1&dnt=1&h=abcdef0123"),
        (
            "https://vimeo.com/123456789/abcdef0123?share=copy#t=90s",
            "123456789?autoplay=1&dnt=1&h=abcdef0123#t=90s",
        ),
        (
            "https://player.vimeo.com/video/123456789?badge=0&h=abcdef0123",
            "123456789?autoplay=1&dnt=1&h=abcdef0123",
        ),
        ("https://vimeo.com/channels/staffpicks/123456789", "123456789?autoplay=1&dnt=1"),
        ("https://vimeo.com/showcase/1234567/video/123456789", "123456789?autoplay=1&dnt=1"),
    ],
)
def test_a_film_of_vimeo_has_its_player_and_keeps_its_key(address: str, plays: str) -> None:
    assert player(address) == f"https://player.vimeo.com/video/{plays}"


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://www.loom.com/share/0281766fa2d04bb788eaf19e65135184", "Loom"),
        ("https://www.youtube.com/@somebody", "YouTube"),
        ("https://vimeo.com/ondemand/something", "Vimeo"),
        ("https://www.ted.com/talks/somebody_something", "TED"),
        ("https://open.spotify.com/episode/abc", "Spotify"),
        ("https://tube.example.org/w/9c9de5e8-0a1e-484a-b099-e80766180a6d", "PeerTube"),
        ("https://films.example.org/talk", "films.example.org"),
        ("https://www.example.org/talk.mp4", "example.org"),
        ("https://[broken/talk", ""),
    ],
)
def test_other_films_are_linked_to_by_the_name_of_their_site(address: str, site: str) -> None:
    assert player(address) == ""
    assert site_name(address) == site


@pytest.mark.parametrize(
    "address",
    [
        f"https://img.youtube.com/vi/{KEY}/0.jpg",
        "https://i.vimeocdn.com/video/1.jpg",
        "https://www.youtube.com/img/logo.png?v=2",
        f"https://youtube.com.example.org/watch?v={KEY}",
        f"https://example.org/youtube.com/watch?v={KEY}",
        "https://drive.google.com/uc?export=view&id=abc",
        "media/talk.mp4",
        "articles/a.md",
    ],
)
def test_a_picture_or_a_stranger_is_no_film(address: str) -> None:
    assert site_of(address) is None


def test_an_address_without_its_scheme_is_known_for_what_is_meant() -> None:
    site = site_of(f"youtu.be/{KEY}")
    assert site is not None
    assert site.name == "YouTube"


def test_known_sites_are_reached_by_https() -> None:
    assert encrypted(f"http://youtu.be/{KEY}") == f"https://youtu.be/{KEY}"
    assert encrypted("http://films.example.org/talk") == "http://films.example.org/talk"


def test_a_file_begins_where_its_address_says() -> None:
    assert start_of("media/talk.mp4#t=1:30") == start_of("media/talk.mp4?t=90") == 90


@given(st.text("htps:/[]?#&=.youtbemv@ %4", max_size=40))
def test_no_address_is_an_accident(address: str) -> None:
    assert player(address) == "" or player(address).startswith("https://")
    assert start_of(address) >= 0
    site_name(address)
