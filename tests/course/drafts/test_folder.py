"""Course folders on disk, with all that people leave in them."""

from hashlib import sha256
from pathlib import Path

import pytest

from course.drafts.folder import MAX_TEXT_BYTES, course_slugs, digest_of, read_folder
from course.errors import NotFound
from course.publishing.media_store import find_media, keep_file, place_of


@pytest.fixture
def lessons(tmp_path: Path) -> Path:
    folder = tmp_path / "lessons" / "moving-on"
    (folder / "articles").mkdir(parents=True)
    (folder / "media").mkdir()
    (folder / "course.md").write_text("---\ntitle: T\n---\n")
    (folder / "1-first.md").write_text("---\ntitle: First\n---\nHällo\n", encoding="utf-8")
    (folder / "articles" / "map.md").write_text("---\ntitle: Map\n---\n")
    (folder / "media" / "talk.mp4").write_bytes(b"film")
    return tmp_path / "lessons"


def test_a_folder_gives_its_texts_and_media_by_relative_path(lessons: Path) -> None:
    folder = read_folder(lessons, "moving-on")
    assert set(folder.texts) == {"course.md", "1-first.md", "articles/map.md"}
    assert folder.texts["1-first.md"].endswith("Hällo\n")
    assert folder.media == {"media/talk.mp4": lessons / "moving-on" / "media" / "talk.mp4"}
    assert folder.problems == ()


def test_a_byte_order_mark_and_windows_line_ends_are_taken_off(lessons: Path) -> None:
    (lessons / "moving-on" / "1-first.md").write_bytes(b"\xef\xbb\xbf---\r\ntitle: A\r\n---\r\nB\r\n")
    assert read_folder(lessons, "moving-on").texts["1-first.md"] == "---\ntitle: A\n---\nB\n"


@pytest.mark.parametrize(
    "data",
    [
        b"one\ntwo\nthr\xe4\xe9 latin\n",
        b"one\r\ntwo\r\n\xff\xfeU\0T\0F\0",
        b"one\ntwo\na\0b\n",
        b"1\n2\n\xed\xa0\x80",
    ],
)
def test_what_is_not_utf8_is_told_at_its_line(lessons: Path, data: bytes) -> None:
    (lessons / "moving-on" / "2-second.md").write_bytes(data)
    folder = read_folder(lessons, "moving-on")
    assert [(p.path, p.line, p.code) for p in folder.problems] == [("2-second.md", 3, "DL007")]
    assert "2-second.md" not in folder.texts
    assert "1-first.md" in folder.texts


def test_a_text_of_ten_megabytes_is_told_and_not_read(lessons: Path) -> None:
    (lessons / "moving-on" / "2-second.md").write_bytes(b"x" * 10_000_000)
    (lessons / "moving-on" / "3-third.md").write_bytes(b"x" * MAX_TEXT_BYTES)
    folder = read_folder(lessons, "moving-on")
    assert [(p.path, p.line, p.code) for p in folder.problems] == [("2-second.md", 1, "DL006")]
    assert "3-third.md" in folder.texts


