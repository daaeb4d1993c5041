"""Files of a course as the site serves them: by their kind, and so that none of them can act on our site."""

import mimetypes
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from werkzeug.wrappers import Response

from course.media.kinds import mime_of
from tests.support.author.films import mp3
from tests.support.world.world import World

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def test_media_are_served_by_their_kind_where_the_machine_knows_no_types(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mimetypes, "guess_type", lambda *_: (None, None))
    media = {row["path"]: row["digest"] for row in world.rows()["media"]}
    for path, digest in media.items():
        with world.app.test_client().get(f"/media/{digest}/any") as answer:
            assert answer.mimetype == mime_of(path)


def published(world: World, **files: bytes) -> dict[str, str]:
    """Publishes files under names with a double underscore for the point; the digests in service, by path."""
    folder = next(world.lessons_dir.iterdir())
    for name, data in files.items():
        (folder / "media" / name.replace("__", ".")).write_bytes(data)
    world.publish()
    return {row["path"]: row["digest"] for row in world.rows()["media"]}


def served(world: World, path: str, digest: str) -> Response:
    with world.app.test_client().get(f"/media/{digest}/{path.rpartition('/')[2]}") as answer:
        assert answer.status_code == 200
        answer.get_data()
        return answer


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("plan__pdf", b"%PDF-1.7"),
        ("plan__xlsx", b"PK\x03\x04"),
        ("plan__csv", b"a;b\n"),
        ("book__epub", b"PK\x03\x04"),
    ],
)
def test_a_document_is_saved_and_never_opened_on_our_site(world: World, name: str, data: bytes) -> None:
    path = f"media/{name.replace('__', '.')}"
    answer = served(world, path, published(world, **{name: data})[path])
    assert answer.headers["Content-Disposition"] == f"attachment; filename={path.removeprefix('media/')}"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_drawing_is_shown_and_can_run_nothing(world: World) -> None:
    answer = served(world, "media/map.svg", published(world, map__svg=SVG)["media/map.svg"])
    assert answer.mimetype == "image/svg+xml"
    assert "Content-Disposition" not in answer.headers or answer.headers["Content-Disposition"].startswith(
        "inline"
    )
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def test_pictures_films_and_sound_stay_in_the_page_with_the_policy_of_all_answers(world: World) -> None:
    media = published(world, talk__mp3=mp3(2))
    for path in ("media/talk.mp3", "media/bowl.jpg", "media/knead.mp4"):
        answer = served(world, path, media[path])
        assert "sandbox" not in answer.headers["Content-Security-Policy"]
        assert "attachment" not in answer.headers.get("Content-Disposition", "")


@pytest.mark.parametrize(("ending", "kind"), [("webp", "WEBP"), ("avif", "AVIF")])
def test_mails_show_new_kinds_of_pictures_as_jpeg_and_pages_as_they_are(
    world: World, ending: str, kind: str, tmp_path: Path
) -> None:
    made = BytesIO()
    Image.new("RGBA", (1600, 900), (200, 30, 30, 128)).save(made, kind)
    folder = next(world.lessons_dir.iterdir())
    lesson = folder / "1-dough-1.md"
    lesson.write_text(lesson.read_text() + f"\n![A photo](media/photo.{ending})\n")
    media = published(world, **{f"photo__{ending}": made.getvalue()})
    copy = served(world, f"media/photo.{ending}.jpg", media[f"media/photo.{ending}.jpg"])
    with Image.open(BytesIO(copy.get_data())) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1068, 601))
        assert picture.getpixel((5, 5)) == pytest.approx((227, 142, 142), abs=4)
    world.enrol()
    mail = world.mails("lesson")[0]
    assert f"/media/{media[f'media/photo.{ending}.jpg']}/photo.{ending}.jpg" in mail.html
    page = world.person.look(f"{world.learn_url()}/dough-1").text
    assert f"/media/{media[f'media/photo.{ending}']}/photo.{ending}" in page
    publications = len(world.rows()["publication"])
    world.publish()
    assert len(world.rows()["publication"]) == publications, "the same draft again stores nothing"


def test_a_copy_is_made_again_where_it_is_missing(world: World) -> None:
    made = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(made, "WEBP")
    digest = published(world, photo__webp=made.getvalue())["media/photo.webp.jpg"]
    (world.runtime.settings.var_dir / "media" / digest).unlink()
    assert served(world, "photo.webp.jpg", digest).mimetype == "image/jpeg"


def test_a_picture_that_cannot_be_read_is_published_as_it_is(world: World) -> None:
    assert "media/photo.webp.jpg" not in published(world, photo__webp=b"RIFF0000WEBP")
