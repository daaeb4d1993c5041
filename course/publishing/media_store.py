"""Published media files, kept by their content: an address never changes what it shows."""

from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from course.drafts.atomic import PIECE, write_whole
from course.drafts.folder import digest_of
from course.media.mail_copies import original_of
from course.publishing.mail_copies import jpeg_of


@dataclass(frozen=True, slots=True)
class Kept:
    digest: str
    size: int


def keep_file(var_dir: Path, file: Path) -> Kept:
    """Copies a file to `VAR_DIR/media`, whole or not at all; does nothing where it is already."""
    digest = digest_of(file)
    target = place_of(var_dir, digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with file.open("rb") as source:
            write_whole(target, iter(partial(source.read, PIECE), b""))
    return Kept(digest, file.stat().st_size)


def keep_copy(var_dir: Path, picture: Path) -> Kept | None:
    """Keeps a copy of a picture as JPEG, as `keep_file` keeps files; None for what cannot be read as a picture."""
    copy = jpeg_of(picture)
    if copy is None:
        return None
    digest = sha256(copy).hexdigest()
    target = place_of(var_dir, digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, (copy,))
    return Kept(digest, len(copy))


def find_media(var_dir: Path, lessons_dir: Path, course: str, path: str, digest: str) -> Path | None:
    """The kept file; on a machine that did not publish, made again from a course folder with the same bytes."""
    target = place_of(var_dir, digest)
    if target.exists():
        return target
    draft = lessons_dir / course / path
    if draft.is_file() and keep_file(var_dir, draft).digest == digest:
        return target
    original = original_of(path)
    picture = lessons_dir / course / original if original else None
    copy = keep_copy(var_dir, picture) if picture and picture.is_file() else None
    return target if copy and copy.digest == digest else None


def place_of(var_dir: Path, digest: str) -> Path:
    return var_dir / "media" / digest
