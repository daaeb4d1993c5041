"""Files of a course are saved whole or not at all, as their author left them, and never outside the folder."""

import os
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.drafts.files import NEW, Conflict, ReadOnly, file_in, open_text, rename_all, save_text
from course.drafts.uploads import keep_uploads, name_of
from course.errors import NotFound, Refused

NOBODY = 65534
PNG = b"\x89PNG\r\n\x1a\n" + b"pixels" * 10


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "lessons" / "bread"
    folder.mkdir(parents=True)
    (folder / "1-dough.md").write_text("Flour.\nWater.\n")
    (tmp_path / "secret.md").write_text("the secret")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize(
    "raw",
    [
        b"a\nb\n",
        b"a\r\nb\r\n",
        b"a\r\nb",
        b"\xef\xbb\xbfa\nb",
        b"a\nb\r\nc\rd",
        b"",
        b"\n\n  tail  ",
        "Zoë\u2028🍞\f\n".encode(),
    ],
)
def test_opening_and_saving_changes_no_byte(root: Path, raw: bytes) -> None:
    (root / "1-dough.md").write_bytes(raw)
    opened = open_text(root, "1-dough.md")
    saved = save_text(root, "1-dough.md", opened.text.replace("\n", "\r\n"), opened.digest)
    assert (root / "1-dough.md").read_bytes() == raw
    assert saved.digest == opened.digest


@given(st.binary(max_size=60))
def test_no_bytes_are_lost_or_changed_whatever_they_are(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "1-any.md").write_bytes(raw)
    try:
        opened = open_text(folder, "1-any.md")
        save_text(folder, "1-any.md", opened.text.replace("\n", "\r\n"), opened.digest)
    except Refused as problem:
        assert "not UTF-8" in str(problem)
    assert contents(folder) == {"1-any.md": raw}


def test_a_change_keeps_the_files_own_line_ends_and_mark(root: Path) -> None:
    (root / "1-dough.md").write_bytes(b"\xef\xbb\xbfa\r\nb")
    opened = open_text(root, "1-dough.md")
    save_text(root, "1-dough.md", "a\r\nnew\r\nb", opened.digest)
    assert (root / "1-dough.md").read_bytes() == b"\xef\xbb\xbfa\r\nnew\r\nb"


def test_a_save_over_a_newer_version_is_refused_and_both_are_kept(root: Path) -> None:
    opened = open_text(root, "1-dough.md")
    save_text(root, "1-dough.md", "theirs", opened.digest)
    with pytest.raises(Conflict) as refused:
        save_text(root, "1-dough.md", "mine", opened.digest)
    assert refused.value.theirs.text == "theirs"
    assert (root / "1-dough.md").read_text() == "theirs"
    save_text(root, "1-dough.md", "mine, on purpose", refused.value.theirs.digest)
    assert (root / "1-dough.md").read_text() == "mine, on purpose"