def test_a_link_that_leads_out_of_the_folder_is_told_and_not_followed(lessons: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("secret")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.md").write_text("secret")
    folder = lessons / "moving-on"
    (folder / "2-second.md").symlink_to(secret)
    (folder / "media" / "shadow.jpg").symlink_to("/etc/passwd")
    (folder / "drafts").symlink_to(tmp_path / "elsewhere")
    read = read_folder(lessons, "moving-on")
    assert [(p.path, p.code) for p in read.problems] == [
        ("2-second.md", "DL005"),
        ("drafts", "DL005"),
        ("media/shadow.jpg", "DL005"),
    ]
    assert set(read.texts) == {"course.md", "1-first.md", "articles/map.md"}
    assert set(read.media) == {"media/talk.mp4"}


def test_a_link_within_the_folder_is_followed(lessons: Path) -> None:
    (lessons / "moving-on" / "2-second.md").symlink_to(lessons / "moving-on" / "1-first.md")
    folder = read_folder(lessons, "moving-on")
    assert folder.problems == ()
    assert folder.texts["2-second.md"] == folder.texts["1-first.md"]


def test_a_course_folder_may_itself_be_a_link(lessons: Path, tmp_path: Path) -> None:
    (lessons / "moving-on").rename(tmp_path / "there")
    (lessons / "moving-on").symlink_to(tmp_path / "there")
    folder = read_folder(lessons, "moving-on")
    assert folder.problems == ()
    assert "1-first.md" in folder.texts


def test_links_to_nowhere_and_in_circles_are_told_and_not_followed(lessons: Path) -> None:
    folder = lessons / "moving-on"
    (folder / "gone.md").symlink_to(folder / "nothing.md")
    (folder / "round.md").symlink_to(folder / "round.md")
    (folder / "self").symlink_to(folder)
    read = read_folder(lessons, "moving-on")
    assert [(p.path, p.code) for p in read.problems] == [("gone.md", "DL005"), ("round.md", "DL005")]
    assert set(read.texts) == {"course.md", "1-first.md", "articles/map.md"}


def test_hidden_files_and_what_editors_leave_are_passed_over(lessons: Path) -> None:
    folder = lessons / "moving-on"
    (folder / ".git").mkdir()
    for name in (".git/notes.md", ".draft.md", "1-first.md~", "media/.DS_Store", "media/notes.txt", "cover.png"):
        (folder / name).write_text("x")
    read = read_folder(lessons, "moving-on")
    assert set(read.texts) == {"course.md", "1-first.md", "articles/map.md"}
    assert set(read.media) == {"media/talk.mp4"}


def test_a_folder_named_like_a_text_is_no_text(lessons: Path) -> None:
    (lessons / "moving-on" / "2-second.md").mkdir()
    assert "2-second.md" not in read_folder(lessons, "moving-on").texts


@pytest.mark.parametrize("slug", ["nope", "../lessons/moving-on", "moving-on/articles", "", ".", "/etc"])
def test_an_unknown_course_is_told_with_the_known_ones(lessons: Path, slug: str) -> None:
    with pytest.raises(NotFound, match=r"known are moving-on|did you mean `moving-on`"):
        read_folder(lessons, slug)


def test_without_any_course_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="holds none yet"):
        read_folder(tmp_path / "nowhere", "a")


def test_courses_are_the_folders_with_a_course_page(lessons: Path) -> None:
    (lessons / "empty").mkdir()
    (lessons / "another").mkdir()
    (lessons / "another" / "course.md").touch()
    assert course_slugs(lessons) == ("another", "moving-on")


def test_a_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    data = b"film" * 700_000
    (tmp_path / "film.mp4").write_bytes(data)
    assert digest_of(tmp_path / "film.mp4") == sha256(data).hexdigest()


def test_a_media_file_is_kept_by_its_content_and_once(lessons: Path, tmp_path: Path) -> None:
    film, var = lessons / "moving-on" / "media" / "talk.mp4", tmp_path / "var"
    kept = keep_file(var, film)
    assert (kept.digest, kept.size) == (sha256(b"film").hexdigest(), 4)
    assert place_of(var, kept.digest).read_bytes() == b"film"
    stamp = place_of(var, kept.digest).stat()
    assert keep_file(var, film) == kept
    assert place_of(var, kept.digest).stat() == stamp
    film.write_bytes(b"other film")
    keep_file(var, film)
    assert place_of(var, kept.digest).read_bytes() == b"film"
    assert sorted(path.name for path in (var / "media").iterdir()) == sorted(
        [kept.digest, sha256(b"other film").hexdigest()]
    )


def test_a_machine_that_did_not_publish_finds_the_same_bytes_in_its_own_folder(
    lessons: Path, tmp_path: Path
) -> None:
    digest, var = sha256(b"film").hexdigest(), tmp_path / "var"
    assert find_media(var, lessons, "moving-on", "media/talk.mp4", digest) == place_of(var, digest)
    (lessons / "moving-on" / "media" / "talk.mp4").write_bytes(b"newer")
    assert find_media(var, lessons, "moving-on", "media/talk.mp4", digest) == place_of(var, digest)
    assert find_media(var, lessons, "moving-on", "media/talk.mp4", "0" * 64) is None
    assert find_media(var, lessons, "moving-on", "media/none.mp4", "0" * 64) is None
