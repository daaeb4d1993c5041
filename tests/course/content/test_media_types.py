"""What a medium is, by its name and by its bytes: the same on every machine."""

import mimetypes

import pytest

from course.content.media_types import MEDIA_TYPES, mime_of
from tests.support.world.world import World


@pytest.mark.parametrize(
    ("path", "mime"),
    [("media/talk.mp4", "video/mp4"), ("media/MAP.WEBP", "image/webp"), ("media/a.b.vtt", "text/vtt")],
)
def test_the_ending_says_what_a_file_is_served_as(path: str, mime: str) -> None:
    assert mime_of(path) == mime


def test_both_spellings_of_jpeg_are_the_same() -> None:
    assert MEDIA_TYPES[".jpg"] == MEDIA_TYPES[".jpeg"]


def test_media_are_served_by_their_kind_where_the_machine_knows_no_types(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mimetypes, "guess_type", lambda *_: (None, None))
    media = {row["path"]: row["digest"] for row in world.rows()["media"]}
    for path, digest in media.items():
        with world.app.test_client().get(f"/media/{digest}/any") as answer:
            assert answer.mimetype == mime_of(path)