def test_of_twenty_who_save_at_once_one_wins(root: Path) -> None:
    opened, won, lost = open_text(root, "1-dough.md"), [], []

    def save(number: int) -> None:
        try:
            save_text(root, "1-dough.md", f"by {number}", opened.digest)
            won.append(number)
        except Conflict:
            lost.append(number)

    threads = [threading.Thread(target=save, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 19)
    assert contents(root) == {"1-dough.md": f"by {won[0]}".encode()}


def test_a_new_file_must_be_new(root: Path) -> None:
    save_text(root, "articles/flour.md", "Milled.", NEW)
    assert (root / "articles/flour.md").read_text() == "Milled."
    with pytest.raises(Conflict):
        save_text(root, "articles/flour.md", "Again.", NEW)


OUTSIDE = [
    "/etc/passwd",
    "../../secret.md",
    "articles/../../../secret.md",
    "..",
    ".",
    "",
    ".git/config",
    "articles/.hidden.md",
    "a\0b.md",
    "..\\secret.md",
    "link.md",
    "linked/secret.md",
    "round/x.md",
    "articles",
    "a" * 5000 + ".md",
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_outside_the_folder_is_read_or_written(root: Path, path: str) -> None:
    (root / "articles").mkdir()
    (root / "link.md").symlink_to(root.parent.parent / "secret.md")
    (root / "linked").symlink_to(root.parent.parent)
    (root / "round").symlink_to(root / "round")
    before = contents(root.parent.parent)
    with pytest.raises((NotFound, Refused)):
        open_text(root, path)
    with pytest.raises((NotFound, Refused)):
        save_text(root, path, "evil", NEW)
    assert contents(root.parent.parent) == before


@given(st.text(st.sampled_from("./\\a\0-"), max_size=12))
def test_whatever_a_path_is_it_stays_inside(tmp_path_factory: pytest.TempPathFactory, path: str) -> None:
    folder = tmp_path_factory.mktemp("walls")
    with suppress(NotFound):
        assert file_in(folder, path).resolve().is_relative_to(folder)


@contextmanager
def full_disk(most: int) -> Iterator[None]:
    """From now on the operating system takes no file of more bytes than this."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_costs_nobody_a_byte(root: Path) -> None:
    opened, before = open_text(root, "1-dough.md"), contents(root)
    with full_disk(100), pytest.raises(Refused, match="disk is full"):
        save_text(root, "1-dough.md", "long " * 1000, opened.digest)
    assert contents(root) == before
    with full_disk(100), pytest.raises(Refused, match="disk is full"):
        keep_uploads(root, {"a.png": BytesIO(PNG + b"x" * 5000)}, replace=False)
    assert contents(root) == before


@contextmanager
def somebody_else() -> Iterator[None]:
    """Without root's right to write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_that_cannot_be_written_to_says_so(root: Path) -> None:
    for folder in (root, *root.parents):
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    root.chmod(0o555)
    opened = open_text(root, "1-dough.md")
    with somebody_else(), pytest.raises(ReadOnly, match="cannot be written to"):
        save_text(root, "1-dough.md", "new", opened.digest)
    with somebody_else(), pytest.raises(ReadOnly):
        rename_all(root, [("1-dough.md", "2-dough.md")])
    root.chmod(0o755)
    assert contents(root) == {"1-dough.md": b"Flour.\nWater.\n"}


def test_a_file_that_is_no_text_is_refused_with_its_line(root: Path) -> None:
    (root / "1-dough.md").write_bytes(b"fine\nfine\n\xff\xfe")
    with pytest.raises(Refused, match="Line 3"):
        open_text(root, "1-dough.md")


def test_ten_megabytes_are_too_many_either_way(root: Path) -> None:
    opened = open_text(root, "1-dough.md")
    with pytest.raises(Refused, match="over 1 MB"):
        save_text(root, "1-dough.md", "x" * 10_000_000, opened.digest)
    (root / "1-dough.md").write_bytes(b"x" * 10_000_000)
    with pytest.raises(Refused, match="over 1 MB"):
        open_text(root, "1-dough.md")


def test_renames_happen_all_or_none(root: Path) -> None:
    (root / "2-bake.md").write_text("Bake.")
    (root / "9-taken.md").write_text("Stays.")
    before = contents(root)
    with pytest.raises(Refused, match="already"):
        rename_all(root, [("1-dough.md", "2-dough.md"), ("2-bake.md", "9-taken.md")])
    assert contents(root) == before
    with pytest.raises(Refused):
        rename_all(root, [("1-dough.md", "2-dough.md"), ("missing.md", "1-missing.md")])
    assert contents(root) == before
    rename_all(root, [("1-dough.md", "2-dough.md"), ("2-bake.md", "1-bake.md")])
    assert sorted(contents(root)) == ["1-bake.md", "2-dough.md", "9-taken.md"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("a.mp4", b"<html><script>alert(1)</script>"),
        ("a.jpg", PNG),
        ("a.vtt", b"not captions"),
        ("a.pdf", b""),
        ("a.webp", b"RIFF0000WAVE"),
    ],
)
def test_an_upload_that_lies_about_its_type_is_refused(root: Path, name: str, data: bytes) -> None:
    with pytest.raises(Refused, match="whatever its name says"):
        keep_uploads(root, {"fine.png": BytesIO(PNG), name: BytesIO(data)}, replace=False)
    assert "media" not in {path.name for path in root.iterdir()}


@pytest.mark.parametrize("name", ["a.mov", "a.html", "a.exe", "a", ".png", "png", "a.png.html", "", "💌.png"])
def test_what_no_course_shows_is_not_taken(name: str) -> None:
    with pytest.raises(Refused):
        name_of(name)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Talk One.MP4", "talk-one.mp4"),
        ("C:\\films\\a.webm", "a.webm"),
        ("../../etc/x.png", "x.png"),
        ("a\r\nb.jpg", "a-b.jpg"),
    ],
)
def test_names_become_good_in_addresses(given: str, kept: str) -> None:
    assert name_of(given) == kept


def test_a_file_is_replaced_only_on_purpose(root: Path) -> None:
    keep_uploads(root, {"a.png": BytesIO(PNG)}, replace=False)
    with pytest.raises(Refused, match="already"):
        keep_uploads(root, {"a.png": BytesIO(PNG + b"new")}, replace=False)
    keep_uploads(root, {"a.png": BytesIO(PNG + b"new")}, replace=True)
    assert (root / "media/a.png").read_bytes().endswith(b"new")
