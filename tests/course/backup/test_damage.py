"""A file that is not as it was written is refused before anything is put back, with what is wrong."""

import io
import tarfile
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.backup.container import Writer, check, members
from course.backup.manifest import Damaged, Manifest, as_lines, from_lines, read_manifest

MEDIA = b"the bytes of a film" * 100
MADE = Manifest("2026-03-27T06:00:00+00:00", "0.1.0", "0007", {"learner": ["id", "name"]}, secret=True)


def written() -> bytes:
    file = io.BytesIO()
    writer = Writer(file, 1_774_591_200)
    writer.add("manifest.json", MADE.written())
    writer.add("secret", b"a secret\n")
    writer.add("rows/learner/00000000.jsonl.gz", as_lines([(1, "Ada"), (2, "Bob")]))
    writer.add(f"media/{sha256(MEDIA).hexdigest()}", MEDIA)
    writer.finish()
    return file.getvalue()


WHOLE = written()


def contents(file: bytes) -> list[tuple[str, bytes]]:
    return [(name, content.read()) for name, content in members(io.BytesIO(file))]


def test_a_whole_file_is_taken() -> None:
    check(io.BytesIO(WHOLE))
    assert read_manifest(contents(WHOLE)[0][1]) == MADE


def test_anybody_can_open_it_with_tar_and_check_it_with_sha256sum() -> None:
    with tarfile.open(fileobj=io.BytesIO(WHOLE)) as tar:
        *names, sums = tar.getnames()
        assert sums == "SHA256SUMS"
        found = {name: sha256(content).hexdigest() for name, content in contents(WHOLE) if name in names}
    assert contents(WHOLE)[-1][1].decode() == "".join(f"{digest}  {name}\n" for name, digest in found.items())


@given(st.integers(0, len(WHOLE) - 1))
def test_a_file_that_is_cut_off_anywhere_is_refused(length: int) -> None:
    """But for the zeros that every tar archive ends with."""
    try:
        check(io.BytesIO(WHOLE[:length]))
    except Damaged:
        return
    assert not WHOLE[length:].strip(b"\0")
    assert contents(WHOLE[:length]) == contents(WHOLE)


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_a_byte_that_has_changed_is_noticed_unless_it_means_nothing(place: int, by: int) -> None:
    """Such as the bytes between two members."""
    changed = bytearray(WHOLE)
    changed[place] ^= by
    try:
        check(io.BytesIO(changed))
    except Damaged:
        return
    assert contents(bytes(changed)) == contents(WHOLE)


def test_what_is_damaged_is_named() -> None:
    with pytest.raises(Damaged, match=r"media/[0-9a-f]{64} is damaged"):
        check(io.BytesIO(WHOLE.replace(b"a film", b"a foul", 1)))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no backup"),
        (b"SQLite format 3\0" + b"\0" * 2000, "no backup"),
        (WHOLE[: len(WHOLE) // 2], "cut off"),
        (b"\0" * 10_240, "cut off"),
    ],
    ids=["empty", "a database", "half", "zeros"],
)
def test_what_is_no_backup_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(Damaged, match=said):
        check(io.BytesIO(content))


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "media/../x", "rows/learner/1.jsonl.gz"])
def test_names_of_other_places_are_refused(name: str) -> None:
    file = io.BytesIO()
    writer = Writer(file, 0)
    writer.add(name, b"")
    writer.finish()
    with pytest.raises(Damaged, match="not a part of a backup"):
        check(file)


def test_a_link_is_refused() -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        link = tarfile.TarInfo("secret")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(Damaged, match="not a part of a backup"):
        check(file)


@pytest.mark.parametrize("begin", [b"", b"[]", b"{}", b'{"form": 1, "made_at": ""}', b"\xff"])
def test_a_beginning_that_is_not_ours_is_refused(begin: bytes) -> None:
    with pytest.raises(Damaged, match="does not begin"):
        read_manifest(begin)


def test_a_form_of_later_versions_is_told() -> None:
    with pytest.raises(Damaged, match=r"a newer Dayletter \(9\.0\)"):
        read_manifest(b'{"form": 2, "version": "9.0"}')


@given(st.lists(st.tuples(st.integers(), st.text(st.characters(exclude_categories=())), st.booleans())))
def test_rows_come_back_as_they_were(rows: list[tuple[int, str, bool]]) -> None:
    assert from_lines(as_lines(rows)) == [list(row) for row in rows]
