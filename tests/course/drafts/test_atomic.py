"""Files that change together: all of them or none, wherever the process that changes them is killed."""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from course.content.lesson_identity import Names
from course.drafts.atomic import JOURNAL, UNFINISHED, Stuck, write_whole
from course.drafts.check import check_files
from course.drafts.files import open_text, rename_all, save_text
from course.drafts.folder import digest_of, read_folder
from course.drafts.naming import renamed
from course.drafts.rename import rename_file
from course.drafts.starter import lay_out
from course.drafts.uploads import keep_uploads
from course.errors import DayletterError, NotFound, Refused

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"
FILM, POSTER, CAPTIONS = b"\0\0\0\x20ftypisom", b"\xff\xd8\xff", b"WEBVTT\n"
CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.chmod", "os.rmdir")
Contents = dict[str, bytes]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "lessons" / "bread"
    (folder / "media").mkdir(parents=True)
    (folder / "course.md").write_text("---\ntitle: Bread\n---\n")
    for name in ("1-dough", "2-bake", "3-eat"):
        (folder / f"{name}.md").write_text(f"{name} ![A](media/a.mp4)\n")
    (folder / "media/a.mp4").write_bytes(b"the film of before")
    return folder


def seen(root: Path) -> Contents:
    """As lint, the studio and publishing see it."""
    try:
        folder = read_folder(root.parent, root.name)
    except NotFound:
        return {}
    texts = {path: text.encode() for path, text in folder.texts.items()}
    return texts | {path: file.read_bytes() for path, file in folder.media.items()}


def hidden(root: Path) -> list[str]:
    return [path.name for path in root.rglob(".*")]


def is_killed(step: int, act: Callable[[], None]) -> bool:
    """Whether a process of its own, which acts, was killed before its so-manieth step on the disk."""
    child = os.fork()
    if child == 0:
        steps = iter(range(step))

        def stop(event: str, values: tuple[object, ...]) -> None:
            changes = event in CHANGES or (event == "open" and "x" in str(values[1]))
            if changes and next(steps, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(stop)
        act()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
    return os.WIFSIGNALED(status)


def reorder(root: Path) -> None:
    rename_all(root, [("1-dough.md", "2-dough.md"), ("2-bake.md", "1-bake.md"), ("3-eat.md", "4-eat.md")])


def upload(root: Path) -> None:
    files = {"a.mp4": BytesIO(FILM), "a.jpg": BytesIO(POSTER), "a.vtt": BytesIO(CAPTIONS)}
    keep_uploads(root, files, replace=True)


def rename(root: Path) -> None:
    nobody = Names(frozenset(), {})
    rename_file(
        root,
        "media/a.mp4",
        digest_of(root / "media/a.mp4"),
        lambda folder: renamed(folder.texts, folder.media, "media/a.mp4", "talk", nobody),
    )


def save(root: Path) -> None:
    save_text(root, "1-dough.md", "New words.", open_text(root, "1-dough.md").digest)


def begin(root: Path) -> None:
    lay_out(root.parent, "another", "Another")


@pytest.mark.server
@pytest.mark.parametrize("act", [reorder, upload, rename, save])
def test_wherever_the_process_is_killed_all_has_changed_or_nothing(
    root: Path, act: Callable[[Path], None]
) -> None:
    start, states, step = root.parent.with_name("start"), [], 0
    shutil.copytree(root, start)
    before = seen(root)
    while is_killed(step, lambda: act(root)):
        states.append(seen(root))
        save_text(root, "course.md", "---\ntitle: Bread\n---\n", open_text(root, "course.md").digest)
        assert hidden(root) == [], "nothing is left lying about"
        shutil.rmtree(root)
        shutil.copytree(start, root)
        step += 1
    after = seen(root)
    assert len(states) > 3, "there were moments to be killed at"
    assert before != after
    assert [state for state in states if state not in (before, after)] == []
    assert states == sorted(states, key=lambda state: state == after), "once it has happened it stays"


@pytest.mark.server
def test_of_a_new_course_there_is_all_or_nothing(root: Path) -> None:
    other, step = root.with_name("another"), 0
    while is_killed(step, lambda: begin(root)):
        complete = {"course.md", "1-write-your-first-lesson.md"} <= seen(other).keys()
        assert complete or not other.exists()
        shutil.rmtree(other, ignore_errors=True)
        step += 1
    assert step > 5


def test_who_reads_next_finishes_what_was_begun(root: Path) -> None:
    (root / JOURNAL).write_text(json.dumps([("1-dough.md", "2-dough.md"), ("2-bake.md", "1-bake.md")]))
    (root / "1-dough.md").rename(root / "2-dough.md")
    assert {"1-bake.md", "2-dough.md"} <= seen(root).keys()
    assert hidden(root) == []


def noted(root: Path, *moves: tuple[str, str]) -> None:
    (root / JOURNAL).write_text(json.dumps(moves))


def test_what_was_put_in_the_way_by_hand_stays_and_so_does_what_was_to_go_there(root: Path) -> None:
    before = (root / "1-dough.md").read_text()
    noted(root, ("1-dough.md", "4-dough.md"), ("2-bake.md", "1-bake.md"), ("3-eat.md", "2-eat.md"))
    (root / "4-dough.md").write_text("somebody's own")
    (root / "1-bake.md").mkdir()
    texts = seen(root)
    assert (texts["4-dough.md"], texts["1-dough.md"]) == (b"somebody's own", before.encode())
    assert {"2-bake.md", "2-eat.md"} <= texts.keys()
    assert hidden(root) == []


def test_a_folder_that_was_removed_holds_nothing_up(root: Path) -> None:
    noted(root, (f"media/{UNFINISHED}x", "media/b.jpg"), ("1-dough.md", "gone/1-dough.md"))
    shutil.rmtree(root / "media")
    assert "1-dough.md" in seen(root)
    assert hidden(root) == []


def test_what_the_disk_does_not_let_be_finished_says_what_to_do_and_is_not_published(root: Path) -> None:
    noted(root, ("1-dough.md", "x" * 300), ("2-bake.md", "1-bake.md"))
    for act in (reorder, save):
        with pytest.raises(Stuck, match=r"`1-dough\.md` is still to become `x+`.* \(File name too long\)"):
            act(root)
    assert [problem.code for problem in check_files(read_folder(root.parent, root.name)).errors][:1] == ["DL011"]
    noted(root, ("1-dough.md", "x.md"), ("2-bake.md", "1-bake.md"))
    assert {"x.md", "1-bake.md"} <= seen(root).keys()
    assert "DL011" not in [problem.code for problem in check_files(read_folder(root.parent, root.name)).errors]


@pytest.mark.parametrize(
    "words",
    [
        *('[["../secret.md", "1-x.md"]]', '[["1-dough.md", "../out.md"]]', '[["linked/secret.md", "1-x.md"]]'),
        *('[["/etc/passwd", "1-x.md"]]', '[["1-dough.md", ".."]]', '[["1-dough.md", "a\\u0000b"]]'),
        *("[[1, 2, 3]]", "[[[], {}]]", "7", "", "[", "\xff"),
    ],
)
def test_a_note_that_we_did_not_write_moves_nothing(root: Path, words: str) -> None:
    (root.parent / "secret.md").write_text("the secret")
    (root / "linked").symlink_to(root.parent)
    (root / JOURNAL).write_text(words, encoding="latin-1")
    before = seen(root)
    assert seen(root) == before
    assert (root.parent / "secret.md").read_text() == "the secret"
    assert not (root.parent / "out.md").exists()


def test_a_file_that_cannot_take_its_place_leaves_nothing_behind(root: Path) -> None:
    (root / "in-the-way").mkdir()
    before = {path.name for path in root.iterdir()}
    with pytest.raises(OSError, match="directory"):
        write_whole(root / "in-the-way", [b"words"])
    assert {path.name for path in root.iterdir()} == before


def test_no_lesson_is_lost_where_two_have_the_same_name(root: Path) -> None:
    (root / "2-dough.md").write_text("another")
    before = seen(root)
    with pytest.raises(Refused, match="already"):
        rename_all(root, [("1-dough.md", "2-dough.md"), ("2-dough.md", "1-dough.md")])
    assert seen(root) == before


def test_of_a_film_and_its_captions_none_is_kept_if_one_lies_or_is_too_big(root: Path) -> None:
    before = seen(root)
    for captions in (b"no captions", CAPTIONS + b"x" * 1_100_000):
        with pytest.raises(DayletterError):
            keep_uploads(root, {"b.mp4": BytesIO(FILM), "b.vtt": BytesIO(captions)}, replace=False)
    assert seen(root) == before
    assert hidden(root) == []
